"""A crash while executing: the next owner looks and never repeats a command."""

import pytest

from grid_models.actions import Action
from grid_models.errors import NotOnline
from guardrails import audit
from guardrails.errors import ProposalNotPending
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
