"""Whatever is switched, the solution balances, the base state stays, and the process lives."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid_models.actions import Action
from grid_models.contingency.screening import screen_outages
from grid_models.errors import AeipError, PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

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
    model, live = state.model, solution.topology.bus_live
    shunts = float(np.sum(model.shunts.p_mw * state.shunt_step * np.nan_to_num(solution.vm_pu)[model.shunts.bus] ** 2))
    supplied = solution.infeed_p_mw.sum() + state.generator_injected_mw[live[model.generators.bus]].sum()
    drawn = state.load_drawn_mw[live[model.loads.bus]].sum() + solution.losses_mw + shunts
    assert supplied == pytest.approx(drawn, abs=1e-3)
    assert len(screen_outages(state).outages) >= 1
    assert grid.state_at().state_id == kept
