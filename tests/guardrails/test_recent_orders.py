"""How many actions were ordered lately: those that were sent and those that wait, each once."""

from grid_models.actions import Action
from guardrails.recent_orders import actions_last_hour

THREE = tuple(Action(kind="set_p", element="Generator at Bus 2", p_mw=p) for p in (30.0, 31.0, 32.0))


def count(room, grid: str = "case14") -> int:
    return actions_last_hour(room.engine, grid, room.clock())


def test_pending_approved_and_executed_actions_count_once(room) -> None:
    """From the proposal to its end the number does not change."""
    assert count(room) == 0
    proposal = room.submit(actions=THREE)
    assert count(room) == 3
    approved = room.approve(proposal)
    assert count(room) == 3
    assert room.carry_out(approved).status == "executed"
    assert count(room) == 3


def test_its_own_check_before_execution_does_not_count_it(room) -> None:
    """What is being carried out is left out: the check adds it itself."""
    approved, seen = room.approve(room.submit(actions=THREE)), []
    room.submit()
    room.plant.observe = lambda: (seen.append(count(room)), room.plant.state)[1]
    room.carry_out(approved)
    assert seen[0] == 1


def test_what_came_to_nothing_does_not_count(room, finding) -> None:
    """Blocked, rejected, withdrawn, expired and stale proposals sent nothing."""
    room.submit(finding(outcome="fail"))
    room.reject(room.submit())
    room.ledger.withdraw(room.submit().id, room.person("olga"))
    stale = room.approve(room.submit())
    room.now_found = (finding(outcome="warn"),)
    assert room.carry_out(stale).status == "stale"
    room.submit()
    room.clock.advance(minutes=16)
    assert count(room) == 0


def test_an_hour_ago_is_forgotten(room) -> None:
    """To the second."""
    room.carry_out(room.approve(room.submit(actions=THREE)))
    room.clock.advance(minutes=59, seconds=59)
    assert count(room) == 3
    room.clock.advance(seconds=1)
    assert count(room) == 0


def test_commands_that_failed_were_sent_too(room) -> None:
    """The first was done, the second refused by the plant, the third never sent."""

    def refuse(action: Action) -> None:
        if action.p_mw == 31.0:
            raise RuntimeError("no")

    room.plant.before_execute = refuse
    assert room.carry_out(room.approve(room.submit(actions=THREE))).status == "failed"
    assert count(room) == 2


def test_grids_are_apart(room) -> None:
    """Orders for another grid of the same ledger are not this one's."""
    room.submit(grid="case39", actions=THREE)
    assert (count(room), count(room, "case39")) == (0, 3)
