"""Authority by area and voltage level: who may propose, decide and have something carried out, and where."""

import pytest
from sqlalchemy import text

from grid_models.actions import Action
from guardrails import audit, people, personnel
from guardrails.errors import LedgerUnreadable, NotAuthorised
from guardrails.people import LOCAL, Role
from guardrails.scope import EVERYWHERE, Scope
from guardrails.touched import touched_by

LOW = Action(kind="open", element="Line 6-12 (1)")  # 0.208 kV in the source
HIGH = Action(kind="open", element="Line 1-2 (1)")  # 135 kV
BELOW_100_KV = Scope(max_kv=100)


@pytest.fixture
def limit(room):
    """Gives a person a scope, as an administrator does."""
    return lambda name, scope: personnel.give_scope(room.engine, name, scope, by="ada", now=room.clock())


def last(room) -> audit.AuditEvent:
    return list(audit.export(room.engine))[-1]


def test_the_two_lines_lie_at_different_levels(room) -> None:
    """What the tests below stand on."""
    low, high = touched_by(room.plant.model, [LOW, HIGH])
    assert (max(low.nominal_kv), high.nominal_kv) == (0.208, (135.0,))


def test_nobody_proposes_outside_their_scope(room, limit) -> None:
    """Inside it is an order like any other; outside it is one sentence, one audit row and no proposal."""
    limit("olga", BELOW_100_KV)
    assert room.submit(actions=[LOW]).status == "pending"
    with pytest.raises(NotAuthorised) as refused:
        room.submit(actions=[LOW, HIGH])
    assert str(refused.value) == (
        "olga acts only at up to 100 kV, and Line 1-2 (1) (135 kV, area 1) lies outside: olga may not propose it."
    )
    assert (last(room).event, last(room).person, last(room).proposal_id) == ("proposal refused", "olga", None)
    assert last(room).details["actions"] == ["open Line 6-12 (1)", "open Line 1-2 (1)"]
    assert [p.id for p in room.ledger.list()] == [1]
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize("choice", ["approve", "reject"])
def test_nobody_decides_outside_their_scope(room, limit, choice: str) -> None:
    """Neither way; a supervisor whose scope holds it can, and the refusal is in the audit."""
    limit("sam", BELOW_100_KV)
    proposal = room.submit(actions=[HIGH])
    with pytest.raises(NotAuthorised, match=r"Line 1-2 \(1\) \(135 kV, area 1\) lies outside: sam may not decide on proposal 1"):
        room.ledger.decide(1, room.person("sam"), choice, proposal.verdict_hash, "because")
    assert (last(room).event, last(room).person) == ("decision refused", "sam")
    assert room.ledger.get(1).status == "pending"
    assert room.carry_out(room.approve(proposal, by="sue")).status == "executed"
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize(("area", "status"), [("1", "pending"), (" 1 ", "pending"), ("North", None)])
def test_areas_are_those_of_the_grid_data(room, limit, area: str, status: str | None) -> None:
    """case14 has one area, called 1."""
    limit("olga", Scope(areas=(area,)))
    if status is None:
        with pytest.raises(NotAuthorised, match="only in area North"):
            room.submit(actions=[LOW])
    else:
        assert room.submit(actions=[LOW]).status == status


def test_an_order_of_which_nothing_is_known_is_nobody_s_who_is_limited(room, limit, judged) -> None:
    """Stored without its places it can be decided by people without limits alone."""
    limit("sam", Scope(min_kv=0.1))
    proposal = room.ledger.submit(judged(actions=[LOW]), "maintenance", "olga")
    with pytest.raises(NotAuthorised, match="not known"):
        room.approve(proposal, by="sam")
    assert room.approve(proposal, by="sue").status == "approved"
    limit("olga", Scope(min_kv=0.1))
    with pytest.raises(NotAuthorised, match="not known"):
        room.ledger.submit(judged(actions=[LOW]), "maintenance", "olga")


