"""Read-back: whether the plant shows what it was told."""

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.errors import InvalidAction
from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState
from guardrails.read_back import expected_after, expected_by_step, from_text, missing, to_text, visible

ACTIONS = [
    Action(kind="open", element="Line 6-12 (1)"),
    Action(kind="open", element="Load at Bus 14"),
    Action(kind="open", element="Generator at Bus 8"),
    Action(kind="set_p", element="Generator at Bus 2", p_mw=30.0),
    Action(kind="set_voltage", element="Generator at Bus 3", vm_pu=1.03),
    Action(kind="set_shunt", element="Shunt at Bus 9", step=0),
    Action(kind="shed_load", element="Load at Bus 14", p_mw=5.0),
]


@pytest.fixture
def state(model: GridModel) -> GridState:
    """Case 14 as its file says."""
    return GridState.at_start(model)


@pytest.mark.parametrize("action", ACTIONS, ids=lambda a: f"{a.kind} {a.element}")
def test_an_action_is_visible_when_carried_out(state: GridState, action: Action) -> None:
    """And not before."""
    assert expected_after(action, state)
    assert visible(action, state, state.apply([action]))
    assert not visible(action, state, state)


def test_demand_and_weather_may_move_meanwhile(state: GridState) -> None:
    """What follows its profile is no part of a command."""
    moved = state.apply(ACTIONS[:1]).with_arrays(load_p_mw=state.load_p_mw * 1.1, generator_p_mw=state.generator_p_mw * 0.9)
    assert visible(ACTIONS[0], state, moved)


def test_an_echo_may_be_rounded_but_not_wrong(state: GridState) -> None:
    """Set-points within the tolerance of 0.1 MW; a schedule is no set-point."""
    action = ACTIONS[3]
    for shown, seen in ((30.0, True), (30.09, True), (30.2, False), (np.nan, False)):
        echo = state.generator_p_setpoint_mw.copy()
        echo[0] = shown
        assert visible(action, state, state.with_arrays(generator_p_setpoint_mw=echo)) is seen


def test_a_release_is_visible_as_following_the_schedule(state: GridState) -> None:
    """No number is expected, and any number is a mismatch."""
    limited = state.apply(ACTIONS[3:4])
    release = Action(kind="release", element="Generator at Bus 2")
    assert visible(release, limited, state)
    assert not visible(release, limited, limited)


def test_a_later_step_replaces_an_earlier_one(state: GridState) -> None:
    """Down to 30, then to 20: the plant shows 20."""
    actions = [Action(kind="set_p", element="Generator at Bus 2", p_mw=p) for p in (30.0, 20.0)]
    steps = expected_by_step(actions, state)
    assert missing(steps, state.apply(actions)) == ()
    assert missing(steps[:1], state.apply(actions)) != ()


def test_expectations_survive_a_restart(state: GridState) -> None:
    """They are kept as text with the step."""
    expected = expected_after(ACTIONS[3], state)
    assert from_text(to_text(expected)) == expected


def test_an_impossible_action_is_refused(state: GridState) -> None:
    """What cannot be applied cannot be expected."""
    with pytest.raises(InvalidAction):
        expected_after(Action(kind="close", element="Line 6-12 (1)"), state)
