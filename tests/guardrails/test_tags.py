"""Tags: by whom the ledger knows, in the audit, provable, and never for what is not there."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from grid_models.errors import AmbiguousElement, UnknownElement
from guardrails import audit, kill_switch
from guardrails.circumstances import Tag, TagKind
from guardrails.database import open_database, writing
from guardrails.errors import InvalidTag, NotAuthorised, TagNotFound
from guardrails.personnel import give_scope
from guardrails.scope import Scope
from guardrails.tags import StandingTag, lift_tag, set_tag, standing_tags

LINE = "Line 6-12 (1)"


def tag(room, by: str = "olga", element: str = LINE, note: str = "permit 17", kind: TagKind = TagKind.EARTHED) -> StandingTag:
    return set_tag(room.engine, room.plant.model, element, kind, room.person(by), note, now=room.clock())


def lift(room, number: int = 1, by: str = "olga", reason: str = "work is done") -> StandingTag:
    return lift_tag(room.engine, room.plant.model, number, room.person(by), reason, now=room.clock())


def test_a_tag_is_stored_and_audited(room, database_url: str) -> None:
    """With who, when, what for and why; another process reads the same, and so does the gate."""
    made = tag(room)
    assert (made.id, made.element, made.kind, made.person, made.note, made.at) == (1, LINE, "earthed", "olga", "permit 17", room.clock())
    other = open_database(database_url)
    assert standing_tags(other, "case14") == (made,)
    assert standing_tags(other, "case39") == ()
    other.dispose()
    assert made.as_known == Tag(LINE, TagKind.EARTHED, "olga", "permit 17")
    last = list(audit.export(room.engine))[-1]
    assert (last.event, last.person, last.details["element"], last.details["note"]) == ("tag set", "olga", LINE, "permit 17")
    assert audit.verify(room.engine).ok


def test_a_lifted_tag_is_gone_and_its_history_stays(room) -> None:
    """Both events name the tag; its number is never used again."""
    tag(room)
    room.clock.advance(hours=3)
    assert lift(room, by="sam").person == "olga"
    assert standing_tags(room.engine, "case14") == ()
    events = list(audit.export(room.engine))[-2:]
    assert [(e.event, e.person, e.details["id"]) for e in events] == [("tag set", "olga", 1), ("tag lifted", "sam", 1)]
    assert events[-1].details["reason"] == "work is done"
    assert tag(room).id == 2
    assert audit.verify(room.engine).ok


def test_two_crews_on_one_line_have_a_tag_each(room) -> None:
    """Lifting one leaves the other."""
    tag(room)
    tag(room, by="sue", note="permit 18")
    lift(room)
    assert [t.note for t in standing_tags(room.engine, "case14")] == ["permit 18"]


@pytest.mark.parametrize("name", ["local", "vera", "ada", "nobody", ""])
def test_who_does_not_operate_sets_none(room, name: str) -> None:
    """Nor does `local`, whom nobody can call; that they tried is recorded."""
    with pytest.raises(NotAuthorised):
        tag(room, by=name)
    assert standing_tags(room.engine, "case14") == ()
    last = list(audit.export(room.engine))[-1]
    assert (last.event, last.person, last.details["tried"]) == ("tag refused", name, "set")


@pytest.mark.parametrize(("setter", "lifter", "may"), [
    ("olga", "olga", True), ("olga", " OLGA", True), ("olga", "sam", True), ("sam", "sue", True),
    ("sam", "olga", False), ("olga", "ada", False), ("olga", "vera", False), ("olga", "local", False), ("olga", "nobody", False),
])  # fmt: skip
def test_only_the_setter_or_a_supervisor_lifts(room, setter: str, lifter: str, may: bool) -> None:
    """Whatever role the caller claims."""
    tag(room, by=setter)
    if may:
        lift(room, by=lifter)
    else:
        claimed = room.person("sam").model_copy(update={"name": lifter})
        with pytest.raises(NotAuthorised):
            lift_tag(room.engine, room.plant.model, 1, claimed, "done", now=room.clock())
    assert len(standing_tags(room.engine, "case14")) == (0 if may else 1)
    assert audit.verify(room.engine).ok


def test_what_is_not_there_bears_no_tag(room) -> None:
    """The nearest name is offered, never taken."""
    with pytest.raises(UnknownElement, match=r"Line 6-12 \(1\)"):
        tag(room, element="Line 6-1 2")
    assert standing_tags(room.engine, "case14") == ()


def test_of_two_elements_with_one_name_the_kind_is_stored_too(room) -> None:
    """So that the gate finds the very one again; without the kind the person is asked."""
    model = room.plant.model
    room.plant.model = replace(model, loads=replace(model.loads, name=("Bus 2", *model.loads.name[1:])))
    with pytest.raises(AmbiguousElement):
        tag(room, element="Bus 2")
    stored = tag(room, element="load bus 2").element
    assert stored == "load Bus 2"
    assert room.plant.model.registry.find(stored).kind == "load"


def test_a_name_in_other_spelling_is_stored_as_displayed(room) -> None:
    """The gate finds the same element again."""
    assert tag(room, element="line 6-12 (1)").element == LINE


@pytest.mark.parametrize("note", ["", "  \n", "x" * 501, "bell\x07", "nul\x00", "half \ud800"])
def test_a_tag_says_why(room, note: str) -> None:
    """In one printable line, when it is set and when it is lifted."""
    with pytest.raises(InvalidTag):
        tag(room, note=note)
    tag(room)
    with pytest.raises(InvalidTag):
        lift(room, reason=note)
    assert len(standing_tags(room.engine, "case14")) == 1


@pytest.mark.parametrize("number", [0, -1, 2, 2**40])
def test_a_number_that_stands_for_nothing_is_refused(room, number: int) -> None:
    """With where to find those that stand."""
    tag(room)
    with pytest.raises(TagNotFound, match="aeip tags list"):
        lift(room, number)


def test_stopped_writes_do_not_forbid_it(room) -> None:
    """Work goes on while nothing is ordered."""
    kill_switch.stop(room.engine, room.person("olga"), "smoke", now=room.clock())
    tag(room)
    lift(room)
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM aeip_tag", "Tag 1 is not the one its events record: it stands no more"),
        ("UPDATE aeip_tag SET element = 'Line 1-2 (1)'", "Tag 1 is not"),
        ("UPDATE aeip_tag SET note = ''", "Tag 1 is not"),
        (
            "INSERT INTO aeip_tag (id, grid, element, kind, person, note, at) VALUES (9, 'case14', 'x', 'earthed', 'o', 'n', 'a')",
            "Tag 9",
        ),
    ],
)
def test_verify_sees_what_was_changed_behind_the_ledger(room, change: str, says: str) -> None:
    """A tag that was removed or altered by hand contradicts its events."""
    tag(room)
    assert audit.verify(room.engine).ok
    with room.engine.begin() as connection:
        connection.execute(text(change))
    report = audit.verify(room.engine)
    assert not report.ok
    assert says in report.explanation


def test_a_tag_lifted_twice_in_the_audit_is_a_contradiction(room) -> None:
    """Events that cannot be followed are named by their row."""
    tag(room)
    lift(room)
    content = dict(list(audit.export(room.engine))[-1].details)

    with writing(room.engine) as session:
        audit.append(session, "tag lifted", person="olga", at=room.clock(), content=content)
    assert "was lifted in row" in audit.verify(room.engine).explanation


def test_a_tag_outside_of_a_scope_is_neither_set_nor_lifted(room) -> None:
    """No line of the case reaches 300 kV; each refusal is a row of the audit."""
    tag(room, by="sue")
    for name in ("olga", "sam"):
        give_scope(room.engine, name, Scope(min_kv=300), by="ada", now=room.clock())
    with pytest.raises(NotAuthorised, match="olga acts only"):
        tag(room)
    with pytest.raises(NotAuthorised, match="sam may not lift tag 1"):
        lift(room, by="sam")
    last = list(audit.export(room.engine))[-2:]
    assert [(e.event, e.person, e.details["tried"]) for e in last] == [("tag refused", "olga", "set"), ("tag refused", "sam", "lift")]
    assert [t.id for t in standing_tags(room.engine, "case14")] == [1]
    assert audit.verify(room.engine).ok
