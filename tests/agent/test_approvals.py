"""Decisions through the application, with a running owner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.app import App
from evals.doubles.fresh_app import fresh_app
from evals.doubles.scripted_people import ScriptedPeople
from grid_models.actions import Action
from guardrails.errors import InvalidRule, OwnerElsewhere
from guardrails.proposal_search import Wanted
from guardrails.transitions import Status


@pytest.fixture
def people(tmp_path: Path, grid_cache: Path) -> Iterator[ScriptedPeople]:
    """The shift on a host that runs the default grid."""
    with fresh_app(tmp_path / "data", grid_cache) as app:
        found = ScriptedPeople(app)
        found.hire()
        yield found


def proposed(app: App, element: str, grid: str | None = None) -> int:
    """The number of a pending proposal to open an element."""
    state, source = app.present(grid)
    verdict = app.gate().check(state, [Action(kind="open", element=element)], "maintenance", source)
    return app.ledger.submit(verdict, "maintenance", "olga").id


def test_what_was_done_meanwhile_makes_the_second_order_stale(people: ScriptedPeople) -> None:
    """The outcome differs from the one shown, so nothing is executed and it is shown again."""
    first, second = (proposed(people.app, "HV1 Line 14") for _ in range(2))
    assert people.decide(first, "sven", "approve", "").status is Status.EXECUTED
    stale = people.decide(second, "sven", "approve", "")
    assert stale.status is Status.STALE
    assert stale.steps == ()


def test_an_order_for_another_grid_does_not_lie_in_wait_for_its_plant(people: ScriptedPeople) -> None:
    """Inside a host only its own grid can be written; the proposal stays pending and the person learns why."""
    number = proposed(people.app, "T Line 1", "training")
    with pytest.raises(OwnerElsewhere, match="No plant of 'training' runs here"):
        people.decide(number, "sven", "approve", "")
    assert people.app.proposal(number).status is Status.PENDING


def test_what_waits_is_listed_however_many_were_blocked_since(people: ScriptedPeople) -> None:
    """Notices and pages ask for it: the newest hundred may all be blocked ones."""
    app = people.app
    first = proposed(app, "HV1 Line 14")
    state, source = app.present(None)
    blocked = app.gate().check(state, [Action(kind="open", element="HV1 Line 12")], "maintenance", source)
    assert blocked.blocked
    for _ in range(110):
        app.ledger.submit(blocked, "maintenance", "olga")
    assert [p.id for p in app.proposals()] == [*range(111, 11, -1), first]
    assert [p.id for p in app.proposals(status="pending")] == [first]
    assert len(app.proposals(status="blocked")) == 100
    page = app.proposal_page(people.app.identity.person("olga"), Wanted(), limit=3)
    assert ([p.id for p in page.proposals], page.total) == ([first, 111, 110], 111)


def test_another_grid_forgets_what_it_was(people: ScriptedPeople) -> None:
    """'it' was an element of the grid before; on the new one the assistant asks which element is meant."""
    people.app.ask("tell me about HV1 Line 14", session="s")
    answer = people.app.ask("what if it trips?", session="s", grid="case39")
    assert answer.status == "needs_clarification"
    assert "HV1 Line 14" not in answer.answer


def test_nothing_is_approved_while_the_rules_cannot_be_read(people: ScriptedPeople, monkeypatch: pytest.MonkeyPatch) -> None:
    """An approved order would lie in wait until somebody mends them."""
    number = proposed(people.app, "HV1 Line 14")

    def unreadable(grid: str | None = None) -> None:
        raise InvalidRule("Rule file 'islands.yaml', field 'limits': is missing.")

    monkeypatch.setattr(people.app, "gate", unreadable)
    with pytest.raises(InvalidRule, match=r"islands\.yaml"):
        people.decide(number, "sven", "approve", "")
    assert people.app.proposal(number).status is Status.PENDING
    assert people.decide(number, "sven", "reject", "not now").status is Status.REJECTED


def test_an_order_at_another_plant_time_is_refused_beside_a_running_plant(people: ScriptedPeople) -> None:
    """Studies work there; a verdict on another day would show the approver another world."""
    answer = people.app.ask("open HV1 Line 14", at=30000)
    assert (answer.status, answer.proposals) == ("refused", ())
    assert "Another plant time was asked for" in answer.answer
    assert people.app.ask("what if HV1 Line 14 opened?", at=30000).status == "answered"


def test_what_lies_on_a_grid_that_is_not_here_is_rejected_all_the_same(people: ScriptedPeople, tmp_path: Path) -> None:
    """Proposed on a file's grid by another process: only who would carry it out has to find the grid."""
    app = people.app
    verdict = app.gate().check(app.present()[0], [Action(kind="open", element="HV1 Line 14")], "maintenance")
    number = app.ledger.submit(verdict.model_copy(update={"grid": "elsewhere"}), "maintenance", "olga").id
    with pytest.raises(OwnerElsewhere, match="No plant of 'elsewhere' runs here"):
        people.decide(number, "sven", "approve", "")
    assert people.decide(number, "sven", "reject", "not now").status is Status.REJECTED
