"""Orders that lead back: whatever was ordered, the grid is as before; where nothing leads back, nothing is claimed."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_models.actions import Action, ActionKind
from grid_models.errors import InvalidAction
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from guardrails.commanded import COMMANDED
from guardrails.rollback import rollback_of

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower


@pytest.fixture(scope="module")
def case118(tmp_path_factory: pytest.TempPathFactory) -> GridState:
    return GridState.at_start(load_grid("case118", tmp_path_factory.mktemp("grids")).model)


def assert_leads_back(state: GridState, actions: Sequence[Action]) -> tuple[Action, ...]:
    found = rollback_of(actions, state)
    back = state.apply([*actions, *found])
    for array in COMMANDED:
        np.testing.assert_array_equal(getattr(back, array), getattr(state, array))
    return found


def test_the_inverse_of_each_kind_last_one_first(case118: GridState) -> None:
    """What is opened is closed, what followed its schedule is released, what stood at a value gets it back."""
    machine, load = case118.model.generators.name[3], case118.model.loads.name[5]
    actions = [
        Action(kind="open", element=case118.model.branches.name[0]),
        Action(kind="set_p", element=machine, p_mw=12.0),
        Action(kind="shed_load", element=load, p_mw=1.0),
    ]
    assert [a.words() for a in assert_leads_back(case118, actions)] == [
        f"shed 0 MW in total at {load}",
        f"release {machine} to its profile",
        f"close {case118.model.branches.name[0]}",
    ]


def test_a_set_point_that_stood_is_given_back(case118: GridState) -> None:
    """Of two, both, though only one was ordered: releasing one would release the other."""
    name = case118.model.generators.name[2]
    set_before = case118.apply([Action(kind="set_p", element=name, p_mw=7.0), Action(kind="set_voltage", element=name, vm_pu=1.02)])
    found = assert_leads_back(set_before, [Action(kind="release", element=name)])
    assert {a.kind for a in found} == {ActionKind.RELEASE, ActionKind.SET_P, ActionKind.SET_VOLTAGE}


def test_nothing_is_claimed_of_what_cannot_be_applied(case118: GridState) -> None:
    """Nor of a studies' action."""
    assert rollback_of([Action(kind="close", element=case118.model.branches.name[0])], case118) == ()
    assert rollback_of([Action(kind="scale", group="loads", factor=2.0)], case118) == ()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_list_leads_back(case118: GridState, data: st.DataObject) -> None:
    """Random orders of every kind, also on elements that were ordered before."""
    model = case118.model
    kinds = {
        "open": lambda: {"element": data.draw(st.sampled_from(model.branches.name[:20]))},
        "close": lambda: {"element": data.draw(st.sampled_from(model.branches.name[:20]))},
        "set_p": lambda: {"element": data.draw(st.sampled_from(model.generators.name[:6])), "p_mw": data.draw(st.floats(0, 50))},
        "set_voltage": lambda: {
            "element": data.draw(st.sampled_from(model.generators.name[:6])),
            "vm_pu": data.draw(st.floats(0.9, 1.1)),
        },
        "set_tap": lambda: {"element": data.draw(st.sampled_from(model.branches.name[-9:])), "position": data.draw(st.integers(-2, 2))},
        "set_shunt": lambda: {"element": data.draw(st.sampled_from(model.shunts.name)), "step": data.draw(st.integers(0, 1))},
        "shed_load": lambda: {"element": data.draw(st.sampled_from(model.loads.name[:6])), "p_mw": data.draw(st.floats(0, 5))},
        "release": lambda: {"element": data.draw(st.sampled_from([*model.generators.name[:6], *model.loads.name[:6]]))},
    }
    actions, state = [], case118
    for _ in range(data.draw(st.integers(1, 6))):
        kind = data.draw(st.sampled_from(sorted(kinds)))
        action = Action.model_validate({"kind": kind, **kinds[kind]()})
        try:
            state = state.apply([action])
        except InvalidAction:
            continue
        actions.append(action)
    if actions:
        assert_leads_back(case118, actions)


@pytest.mark.parametrize("line", ["HV1 Line 14", "HV1 Line 12"])
def test_on_a_grid_with_breakers(default_grid_state: GridState, line: str) -> None:
    """A line opened at both ends is closed again as it was."""
    assert [a.kind for a in assert_leads_back(default_grid_state, [Action(kind="open", element=line)])] == [ActionKind.CLOSE]


@pytest.fixture(scope="module")
def default_grid_state(grid_cache: Path) -> GridState:
    return load_grid("1-HV-mixed--0-sw", grid_cache).state_at()
