"""The approvals page: what a supervisor reads, what others may do on it, and that it needs nothing from outside."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from grid_models.actions import Action, ActionKind
from grid_models.errors import AeipError
from guardrails.basis import Basis, BasisCall
from guardrails.people import Person, Role
from guardrails.proposals import Step
from guardrails.transitions import Status

SignIn = Callable[[str], TestClient]


def article(page: str, proposal_id: int) -> str:
    """One card's HTML."""
    found = re.search(rf'<article [^>]*id="proposal-{proposal_id}".*?</article>', page, re.DOTALL)
    assert found is not None
    return found.group()


def test_strangers_are_sent_to_the_sign_in(anonymous: TestClient) -> None:
    """And back to the page afterwards."""
    response = anonymous.get("/approvals", headers={"Accept": "text/html"}, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/chat/login?next=/approvals"


def test_no_page_links_to_the_outside(core: Any, sign_in: SignIn) -> None:
    """The chat's page and ours work without any network but the host."""
    core.propose()
    client = sign_in("sven")
    for path in ("/chat/", "/chat/login", "/approvals", "/approvals/card/1", "/approvals/record/1"):
        page = client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 200
        assert "http://" not in page.text
        assert "https://" not in page.text


def test_every_file_the_page_needs_is_served(sign_in: SignIn) -> None:
    """Links and scripts of both pages lead to files of this host."""
    client = sign_in("sven")
    for path in ("/approvals", "/chat/"):
        for link in re.findall(r'(?:href|src)="(/[^"#]*)"', client.get(path, headers={"Accept": "text/html"}).text):
            assert client.get(link).status_code == 200, link


def test_a_card_shows_all_that_a_decision_needs(core: Any, sign_in: SignIn) -> None:
    """Action, switches, effect, every clause with its numbers in words and symbols, existing violations, reason and requester."""
    core.propose("HV1 Line 14", by="olga", reason="tree near the line")
    card = article(sign_in("sven").get("/approvals").text, 1)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card)).replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        "Open HV1 Line 14",
        "HV1 Switch 27, HV1 Switch 28",
        "asked by olga",
        "tree near the line",
        "Highest loading 78.6 % HV1 Line 75 78.6 % HV1 Line 75",
        "Losses 31.2 MW 31.3 MW",
        "✓ pass",
        "▲ warning",
        "1.116 1.100 −0.016 pu",
        "78.6 was 77.1 100.0 21.4 %",
        "2 existing violations, not caused by this",
        "66 nodes of 110 kV above 1.1 pu",
        "2 rules do not apply",
    ):
        assert part in text, part


def test_a_card_says_what_is_at_risk_where_it_came_from_and_what_leads_back(core: Any, sign_in: SignIn) -> None:
    """Load and generation of the worst outages, the studies before it, the rules' version, and the orders that take it back."""
    basis = Basis(
        question="<b>open</b> line 14",
        brain="embedded",
        version="0.1.0",
        calls=(BasisCall(id="E1", tool="power_flow", headline="No branch is overloaded."),),
    )
    core.put(core.propose(), basis=basis)
    card = article(sign_in("sven").get("/approvals").text, 1)
    for told in (
        "most lost by one outage",
        "20.3",
        "37.3",
        "1 study before it",
        "E1 power_flow: No branch is overloaded.",
        "embedded 0.1.0",
    ):
        assert told in card
    assert "rules entsoe-continental" in card
    assert "&lt;b&gt;open&lt;/b&gt; line 14" in card
    assert re.search(r"To take it back:</span> close HV1 Line 14", card)


def test_a_record_can_be_read_as_a_page_and_by_programs(core: Any, sign_in: SignIn) -> None:
    """Who had which verdict in front of them, and what the plant showed; linked once it is decided."""
    proposal = core.propose()
    client = sign_in("sven")
    assert "/approvals/record/1" not in client.get("/approvals").text
    core.decide(1, Person(name="sven", role=Role.SUPERVISOR), "approve", verdict_hash=proposal.verdict_hash, reason="calm <night>")
    assert "/approvals/record/1" in client.get("/approvals").text
    page = client.get("/approvals/record/1").text
    for told in (proposal.verdict_hash, "sven had verdict", "calm &lt;night&gt;", "commanded 0.0, shown 0.0", "close HV1 Line 14"):
        assert told in page
    found = client.get("/api/v1/proposals/1/record").json()
    assert (found["proposal"]["id"], found["read_back"][0]["shown"]) == (1, 0.0)
    assert client.get("/api/v1/proposals/99/record").status_code == 404


