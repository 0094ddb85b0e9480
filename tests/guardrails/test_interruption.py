"""A crash while executing: the next owner looks and never repeats a command."""

from collections.abc import Callable

import pytest
from sqlalchemy import event

from grid_models.actions import Action
from grid_models.errors import NotOnline
from guardrails import audit
from guardrails.errors import ProposalNotPending
from guardrails.execution import carry_out, process_approved
from guardrails.interruption import resolve_interrupted
from guardrails.transitions import Status

OPEN = Action(kind="open", element="Line 6-12 (1)")
SHED = Action(kind="shed_load", element="Load at Bus 14", p_mw=5.0)


class PowerCut(BaseException):
    """The process dies here."""


def crash(room, *, at: Action, after: bool) -> None:
    """Run both actions and die at one of them, before or after the plant carried it out."""

    def die(action: Action) -> None:
        if action == at:
            if after:
                room.plant.state = room.plant.state.apply([action])
            raise PowerCut

    approved = room.approve(room.submit(actions=(OPEN, SHED)))
    room.plant.before_execute = die
    with pytest.raises(PowerCut):
        room.carry_out(approved)
    room.plant.before_execute = lambda action: pytest.fail("a command after the interruption")


@pytest.mark.parametrize(
    ("at", "after", "status", "steps"),
    [
        (OPEN, False, "failed", ["failed"]),
        (OPEN, True, "failed", ["done"]),
        (SHED, False, "failed", ["done", "failed"]),
        (SHED, True, "executed", ["done", "done"]),
    ],
)
def test_an_interrupted_execution_is_resolved_by_looking(room, at: Action, after: bool, status: str, steps: list[str]) -> None:
    """Executed only if the plant shows every action; no command is sent either way."""
    crash(room, at=at, after=after)
    assert room.ledger.get(1).status == "executing"
    resolved = resolve_interrupted(room.ledger, room.plant)
    assert [(p.id, p.status) for p in resolved] == [(1, status)]
    assert [s.status for s in resolved[0].steps] == steps
    assert "Nothing was repeated" in resolved[0].outcome_note
    assert audit.verify(room.engine).ok


def test_a_crash_before_the_first_step_has_done_nothing(room) -> None:
    """Claimed, and nothing else."""
    approved = room.approve(room.submit())
    room.plant.observe = lambda: (_ for _ in ()).throw(PowerCut)
    with pytest.raises(PowerCut):
        room.carry_out(approved)
    del room.plant.observe
    failed = resolve_interrupted(room.ledger, room.plant)[0]
    assert (failed.status, failed.steps, room.plant.executed) == ("failed", (), [])
    assert "0 of 1" in failed.outcome_note


def test_nothing_interrupted_needs_no_plant(room) -> None:
    """A normal start asks the plant nothing."""
    room.plant.observe = lambda: pytest.fail("asked")
    assert resolve_interrupted(room.ledger, room.plant) == ()


def test_an_invisible_plant_leaves_it_open(room) -> None:
    """Without telemetry nothing is concluded."""
    crash(room, at=SHED, after=True)
    room.plant.observe = lambda: (_ for _ in ()).throw(NotOnline("telemetry is dead"))
    with pytest.raises(NotOnline):
        resolve_interrupted(room.ledger, room.plant)
    assert room.ledger.list(Status.EXECUTING) != ()


def test_an_owner_that_was_replaced_executes_no_further_step(room) -> None:
    """A process that slept through its lease finds its claim gone."""
    taken_over = []

    def take_over(action: Action) -> None:
        taken_over.extend(resolve_interrupted(room.ledger, room.plant))

    approved = room.approve(room.submit(actions=(OPEN, SHED)))
    room.plant.before_execute = take_over
    with pytest.raises(ProposalNotPending, match="it is failed"):
        room.carry_out(approved)
    assert [a for a, _ in room.plant.executed] == [OPEN]
    assert [p.status for p in taken_over] == ["failed"]
    assert audit.verify(room.engine).ok


def test_a_command_whose_answer_was_lost(room) -> None:
    """The plant reports a failure and shows it all the same: the ledger says both, whether or not the owner dies over it."""

    def lose_the_answer(action: Action) -> None:
        room.plant.state = room.plant.state.apply([action])
        raise TimeoutError("no answer within 5 s")

    room.plant.before_execute = lose_the_answer
    failed = room.carry_out(room.approve(room.submit(actions=(OPEN, SHED))))
    assert (failed.status, [s.status for s in failed.steps]) == ("failed", ["failed"])
    for part in ("no answer within 5 s", "Not begun: shed 5 MW", "ALARM: read-back mismatch", f"shows it all the same: {OPEN.words()}."):
        assert part in failed.outcome_note
    again = room.approve(room.submit(actions=(SHED,)))
    room.plant.observe = dying_at_second_look(room.plant.observe)
    with pytest.raises(PowerCut):
        room.carry_out(again)
    del room.plant.observe
    found = resolve_interrupted(room.ledger, room.plant)[0]
    assert (found.status, [s.status for s in found.steps]) == ("failed", ["failed"])
    assert "shows 1 of 1 actions" in found.outcome_note
    assert f"shows it all the same: {SHED.words()}." in found.outcome_note


def dying_at_second_look(observe: Callable[[], object]) -> Callable[[], object]:
    """The first look is for the check, the second one is the read-back."""
    looks: list[object] = []

    def look() -> object:
        if looks:
            raise PowerCut
        looks.append(observe())
        return looks[0]

    return look


def test_a_ledger_that_fails_while_the_owner_lives(room) -> None:
    """What it left executing is settled at the owner's next round; until then nothing else runs, and then what waits does."""

    def refuse(*_: object) -> None:
        raise RuntimeError("disk full")

    first, second = room.approve(room.submit()), room.approve(room.submit(actions=(SHED,)))
    room.plant.before_execute = lambda action: event.listen(room.engine, "commit", refuse)
    with pytest.raises(RuntimeError, match="disk full"):
        process_approved(room.ledger, room.check, room.plant)
    room.plant.before_execute = lambda action: None
    event.remove(room.engine, "commit", refuse)
    assert [room.ledger.get(p.id).status for p in (first, second)] == ["executing", "approved"]
    assert [p.status for p in process_approved(room.ledger, room.check, room.plant)] == ["executed"]
    assert [room.ledger.get(p.id).status for p in (first, second)] == ["executed", "executed"]
    assert [a for a, _ in room.plant.executed] == [OPEN, SHED]
    assert audit.verify(room.engine).ok


def test_an_approval_that_runs_out_while_it_is_checked(room) -> None:
    """The first command comes in time or not at all; a list once begun is ended."""

    def slow_check(*asked: object) -> object:
        room.clock.advance(minutes=16)
        return room.check(*asked)

    approved = room.approve(room.submit(actions=(OPEN, SHED)))
    late = carry_out(room.ledger, approved.id, slow_check, room.plant)
    assert (late.status, late.steps, room.plant.executed) == ("failed", (), [])
    assert "the approval ran out at 12:15:00 UTC" in late.outcome_note
    room.plant.before_execute = lambda action: room.clock.advance(minutes=16)
    assert room.carry_out(room.approve(room.submit(actions=(OPEN, SHED)))).status == "executed"
