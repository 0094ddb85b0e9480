"""Whatever is switched, the solution balances, the base state stays, and the process lives."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid_models.actions import Action, ActionKind
from grid_models.contingency.screening import screen_outages
from grid_models.errors import AeipError, InvalidAction, PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.divergence import explain_divergence
from grid_models.steady.solution import Solution
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import ARRAY_FIELDS, GridState

_SWITCHABLE = (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.SWITCH, ElementKind.GENERATOR, ElementKind.LOAD, ElementKind.INFEED)


def switched(state: GridState, data: st.DataObject) -> GridState:
    """The state after some random switching; what makes no sense is refused and changes nothing."""
    names = [e.name for e in state.model.registry.of_kind(*_SWITCHABLE)]
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=12, unique=True)):
        try:
            state = state.apply([Action(kind="open", element=name)])
        except AeipError:
            continue
    factor = data.draw(st.sampled_from([0.0, 0.5, 1.0, 2.0]))
    return state.apply([Action(kind="scale", group="loads", factor=factor)])


@pytest.mark.parametrize("name", ["default_grid", "case39", "training"])
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_switching_balances_and_never_touches_the_base(name: str, request: pytest.FixtureRequest, data: st.DataObject) -> None:
    """Infeeds and live generation cover live load, losses and shunts; every outage of the result can be screened."""
    grid: Grid = request.getfixturevalue(name)
    base = grid.state_at()
    kept = base.state_id
    state = switched(base, data)
    try:
        solution = solve(state)
    except PowerFlowDiverged:
        return
    assert_balanced(solution)
    assert len(screen_outages(state).outages) >= 1
    assert grid.state_at().state_id == kept


def assert_balanced(solution: Solution) -> None:
    """Infeeds and live generation cover live load, losses and shunts within 1e-3 MW."""
    state, model, live = solution.state, solution.model, solution.topology.bus_live
    shunts = float(np.sum(model.shunts.p_mw * state.shunt_step * np.nan_to_num(solution.vm_pu)[model.shunts.bus] ** 2))
    supplied = solution.infeed_p_mw.sum() + state.generator_injected_mw[live[model.generators.bus]].sum()
    drawn = state.load_drawn_mw[live[model.loads.bus]].sum() + solution.losses_mw + shunts
    assert supplied == pytest.approx(drawn, abs=1e-3)


_VALUES: dict[ActionKind, tuple[str, st.SearchStrategy[float] | st.SearchStrategy[int]]] = {
    ActionKind.SET_P: ("p_mw", st.floats(0, 500)),
    ActionKind.SET_Q: ("q_mvar", st.floats(-50, 50)),
    ActionKind.SET_VOLTAGE: ("vm_pu", st.floats(0.9, 1.1)),
    ActionKind.SET_TAP: ("position", st.integers(-20, 20)),
    ActionKind.SET_SHUNT: ("step", st.integers(0, 3)),
    ActionKind.SHED_LOAD: ("p_mw", st.floats(0, 100)),
    ActionKind.SCALE: ("factor", st.sampled_from([0.0, 0.5, 0.9, 1.1, 2.0, 5.0])),
}
_ABSOLUTE = set(ActionKind) - {ActionKind.SCALE, ActionKind.OPEN, ActionKind.CLOSE}
_FOR_KIND = {
    ActionKind.SET_P: (ElementKind.GENERATOR,),
    ActionKind.SET_Q: (ElementKind.GENERATOR,),
    ActionKind.SET_VOLTAGE: (ElementKind.GENERATOR, ElementKind.INFEED),
    ActionKind.SET_TAP: (ElementKind.TRANSFORMER,),
    ActionKind.SET_SHUNT: (ElementKind.SHUNT,),
    ActionKind.SHED_LOAD: (ElementKind.LOAD,),
    ActionKind.RELEASE: (ElementKind.LOAD, ElementKind.GENERATOR, ElementKind.INFEED),
}


def drawn_action(state: GridState, data: st.DataObject) -> Action:
    """Any kind, mostly at an element it fits; the value may still be refused."""
    kind = data.draw(st.sampled_from(list(ActionKind)))
    names = [e.name for e in state.model.registry.of_kind(*_FOR_KIND.get(kind, _SWITCHABLE))]
    if kind is ActionKind.SCALE or not names:
        kind, target = ActionKind.SCALE, {"group": data.draw(st.sampled_from(["loads", "generation", "wind", "pv"]))}
    else:
        target = {"element": data.draw(st.sampled_from(names))}
    field, values = _VALUES.get(kind, ("", st.none()))
    return Action.model_validate({"kind": kind, **target, **({field: data.draw(values)} if field else {})})


def applied(state: GridState, action: Action) -> GridState:
    """The state after the action, unchanged where it is refused; an absolute action applied twice is the same as once."""
    try:
        after = state.apply([action])
    except AeipError:
        return state
    if action.kind in _ABSOLUTE:
        assert after.apply([action]).state_id == after.state_id
    elif action.kind in (ActionKind.OPEN, ActionKind.CLOSE):
        with pytest.raises(InvalidAction, match="already"):
            after.apply([action])
    return after


@pytest.mark.parametrize("name", ["default_grid", "case39", "case118", "training"])
@given(data=st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_random_changes_balance_or_are_explained(name: str, request: pytest.FixtureRequest, data: st.DataObject) -> None:
    """Any list of what-if changes: the base keeps every bit and its id, the result balances or its divergence has a sentence."""
    base = request.getfixturevalue(name).state_at()
    kept = {field: getattr(base, field).copy() for field in ARRAY_FIELDS}
    state = base
    for _ in range(data.draw(st.integers(1, 8))):
        state = applied(state, drawn_action(state, data))
    try:
        assert_balanced(solve(state))
    except PowerFlowDiverged:
        assert explain_divergence(state).sentence.endswith(".")
    assert all(np.array_equal(getattr(base, field), kept[field], equal_nan=kept[field].dtype.kind == "f") for field in ARRAY_FIELDS)
    assert base.state_id == request.getfixturevalue(name).state_at().state_id