def test_a_supervisor_gets_one_click_to_approve_and_one_for_each_reason(core: Any, sign_in: SignIn) -> None:
    core.propose()
    card = article(sign_in("sven").get("/approvals").text, 1)
    assert len(re.findall(r'value="approve"', card)) == 1
    assert len(re.findall(r'value="reject" data-reason="[^"]+"', card)) >= 3
    assert "typed_name" not in card
    assert core.stored[1].verdict_hash in card


def test_critical_changes_ask_for_the_element_s_name(core: Any, sign_in: SignIn) -> None:
    """And say how many of the two approvals there are."""
    core.propose("HV1 Line 12", critical=True)
    card = article(sign_in("sven").get("/approvals").text, 1)
    assert 'name="typed_name"' in card
    assert 'data-accepts="HV1 Line 12"' in card
    assert "0 of 2 approvals" in card


@pytest.mark.parametrize(
    ("name", "why", "withdraws"),
    [("olga", "olga requested proposal 1 and cannot decide on it", True), ("vera", "and may not decide on proposal 1", False)],
)
def test_others_read_why_they_cannot_decide(core: Any, sign_in: SignIn, name: str, why: str, withdraws: bool) -> None:
    """The page is read-only for them; the requester may withdraw."""
    core.propose(by="olga")
    card = article(sign_in(name).get("/approvals").text, 1)
    assert why in card
    assert 'value="approve"' not in card
    assert ("/withdrawal" in card) is withdraws


def test_what_people_typed_is_never_markup(core: Any, sign_in: SignIn) -> None:
    """Reasons and element names are shown as they were typed."""
    core.propose("<img src=x>", reason="<script>alert(1)</script>", critical=True)
    for path in ("/approvals", "/approvals/card/1"):
        page = sign_in("sven").get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_decided_proposals_are_in_the_second_list_with_their_outcome(core: Any, sign_in: SignIn) -> None:
    """Blocked ones were never in the queue and are in none of the lists."""
    core.put(core.propose("HV1 Line 1"), status=Status.STALE, outcome_note="HV1 Line 75 rose to 103.2 %.")
    core.put(core.propose("HV1 Line 2"), status=Status.BLOCKED)
    core.propose("HV1 Line 3")
    waiting, decided = sign_in("sven").get("/approvals/list").text.split('data-list="decided"')
    assert "HV1 Line 3" in waiting
    assert "HV1 Line 1" in decided
    assert "rose to 103.2 %" in decided
    assert "HV1 Line 2" not in waiting + decided


def numbers(page: str, which: str) -> list[int]:
    """The cards of one of the two lists."""
    part = page.split(f'data-list="{which}"')[1].split("data-list")[0]
    return [int(found) for found in re.findall(r'id="proposal-(\d+)"', part)]


def test_what_waits_is_shown_however_many_were_blocked_since(core: Any, sign_in: SignIn) -> None:
    """The page asks for what waits, not for the newest."""
    core.propose()
    for _ in range(150):
        core.put(core.propose(), status=Status.BLOCKED)
    assert numbers(sign_in("sven").get("/approvals").text, "waiting") == [1]


def test_decided_ones_have_pages(core: Any, sign_in: SignIn) -> None:
    """Thirty each; the links keep the filter, and the count is that of all."""
    for i in range(65):
        core.put(core.propose(by="sara" if i % 2 else "olga"), status=Status.REJECTED)
    client = sign_in("sven")
    first = client.get("/approvals").text
    assert (numbers(first, "decided")[0], len(numbers(first, "decided"))) == (65, 30)
    assert '<span class="count">65</span>' in first
    assert "Page 1 of 3" in first
    older = re.findall(r'<a href="([^"]*)" rel="next"', client.get("/approvals?person=sara").text)[0].replace("&amp;", "&")
    assert older == "/approvals?person=sara&page=2"
    assert numbers(client.get(older).text, "decided") == [4, 2]
    assert 'rel="next"' not in client.get(older).text
    assert numbers(client.get("/approvals?page=99").text, "decided") == []
    assert 'href="/approvals?page=3" rel="prev"' in client.get("/approvals?page=99").text


