"""Sensitivities against power flows that are really solved with a little more or less injected."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grid_models.causes.branch_end import loaded_end
from grid_models.causes.injections import injections_of
from grid_models.causes.sensitivity import end_sensitivity
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

_MW = 0.5


def moved(state: GridState, kind: ElementKind, row: int, column: str, by: float) -> GridState:
    """One load's or generator's power in the table changed by so much injection."""
    name = f"{'load' if kind is ElementKind.LOAD else 'generator'}_{column}"
    values = getattr(state, name).copy()
    values[row] += -by if kind is ElementKind.LOAD else by
    return state.with_arrays(**{name: values})


@pytest.mark.parametrize("name", ["default_grid", "case39", "case118", "training"])
def test_a_sensitivity_is_the_slope_of_the_solved_flow_and_current(name: str, request: pytest.FixtureRequest) -> None:
    """Random branches and injections: half a MW (or Mvar) more and less, solved, against the adjoint of the Jacobian."""
    grid: Grid = request.getfixturevalue(name)
    state = grid.state_at()
    solution = solve(state)
    random = np.random.default_rng(3)
    live = np.flatnonzero(solution.topology.branch_live)
    injections = injections_of(state, solution.topology)
    drawn = [i for i, e in enumerate(injections.element) if e.kind is ElementKind.GENERATOR or injections.p_mw[i] < -2 * _MW]
    for branch in random.choice(live, min(4, len(live)), replace=False):
        end = loaded_end(solution, int(branch))
        found = end_sensitivity(solution, end)
        for row in random.choice(drawn, min(4, len(drawn)), replace=False):
            element, node = injections.element[row], injections.node[row]
            held = element.kind is ElementKind.GENERATOR and bool(state.model.generators.holds_voltage[element.index])
            for column, flow, current in (
                ("p_mw", found.flow.per_mw[node], found.current.per_mw[node]),
                ("q_mvar", found.flow.per_mvar[node], found.current.per_mvar[node]),
            ):
                if held and column == "q_mvar":
                    assert flow == current == 0.0
                    continue
                up, down = (solve(moved(state, element.kind, element.index, column, by)) for by in (_MW, -_MW))
                assert flow == pytest.approx((end.flow_mw(up) - end.flow_mw(down)) / (2 * _MW), abs=1e-4)
                assert current == pytest.approx((end.current_ka(up) - end.current_ka(down)) / (2 * _MW), abs=1e-5)


def test_between_infeeds_nothing_is_sensitive(hand_built: Callable[[], Any]) -> None:
    """A line whose both ends are held: an injection beside an infeed is balanced on the spot."""
    grid = hand_built()
    grid.infeed("A")
    grid.infeed("B", va_degree=-3.0)
    grid.line("AB")
    grid.load("B", "Load", 10.0)
    solution = solve(grid.state())
    found = end_sensitivity(solution, loaded_end(solution, 0))
    assert not found.flow.per_mw.any()
    assert not found.current.per_mvar.any()
