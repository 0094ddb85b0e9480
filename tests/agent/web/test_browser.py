"""What people see: an operator and a supervisor in two browsers on the real host, from the question to the executed order."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

pytestmark = pytest.mark.browser

_CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
# Chromium's own calls home are off, so that a request to an outside host is the product's fault.
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_WAIT_MS = 30_000  # the machines that run this are shared


class Host:
    """`aeip chat` in a process of its own, on a free port and a fresh data folder."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.passwords: dict[str, str] = {}
        assert process.stdout is not None
        for line in process.stdout:
            if account := re.match(r"Created account '(\w+)' .*: (\S+)$", line):
                self.passwords[account[1]] = account[2]
            if served := re.match(r"AEIP serves (\S+)", line):
                self.url = served[1]
                return
        raise AssertionError("the host ended without serving")


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory, grid_cache: Path) -> Iterator[Host]:
    data = tmp_path_factory.mktemp("data")
    grid_cache.mkdir(parents=True, exist_ok=True)
    (data / "grids").symlink_to(grid_cache)
    command = [sys.executable, "-m", "agent.cli.main", "chat", "--port", "0", "--data-dir", str(data)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AEIP_", "CHAINLIT_"))}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        yield Host(process)
        process.terminate()
        assert process.wait(timeout=30) == 0, "a stopped host gives its plant back and ends in order"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=_CHROMIUM, args=_FLAGS)
        yield found
        found.close()


@pytest.fixture
def outside(host: Host) -> list[str]:
    """Every request of any page to another host than ours."""
    return []


def signed_in(browser: Browser, host: Host, name: str, outside: list[str]) -> Page:
    """A person's own browser context, with the chat ready to type."""
    context: BrowserContext = browser.new_context(viewport={"width": 1300, "height": 900})

    def watch(request: Request) -> None:
        if not request.url.startswith((host.url, host.url.replace("http", "ws"), "data:", "blob:")):
            outside.append(request.url)

    context.on("request", watch)
    page = context.new_page()
    page.goto(f"{host.url}/chat/")
    page.locator("input").first.fill(name)
    page.locator("input[type=password]").fill(host.passwords[name])
    page.keyboard.press("Enter")
    expect(page.locator("#chat-input")).to_be_visible(timeout=_WAIT_MS)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)  # a message typed before Chainlit's socket is up is lost, and nothing on the page shows the socket
    return page


def say(page: Page, words: str) -> None:
    page.locator("#chat-input").click()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_from_the_question_to_the_executed_order(host: Host, browser: Browser, outside: list[str]) -> None:
    """Worst outages, a request, the card at the supervisor's without reload, one click, the result at the operator's; then a refusal."""
    supervisor = signed_in(browser, host, "supervisor", outside)
    supervisor.goto(f"{host.url}/approvals")
    expect(supervisor.get_by_text("live", exact=True).first).to_be_visible(timeout=_WAIT_MS)

    operator = signed_in(browser, host, "operator", outside)
    say(operator, "Which single outage hurts most right now?")
    expect(operator.get_by_text("Losing HV1 Line").first).to_be_visible(timeout=_WAIT_MS)
    expect(operator.locator(".js-plotly-plot").first).to_be_visible(timeout=_WAIT_MS)

    say(operator, "Please open HV1 Line 14 for maintenance")
    approve = supervisor.get_by_role("button", name=re.compile("^Approve"))
    expect(approve).to_be_visible(timeout=_WAIT_MS)
    expect(supervisor.get_by_text("HV1 Switch 55, HV1 Switch 57").first).to_be_visible()
    expect(supervisor.get_by_text("for maintenance").first).to_be_visible()
    approve.click()
    expect(operator.get_by_text(re.compile(r"Proposal \d+ \(open HV1 Line 14\) was executed")).first).to_be_visible(timeout=_WAIT_MS)

    say(operator, "Open HV1 Line 12")
    expect(operator.get_by_text(re.compile(r"It would take (9|10)\.\d MW of load off supply")).first).to_be_visible(timeout=_WAIT_MS)
    expect(operator.get_by_text(re.compile(r"It would cut off 37\.\d MW of generation")).first).to_be_visible()
    expect(supervisor.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)
    assert outside == []


def test_an_operator_sees_the_queue_but_no_button(host: Host, browser: Browser, outside: list[str]) -> None:
    """The page tells the requester why they cannot decide; the server would refuse anyway."""
    operator = signed_in(browser, host, "operator", outside)
    say(operator, "set the tap of HV1 Trafo 1 to position 2")
    expect(operator.get_by_text("waits for approval").first).to_be_visible(timeout=_WAIT_MS)
    operator.goto(f"{host.url}/approvals")
    expect(operator.get_by_text(re.compile("set the tap of HV1 Trafo 1 to position 2", re.IGNORECASE)).first).to_be_visible(
        timeout=_WAIT_MS
    )
    expect(operator.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)
    operator.get_by_label("Text").fill("no such line")
    operator.get_by_role("button", name="Filter", exact=True).click()
    expect(operator.get_by_text("No waiting proposal fits the filter.")).to_be_visible(timeout=_WAIT_MS)
    expect(operator).to_have_title(re.compile(r"^\(\d+\) "))  # what a filter leaves out is counted all the same
    expect(operator.get_by_label("Text")).to_have_value("no such line")
    assert outside == []