def test_a_filter_says_how_many_wait_beside_it(core: Any, sign_in: SignIn) -> None:
    """Status is for decided ones, blocked ones included; what waits is never left out without saying so."""
    core.propose("HV1 Line 7", reason="bird's <nest>")
    core.propose("HV1 Line 9")
    core.put(core.propose("HV1 Line 11"), status=Status.BLOCKED)
    client = sign_in("sven")
    page = client.get("/approvals", params={"text": "bird's <nest>"}).text
    assert numbers(page, "waiting") == [1]
    assert '<span class="count">1 of 2</span>' in page
    assert 'data-list="waiting" data-total="2"' in page
    assert 'value="bird&#39;s &lt;nest&gt;"' in page
    for query in ("status=blocked", "status=blocked&text="):
        blocked = client.get(f"/approvals/list?{query}").text
        assert (numbers(blocked, "waiting"), numbers(blocked, "decided")) == ([1, 2], [3])
    assert client.get("/approvals?status=asleep").status_code == 422
    assert client.get("/approvals?page=0").status_code == 422


def test_more_than_a_page_of_waiting_ones_is_said(core: Any, sign_in: SignIn) -> None:
    """The nearest deadlines are shown and the rest is counted."""
    for _ in range(103):
        core.propose()
    page = sign_in("sven").get("/approvals").text
    assert numbers(page, "waiting") == list(range(1, 101))
    assert "3 more wait" in page


def test_an_unchanged_card_keeps_its_digest(core: Any, sign_in: SignIn) -> None:
    """The page exchanges only cards whose digest changed, so that open folds and typed words stay."""
    core.propose()
    core.propose("HV1 Line 7")
    client = sign_in("sven")

    def digests() -> list[str]:
        return re.findall(r'data-digest="(\w+)"', client.get("/approvals/list").text)

    before = digests()
    core.put(core.stored[2], status=Status.REJECTED)
    after = digests()
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_several_actions_are_listed_in_order(core: Any, sign_in: SignIn) -> None:
    actions = (Action(kind=ActionKind.CLOSE, element="HV1 Line 7"), Action(kind=ActionKind.OPEN, element="HV1 Line 14"))
    proposal = core.propose()
    verdict = proposal.verdict.model_copy(update={"actions": actions, "breakers": (("A",), ("B", "C"))})
    core.put(proposal, actions=actions, verdict=verdict)
    card = article(sign_in("sven").get("/approvals").text, 1)
    assert card.index("close HV1 Line 7<small>moves A</small>") < card.index("open HV1 Line 14<small>moves B, C</small>")


def test_a_failed_execution_says_which_steps_were_done(core: Any, sign_in: SignIn) -> None:
    """And shows the rules as they were found at that moment."""
    proposal = core.propose()
    now = proposal.created_at
    steps = (
        Step(index=0, key="1-0", status="done", note="", started_at=now, finished_at=now),
        Step(index=1, key="1-1", status="failed", note="the breaker did not answer", started_at=now, finished_at=now),
    )
    core.put(proposal, status=Status.FAILED, steps=steps, actions=proposal.actions * 3, recheck=proposal.verdict)
    card = article(sign_in("sven").get("/approvals").text, 1)
    assert card.count("✓ done") == 1
    assert card.count("✗ failed: the breaker did not answer") == 1
    assert card.count("<li>open HV1 Line 14") == 3
    assert "Rules checked again at execution" in card


def test_a_core_in_trouble_says_so_on_the_page(core: Any, sign_in: SignIn) -> None:
    """The page stays; health is 503."""

    def broken() -> dict[str, Any]:
        raise AeipError("The rules cannot be read.")

    core.health = broken
    client = sign_in("sven")
    assert "The rules cannot be read." in client.get("/approvals").text
    assert client.get("/healthz").status_code == 503


def test_stopped_writes_are_announced_on_top(core: Any, sign_in: SignIn) -> None:
    core.stopped = "Writes are stopped by sara: storm."
    assert "Writes are stopped by sara: storm." in sign_in("sven").get("/approvals").text


def test_the_start_page_is_the_chat_and_health_is_open(anonymous: TestClient) -> None:
    assert anonymous.get("/", follow_redirects=False).headers["location"] == "/chat/"
    assert anonymous.get("/healthz").json()["status"] == "ok"
    response = anonymous.get("/nowhere")
    assert response.status_code == 404
    assert "There is nothing at /nowhere" in response.json()["error"]