def test_local_may_be_limited_too(room, limit) -> None:
    """Else whoever is limited by name would sit down without one."""
    limit("local", BELOW_100_KV)
    assert people.get(room.engine, LOCAL.name).scope == BELOW_100_KV
    with pytest.raises(NotAuthorised, match="local acts only at up to 100 kV"):
        room.submit(by="local", actions=[HIGH])
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda room, now: personnel.give_scope(room.engine, "sam", BELOW_100_KV, **now), "sam acts only at up to 100 kV"),
        (lambda room, now: personnel.give_scope(room.engine, "olga", BELOW_100_KV, **now), "olga acts only at up to 100 kV"),
        (lambda room, now: personnel.change_role(room.engine, "sam", Role.OPERATOR, **now), "sam is operator"),
        (lambda room, now: personnel.change_role(room.engine, "olga", Role.VIEWER, **now), "olga is viewer"),
        (lambda room, now: personnel.remove(room.engine, "sam", **now), "sam is no longer a person"),
        (lambda room, now: personnel.remove(room.engine, "olga", **now), "olga is no longer a person"),
    ],
)
def test_rights_are_judged_again_when_it_is_claimed(room, change, told: str) -> None:
    """Who asked or approved and could not do so now: nothing is executed, and the outcome says why."""
    approved = room.approve(room.submit(actions=[HIGH]))
    change(room, {"by": "ada", "now": room.clock()})
    failed = room.carry_out(approved)
    assert (failed.status, failed.steps, room.plant.executed) == ("failed", (), [])
    assert failed.outcome_note.startswith("Nothing was executed: ")
    assert told in failed.outcome_note
    assert audit.verify(room.engine).ok


def test_both_approvers_of_a_critical_change_are_judged_again(room, finding) -> None:
    """The first of them as well."""
    critical = room.submit(finding(critical=True), actions=[HIGH])
    for name in ("sam", "sue"):
        approved = room.approve(critical, by=name, typed_name="Line 1-2 (1)")
    personnel.give_scope(room.engine, "sam", BELOW_100_KV, by="ada", now=room.clock())
    assert "sam acts only" in room.carry_out(approved).outcome_note


def test_the_plant_s_own_data_count_at_the_claim(room, limit, judged) -> None:
    """Whoever stored an order with another place than its elements have gains nothing by it."""
    elsewhere = touched_by(room.plant.model, [LOW])
    limit("sam", BELOW_100_KV)
    proposal = room.ledger.submit(judged(actions=[HIGH]), "maintenance", "olga", touched=elsewhere)
    failed = room.carry_out(room.approve(proposal, by="sam"))
    assert (failed.status, room.plant.executed) == ("failed", [])
    assert "Line 1-2 (1) (135 kV" in failed.outcome_note


def test_a_scope_taken_back_is_none(room, limit) -> None:
    """Everywhere again, with both changes in the audit."""
    limit("olga", BELOW_100_KV)
    limit("olga", EVERYWHERE)
    assert room.submit(actions=[HIGH]).status == "pending"
    scopes = [e.details for e in audit.export(room.engine) if e.event == "scope changed"]
    assert [(d["scope"]["max_kv"], d["was"]["max_kv"]) for d in scopes] == [(100.0, None), (None, 100.0)]


def test_places_changed_behind_the_ledger_s_back_are_not_executed(room) -> None:
    """The owner compares them with the first event."""
    approved = room.approve(room.submit(actions=[HIGH]))
    with room.engine.begin() as connection:
        connection.execute(text("UPDATE aeip_touched SET touched = replace(touched, '135', '13')"))
    with pytest.raises(LedgerUnreadable, match="operates, and where"):
        room.carry_out(approved)
    assert room.plant.executed == []
    assert "operates, and where" in audit.verify(room.engine).explanation


def test_a_scope_that_cannot_be_read_gives_no_rights(room, limit) -> None:
    """Fail closed: a damaged row is not a missing one."""
    limit("olga", BELOW_100_KV)
    with room.engine.begin() as connection:
        connection.execute(text("UPDATE aeip_scope SET scope = '{'"))
    with pytest.raises(LedgerUnreadable, match="scope stored for 'olga'"):
        room.submit(actions=[LOW])
