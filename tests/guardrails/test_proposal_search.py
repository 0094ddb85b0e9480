"""The list of proposals: what waits is always first, filters and pages are the database's work, and totals count all."""

import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.event import listen, remove

from grid_models.actions import Action
from guardrails.database import open_database
from guardrails.errors import LedgerUnreadable
from guardrails.proposal_search import Wanted
from guardrails.transitions import Status

OPEN_13 = (Action(kind="open", element="Line 6-13 (1)"),)
TAP = (Action(kind="set_tap", element="Trafo Süd", position=3),)


@pytest.fixture
def found(room) -> Callable[..., list[int]]:
    """The numbers that fit some filters, in order."""
    return lambda **filters: [p.id for p in room.ledger.page(Wanted(**filters)).proposals]


def fill(room, finding, total: int, clauses: int) -> None:
    """Of each ten one is rejected, one pending and the others blocked; two grids, two people, thirty lines."""
    for i in range(total):
        kind = i % 10
        proposal = room.submit(
            *(finding(rule=f"r{j}", outcome="pass" if kind < 2 else "fail") for j in range(clauses)),
            by=("olga", "sue")[i % 3 == 0],
            grid=("case14", "case39")[i % 4 == 0],
            actions=(Action(kind="open", element=f"Line {i % 30}"),),
        )
        if kind == 0:
            room.reject(proposal)


def test_what_waits_comes_first(room, finding, found) -> None:
    """However many blocked ones are newer; the nearest deadline on top, then the others, newest first."""
    for _ in range(2):
        room.submit()
        room.clock.advance(minutes=1)
    room.reject(room.submit())
    for _ in range(5):
        room.submit(finding(outcome="fail"))
    assert found() == [1, 2, 8, 7, 6, 5, 4, 3]
    assert [p.id for p in room.ledger.page(limit=2).proposals] == [1, 2]


def test_pages_join_without_gap_or_double(room, finding) -> None:
    """And each knows the total."""
    fill(room, finding, 23, clauses=1)
    pages = [room.ledger.page(limit=5, offset=offset) for offset in range(0, 30, 5)]
    numbers = [p.id for page in pages for p in page.proposals]
    assert sorted(numbers) == list(range(1, 24))
    assert {page.total for page in pages} == {23}
    assert [len(page.proposals) for page in pages] == [5, 5, 5, 5, 3, 0]


def test_filters_by_status_and_grid(room, finding, found) -> None:
    """Several statuses are any of them; filters together are all of them."""
    room.submit()
    room.submit(grid="case39")
    room.submit(finding(outcome="fail"))
    room.reject(room.submit())
    assert found(statuses=(Status.PENDING,)) == [1, 2]
    assert found(statuses=(Status.BLOCKED, Status.REJECTED)) == [4, 3]
    assert found(grid="case39") == [2]
    assert found(grid="case39", statuses=(Status.BLOCKED,)) == []
    assert found(grid="case") == []


def test_filter_by_person_is_who_asked_or_decided(room, found) -> None:
    """Whatever the case of the name."""
    room.submit(by="olga")
    room.reject(room.submit(by="sue"))
    room.submit(by="sam")
    assert found(person="OLGA") == [1]
    assert found(person="Sam") == [3, 2]
    assert found(person="nobody") == []


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("line 6-13", [1]),
        ("OPEN  Line 6-13 (1)", [1]),
        ("trafo SÜD to position 3", [2]),
        ("hv1 switch 28", [2]),
        ("Maintenance", [1, 2, 3]),
        ("what was checked now", [3]),
        ("open line", [1, 3]),
        ("%", []),
        ("_", []),
        ("6/13", []),
        ("'; DROP TABLE aeip_proposal; --", []),
        ("\x00\ud800", []),
    ],
)
def test_text_is_looked_for_as_it_is_shown(room, finding, found, words: str, numbers: list[int]) -> None:
    """In actions, switches, reason and outcome, in any language's capitals; signs that databases treat specially are only signs."""
    room.submit(actions=OPEN_13)
    room.submit(actions=TAP, breakers=(("HV1 Switch 27", "HV1 Switch 28"),))
    stale = room.approve(room.submit())
    room.now_found = (finding(outcome="fail", explanation="What was checked now fails."),)
    room.carry_out(stale)
    assert found(text=words) == numbers


def test_odd_names_fit_nothing(room, found) -> None:
    """What no database holds is no error."""
    room.submit()
    assert found(grid="a\x00\ud800") == found(person="a\x00\ud800") == []


def test_proposals_from_before_the_search_are_found(room, found, database_url: str) -> None:
    """A ledger of an older version: the words are added when somebody looks for some, once."""
    room.submit(actions=OPEN_13)
    with room.engine.begin() as connection:
        connection.execute(text("DROP TABLE aeip_proposal_words"))
    open_database(database_url).dispose()
    assert found(text="6-13") == [1]
    room.submit(actions=OPEN_13)
    assert found(text="6-13") == [1, 2]


def test_a_changed_verdict_is_not_listed(room) -> None:
    """The list shows what fits its hash, or nothing."""
    room.submit()
    with room.engine.begin() as connection:
        connection.execute(text("UPDATE aeip_proposal SET verdict = replace(verdict, '80', '30')"))
    with pytest.raises(LedgerUnreadable, match="audit verify"):
        room.ledger.page()


@pytest.fixture
def questions(room) -> Iterator[list[str]]:
    """Every statement that the database is asked."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    listen(room.engine, "before_cursor_execute", note)
    yield asked
    remove(room.engine, "before_cursor_execute", note)


@pytest.mark.slow
def test_five_hundred_are_listed_and_filtered_in_a_tenth_of_a_second(room, finding, questions) -> None:
    """A page of fifty of 500 with thirty clauses each, of processor time, with seven questions at most. About 10 ms were measured."""
    fill(room, finding, 500, clauses=30)
    filters = ({}, {"statuses": (Status.PENDING,)}, {"grid": "case39"}, {"person": "sam"}, {"text": "open line 29"})
    totals = []
    for wanted in (Wanted(**f) for f in filters):
        took = []
        for _ in range(3):  # the collector of garbage may walk over all that other tests left
            questions.clear()
            began = time.process_time()
            listed = room.ledger.page(wanted)
            took.append(time.process_time() - began)
        assert min(took) < 0.1, wanted
        assert len(questions) <= 10
        assert len(listed.proposals) == min(listed.total, 50)
        totals.append(listed.total)
    assert totals == [500, 50, 125, 50, 16]
