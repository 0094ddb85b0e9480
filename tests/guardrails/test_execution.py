"""Execution: checked again on the state of now, exactly once, stopped at the first failure, read back."""

import pytest
from sqlalchemy import text

from grid_models.actions import Action
from grid_models.errors import NotOnline
from guardrails import audit, kill_switch
from guardrails.errors import LedgerUnreadable, OwnerElsewhere, ProposalNotPending
from guardrails.execution import READ_BACK_MISMATCH, carry_out, process_approved
from guardrails.transitions import Status

OPEN = Action(kind="open", element="Line 6-12 (1)")
SHED = Action(kind="shed_load", element="Load at Bus 14", p_mw=5.0)
TAP = Action(kind="set_p", element="Generator at Bus 2", p_mw=30.0)
THREE = (OPEN, SHED, TAP)


def test_an_approved_list_is_carried_out_in_order(room) -> None:
    """Each step with its own key; the fresh verdict is kept."""
    done = room.carry_out(room.approve(room.submit(actions=THREE)))
    assert (done.status, done.outcome_note) == ("executed", "")
    assert [(a, k) for a, k in room.plant.executed] == [(a, f"1-{i}-{done.action_hash[:12]}") for i, a in enumerate(THREE)]
    assert [s.status for s in done.steps] == ["done"] * 3
    assert done.recheck == room.checked[0]
    assert audit.verify(room.engine).ok


@pytest.mark.parametrize("end", ["pending", "blocked", "rejected", "withdrawn", "expired", "executed"])
def test_only_an_approved_proposal_is_carried_out(room, finding, end: str) -> None:
    """Everything else is refused with its status."""
    proposal = room.submit(finding(outcome="fail")) if end == "blocked" else room.submit()
    if end == "rejected":
        room.reject(proposal)
    elif end == "withdrawn":
        room.ledger.withdraw(1, room.person("olga"))
    elif end == "expired":
        room.clock.advance(minutes=16)
        room.ledger.expire_due(room.clock())
    elif end == "executed":
        room.carry_out(room.approve(proposal))
    before = len(room.plant.executed)
    with pytest.raises(ProposalNotPending, match=f"it is {end}"):
        room.carry_out(proposal)
    assert len(room.plant.executed) == before


@pytest.mark.parametrize("outcome", ["warn", "fail", "not checkable"])
def test_a_changed_outcome_makes_it_stale(room, finding, outcome: str) -> None:
    """Nothing is executed, and the fresh verdict is kept to be shown."""
    approved = room.approve(room.submit())
    room.now_found = (finding(outcome=outcome),)
    stale = room.carry_out(approved)
    assert stale.status == "stale"
    assert stale.recheck is not None
    assert stale.recheck.outcome == outcome
    assert room.plant.executed == []
    assert audit.verify(room.engine).ok


def test_a_margin_that_shrank_makes_it_stale(room, finding) -> None:
    """By more than the rule's tolerance; by less, it is executed."""
    approved = room.approve(room.submit())
    room.now_found = (finding(margin=17.0),)
    stale = room.carry_out(approved)
    assert (stale.status, room.plant.executed) == ("stale", [])
    assert "fell by 3 percent" in stale.outcome_note
    wide = carry_out(room.ledger, room.approve(room.submit()).id, room.check, room.plant, {"branch-loading": 5.0})
    assert wide.status == "executed"


def test_the_state_of_now_is_what_is_checked(room) -> None:
    """Not the one that was shown; a different state alone is no reason to stop."""
    approved = room.approve(room.submit())
    room.plant.state = room.plant.state.with_arrays(load_p_mw=room.plant.state.load_p_mw * 1.01)
    done = room.carry_out(approved)
    assert done.status == "executed"
    assert room.checked[0].state_id != approved.verdict.state_id


def test_what_cannot_be_checked_is_not_executed(room) -> None:
    """A gate that fails, a plant without telemetry and an action that no longer fits end it as failed."""

    def broken(*_: object) -> None:
        raise RuntimeError("rule pack unreadable")

    failed = carry_out(room.ledger, room.approve(room.submit()).id, broken, room.plant)
    assert (failed.status, failed.outcome_note.split(":")[0]) == ("failed", "Nothing was executed")
    waiting = room.approve(room.submit())
    room.plant.state = room.plant.state.apply([OPEN])  # somebody else opened it meanwhile
    assert room.carry_out(waiting).status == "failed"
    room.plant.observe = lambda: (_ for _ in ()).throw(NotOnline("telemetry is dead"))
    blind = room.carry_out(room.approve(room.submit(actions=(SHED,))))
    assert "telemetry is dead" in blind.outcome_note
    assert room.plant.executed == []
    assert audit.verify(room.engine).ok


def test_a_check_of_something_else_is_stale(room) -> None:
    """A gate that answers for other actions has not checked these."""
    approved = room.approve(room.submit())
    stale = carry_out(room.ledger, approved.id, lambda state, actions, reason: room.check(state, (SHED,), reason), room.plant)
    assert (stale.status, room.plant.executed) == ("stale", [])