def test_a_long_study_shows_its_progress_and_can_be_stopped(host: Host, browser: Browser, outside: list[str]) -> None:
    """All pairs of a large grid are counted up; the stop button ends them with a sentence, and the next question is answered as usual."""
    operator = signed_in(browser, host, "operator", outside)
    say(operator, "Run an N-2 in case2869pegase")
    counted = operator.get_by_text(re.compile(r"contingency_analysis: \d+ of \d{7,}")).first
    expect(counted).to_be_visible(timeout=2 * _WAIT_MS)  # the grid is converted first
    operator.locator("#stop-button").click()
    expect(operator.get_by_text(re.compile(r"\bstopped\b")).first).to_be_visible(timeout=_WAIT_MS)

    # A conversation answers one question at a time: this one would wait for a study that went on. In the table, each step of the way.
    say(operator, "What is the path from bus 5 to bus 16 in case39?")
    rows = operator.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(1 + 4, timeout=_WAIT_MS)
    expect(rows.nth(1)).to_contain_text("Line 4-5 (1)")
    expect(rows.nth(4)).to_contain_text("Line 15-16 (1)")
    expect(operator.get_by_text(re.compile(r"pairs (solved|screened|break)"))).to_have_count(0)
    assert outside == []


def test_a_wrong_password_is_told_and_stays_outside(host: Host, browser: Browser) -> None:
    """No session, no traceback."""
    page = browser.new_context().new_page()
    page.goto(f"{host.url}/chat/")
    page.locator("input").first.fill("operator")
    page.locator("input[type=password]").fill("wrong-wrong")
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    expect(page.locator("input[type=password]")).to_be_visible()
    assert "Traceback" not in page.content()


def test_everybody_sees_the_stop_and_a_supervisor_resumes(host: Host, browser: Browser, outside: list[str]) -> None:
    """Two clicks stop; the other page says so without reload and keeps what is typed; a reason lets writes go on."""
    supervisor = signed_in(browser, host, "supervisor", outside)
    operator = signed_in(browser, host, "operator", outside)
    for page in (supervisor, operator):
        page.goto(f"{host.url}/approvals")
        expect(page.get_by_text("live", exact=True).first).to_be_visible(timeout=_WAIT_MS)

    confirm = operator.get_by_role("button", name="Yes, stop all writes now")
    expect(confirm).to_be_hidden()
    operator.get_by_text("Stop all writes").first.click()
    confirm.click()
    for page in (operator, supervisor):
        expect(page.get_by_text("Writes are stopped by operator").first).to_be_visible(timeout=_WAIT_MS)
    expect(operator.locator("#switch form")).to_have_count(0)

    supervisor.get_by_text("Resume writes …").click()
    reason = supervisor.locator("#switch input[name=reason]")
    resume = supervisor.locator("#switch button[value=resume]")
    resume.click()
    expect(supervisor.get_by_text("Writes are stopped by operator").first).to_be_visible()  # the browser asks for the reason
    reason.fill("drill is over")
    resume.click()
    for page in (operator, supervisor):
        expect(page.get_by_text("Stop all writes").first).to_be_visible(timeout=_WAIT_MS)
    expect(supervisor.get_by_text("Writes run again: drill is over.")).to_be_visible()
    expect(operator.get_by_text("Writes are stopped").locator("visible=true")).to_have_count(0, timeout=_WAIT_MS)
    assert outside == []


def test_a_passage_opens_beside_the_answer(host: Host, browser: Browser, outside: list[str]) -> None:
    """A question about a code is answered by a quote; the clause's name opens the whole passage with the quoted sentences highlighted."""
    operator = signed_in(browser, host, "operator", outside)
    say(operator, "What does article 35 of SO GL say?")
    quote = operator.locator("blockquote").first
    expect(quote).to_be_visible(timeout=2 * _WAIT_MS)  # the first search reads the knowledge base
    said = quote.inner_text().strip()
    operator.locator("a.element-link", has_text="Article 35").first.click()
    panel = operator.locator("#side-view-content")
    expect(panel).to_be_visible(timeout=_WAIT_MS)
    highlighted = " ".join(panel.locator(".font-bold").all_inner_texts())
    assert " ".join(said.split()).replace(" … ", " ") in " ".join(highlighted.split())
    assert len(panel.inner_text()) > len(said)
    say(operator, "What are the five safety rules?")
    expect(panel).to_contain_text("EN 50110-1", timeout=_WAIT_MS)
    expect(panel).not_to_contain_text("Article 35")  # each answer's own passages, not those of earlier ones under its name
    assert outside == []
