"""What others wrote, on the pages of the host: every text of the injected corpus in every place leaves the page's structure as it was."""

from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from agent.rendering.harmless import harmless, visible
from evals.injected import texts
from grid_models.actions import Action
from guardrails.proposals import Decision
from guardrails.transitions import Status

SignIn = Callable[[str], TestClient]
TEXTS = texts()
PLAIN = "plain words"


class Structure(HTMLParser):
    """Tags with the names of their attributes, in order; values of attributes that lead or act; and all the words."""

    ACTING = ("href", "src", "action", "data-post", "data-csrf", "class", "id", "style", "name", "type", "data-reason")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[object] = []
        self.words = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [(name, value if name in self.ACTING else "") for name, value in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.words += data


def everywhere(core: Any, words: str, status: Status) -> None:
    """One proposal whose every free text is `words`."""
    asked = core.propose(words, by=words, reason=words, critical=True)
    now = datetime.now(UTC)
    clauses = tuple(
        c.model_copy(update={"element": words, "explanation": words, "requirement": words, "existing": (words,)})
        for c in asked.verdict.clauses
    )
    effect = asked.verdict.effect.model_copy(update={"max_loading_element": (words, words), "worst_outage": (words, words)})
    changes = {"clauses": clauses, "effect": effect, "breakers": ((words, words),), "actions": (Action(kind="open", element=words),)}
    verdict = asked.verdict.model_copy(update=changes)
    decisions = () if status is Status.PENDING else (Decision(person=words, decision="reject", reason=words, at=now),)
    core.put(asked, status=status, verdict=verdict, grid=words, decisions=decisions, outcome_note=words, recheck=verdict)


def page(core: Any, client: TestClient, words: str, status: Status, path: str) -> Structure:
    core.stored.clear()
    core.stopped = f"Writes are stopped by {words}: {words}."
    everywhere(core, words, status)
    response = client.get(path)
    assert response.status_code == 200
    return Structure(response.text)


@pytest.mark.parametrize("path", ["/approvals", "/approvals/list", "/approvals/card/1"])
@pytest.mark.parametrize("status", [Status.PENDING, Status.REJECTED])
def test_no_text_changes_the_structure_of_a_page(core: Any, sign_in: SignIn, path: str, status: Status) -> None:
    """Neither tags nor attributes that lead or act; the words themselves are all there."""
    client = sign_in("sven")
    plain = page(core, client, PLAIN, status, path)
    assert plain.words.count(PLAIN) > 10
    for text in TEXTS:
        found = page(core, client, text.words, status, path)
        assert found.tags == plain.tags, text.id
        assert found.words.count(text.words) >= 8, text.id
    print(f"{path}, {status}: {len(TEXTS)} texts, 0 changes of structure")


def test_no_text_leaves_its_place_in_the_api(core: Any, sign_in: SignIn) -> None:
    """JSON holds it word for word, as JSON, never as a page."""
    client = sign_in("sven")
    for text in TEXTS:
        core.stored.clear()
        everywhere(core, text.words, Status.REJECTED)
        response = client.get("/api/v1/proposals/1")
        assert response.headers["content-type"] == "application/json"
        assert response.json()["reason"] == text.words


def test_no_path_or_value_comes_back_as_a_page(sign_in: SignIn) -> None:
    """What was asked for is echoed in errors: as JSON."""
    client = sign_in("sven")
    for text in TEXTS:
        for response in (
            client.request("GET", f"/nowhere/{quote(text.words, safe='/')}"),
            client.post("/api/v1/alarms/1/acknowledge", json={text.words: 1}),
            client.get("/api/v1/proposals", params={"status": text.words}),
        ):
            assert response.status_code in (404, 422), text.id
            assert response.headers["content-type"] == "application/json", text.id


def test_no_notice_in_the_chat_holds_more_than_words(core: Any, host: FastAPI) -> None:
    """An element's name and a supervisor's reason reach the requester's conversation as markdown: harmless markdown."""
    from agent.web.notices import _text  # chainlit finds its home prepared by the host

    assert host
    for text in TEXTS:
        core.stored.clear()
        everywhere(core, text.words, Status.REJECTED)
        told = _text(core.stored[1])
        assert told == harmless(told) == visible(told), text.id
        assert told.startswith("Proposal 1 (open ")