def test_the_first_failure_ends_the_list(room) -> None:
    """The note says what was done and what was not begun."""

    def refuse_shedding(action: Action) -> None:
        if action == SHED:
            raise RuntimeError("relay does not answer")

    room.plant.before_execute = refuse_shedding
    failed = room.carry_out(room.approve(room.submit(actions=THREE)))
    assert (failed.status, [a for a, _ in room.plant.executed]) == ("failed", [OPEN])
    assert [s.status for s in failed.steps] == ["done", "failed"]
    for part in ("Step 2 of 3", "relay does not answer", "Done before it: open Line 6-12 (1).", "Not begun: set the active power"):
        assert part in failed.outcome_note
    assert audit.verify(room.engine).ok


def test_the_kill_switch_stops_between_two_steps(room) -> None:
    """The step under way ends, the next one never begins."""

    def stop_after_first(action: Action) -> None:
        kill_switch.stop(room.engine, room.person("olga"), "smoke", now=room.clock())

    room.plant.before_execute = stop_after_first
    failed = room.carry_out(room.approve(room.submit(actions=THREE)))
    assert (failed.status, [a for a, _ in room.plant.executed]) == ("failed", [OPEN])
    assert [s.status for s in failed.steps] == ["done"]
    assert "stopped by olga: smoke" in failed.outcome_note


def test_an_approval_does_not_outlive_a_stop(room) -> None:
    """What waits when the writes are stopped does not run by itself when they resume."""
    approved = room.approve(room.submit())
    kill_switch.stop(room.engine, room.person("olga"), "smoke", now=room.clock())
    assert room.carry_out(approved).outcome_note.startswith("Writes are stopped: nothing was executed.")
    assert room.checked == []
    kill_switch.resume(room.engine, room.person("sam"), "clear", now=room.clock())
    assert process_approved(room.ledger, room.check, room.plant) == ()
    assert room.plant.executed == []


def test_an_approval_that_ran_out_is_not_executed(room) -> None:
    """The owner reads the time in the claim itself, whether or not anybody looked before."""
    approved = room.approve(room.submit())
    room.clock.advance(minutes=15)
    assert room.carry_out(approved).status == "expired"
    assert room.plant.executed == []


def test_a_plant_that_shows_nothing_of_it_is_an_alarm(room) -> None:
    """A command that was accepted without effect ends as failed."""
    room.plant.deaf = True
    failed = room.carry_out(room.approve(room.submit(actions=(OPEN, SHED))))
    assert failed.status == "failed"
    assert f"ALARM: {READ_BACK_MISMATCH}" in failed.outcome_note
    assert "open Line 6-12 (1); shed 5 MW" in failed.outcome_note


def test_another_grid_s_owner_does_not_touch_it(room) -> None:
    """The plant must be the one the proposal is for."""
    approved = room.approve(room.submit(grid="case39"))
    with pytest.raises(OwnerElsewhere, match="case39"):
        room.carry_out(approved)
    assert process_approved(room.ledger, room.check, room.plant) == ()


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE aeip_proposal SET status = 'approved'",
        "UPDATE aeip_proposal SET status = 'approved', requested_by = 'sue'",
        "INSERT INTO aeip_decision (id, proposal_id, person_key, person, decision, reason, verdict_hash, at) "
        "SELECT 1, id, 'sam', 'sam', 'approve', '', verdict_hash, created_at FROM aeip_proposal",
    ],
)
def test_a_forged_approval_is_not_executed(room, forgery: str) -> None:
    """A status written past the ledger has no events that lead to it."""
    room.submit()
    with room.engine.begin() as connection:
        connection.execute(text(forgery))
        connection.execute(text("UPDATE aeip_proposal SET status = 'approved'"))
    with pytest.raises(LedgerUnreadable, match="Nothing was executed"):
        room.carry_out(room.ledger.get(1))
    assert room.plant.executed == []


def test_one_execution_at_a_time(room) -> None:
    """While one list runs on a grid, another one waits; it is checked on what the first has left."""
    first, second = room.approve(room.submit()), room.approve(room.submit(actions=(SHED,)))
    meanwhile = []
    room.plant.before_execute = lambda action: meanwhile.append(room.carry_out(second).status) if action == OPEN else None
    assert room.carry_out(first).status == "executed"
    assert meanwhile == ["approved"]
    assert [p.status for p in process_approved(room.ledger, room.check, room.plant)] == ["executed"]


def test_the_owner_takes_everything_approved_oldest_first(room) -> None:
    """For its own grid, and nothing that still waits for a decision."""
    room.approve(room.submit())
    room.submit()
    room.approve(room.submit(actions=(SHED,)))
    done = process_approved(room.ledger, room.check, room.plant)
    assert [(p.id, p.status) for p in done] == [(1, Status.EXECUTED), (3, Status.EXECUTED)]
