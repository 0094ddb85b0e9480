"""The simulator of events and the plain DC cascades are two programs; with instant relays and no machine that holds an island they agree.

Differences of rule elsewhere: an island without infeed is balanced pro rata there, by reserve and stages of shedding here.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grid_models.cascade.course import Cascade
from grid_models.cascade.dc_grid import cascade_grid
from grid_models.cascade.plain_dc import cascade as plain_cascade
from grid_models.steady.dc import limits_mw, solve_dc
from grid_models.twin.model import FloatArray
from grid_models.twin.state import GridState

Simulate = Callable[..., Cascade]


@pytest.mark.parametrize(("name", "tight", "outages", "spread"), [("default_grid", 0.0, 15, 3), ("case118", 1.15, 40, 25)])
def test_the_same_branches_trip_and_the_same_load_is_lost(
    request: pytest.FixtureRequest,
    simulate: Simulate,
    with_ratings: Callable[[GridState, FloatArray], GridState],
    name: str,
    tight: float,
    outages: int,
    spread: int,
) -> None:
    """Random double outages: the sets of branches are equal, and the loads lost to 1e-6 MW."""
    state: GridState = request.getfixturevalue(name).state_at()
    if tight:
        state = with_ratings(state, np.maximum(tight * np.abs(solve_dc(state).p_from_mw), 20.0))
    generators = replace(state.model.generators, holds_voltage=np.zeros_like(state.model.generators.holds_voltage))
    state = replace(state, model=replace(state.model, generators=generators))
    grid, branches, rng, spreading = cascade_grid(state, limits_mw(state)), state.model.branches, np.random.default_rng(11), 0
    for pair in [rng.choice(np.flatnonzero(state.branch_on), 2, replace=False) for _ in range(outages)]:
        plain = plain_cascade(grid, pair, islands="dead")
        found = simulate(state, [branches.name[i] for i in pair])
        gone = {*pair.tolist(), *(e.branch for e in found.events if e.kind == "trip")}
        assert gone == {*pair.tolist(), *plain.branches_out.tolist()}
        assert found.lost_load_mw == pytest.approx(plain.lost_load_mw, abs=1e-6)
        spreading += len(gone) > 2
    assert spreading >= spread
