"""DC screening equals a new DC solution of the state after each outage."""

import dataclasses

import numpy as np
import pytest

from grid_models.contingency.dc_screening import dc_blocks
from grid_models.contingency.outages import Outage, OutageKind, outages_of_kinds, single_outages, state_after
from grid_models.contingency.screening import Screening
from grid_models.errors import PowerFlowDiverged, StudyCancelled
from grid_models.steady.dc import solve_dc
from grid_models.steady.supply import lost_supply
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState


def _whole(state: GridState, outages: tuple[Outage, ...]) -> Screening:
    (screening,) = dc_blocks(state, outages, block=len(outages))
    return screening


def _equals_new_solutions(state: GridState, screening: Screening, rated: GridState) -> None:
    for row, outage in enumerate(screening.outages):
        after = state_after(rated, outage)
        lost = lost_supply(state, after)
        assert (screening.lost_load_mw[row], screening.lost_generation_mw[row]) == pytest.approx((lost.load_mw, lost.generation_mw)), outage
        if after.infeed_on.any():
            expected = solve_dc(after).loading_percent
            assert screening.loading_percent[row] == pytest.approx(expected, rel=1e-7, abs=1e-7, nan_ok=True), outage.name
        else:
            assert np.isnan(screening.loading_percent[row]).all()


def _fully_rated(state: GridState) -> GridState:
    """The state with a rating on every branch, so that every flow shows."""
    model = state.model
    one = np.ones(len(model.branches))
    branches = dataclasses.replace(model.branches, rating_from_ka=one, rating_to_ka=one)
    return dataclasses.replace(state, model=dataclasses.replace(model, branches=branches))


def test_every_single_outage_equals_its_own_solution(default_grid: Grid, case39: Grid, training: Grid) -> None:
    """Lines, transformers, bridges and infeeds; open line ends and three infeeds included."""
    for grid in (default_grid, case39, training):
        state = _fully_rated(grid.state_at())
        outages = outages_of_kinds(state, (OutageKind.LINE, OutageKind.TRANSFORMER, OutageKind.INFEED))
        _equals_new_solutions(state, _whole(state, outages), state)


def test_every_branch_outage_of_case118(case118: Grid) -> None:
    """177 meshed branches and 9 bridges, among them none with a wrong sign of its island's balance."""
    state = _fully_rated(case118.state_at())
    _equals_new_solutions(state, _whole(state, single_outages(state)), state)


def test_generators_busbars_and_double_circuits(default_grid: Grid, case39: Grid) -> None:
    """A sample of what is more than one branch."""
    for grid in (default_grid, case39):
        state = _fully_rated(grid.state_at())
        for kind in (OutageKind.GENERATOR, OutageKind.BUSBAR, OutageKind.DOUBLE_CIRCUIT):
            outages = outages_of_kinds(state, (kind,))[::7]
            if outages:
                _equals_new_solutions(state, _whole(state, outages), state)


def test_groups_of_branches(case118: Grid) -> None:
    """Random groups of two to four branches, cutting something off or not."""
    state = _fully_rated(case118.state_at())
    lines = state.model.registry.of_kind(ElementKind.LINE)
    random = np.random.default_rng(0)
    groups = [random.choice(len(lines), size=random.integers(2, 5), replace=False) for _ in range(60)]
    outages = tuple(Outage(OutageKind.GROUP, tuple(lines[int(i)] for i in group)) for group in groups)
    screening = _whole(state, outages)
    assert 0 < np.sum(screening.islands > 0) < len(outages)
    _equals_new_solutions(state, screening, state)


def test_blocks_join_to_the_whole(default_grid: Grid) -> None:
    """The order is that of the outages and progress ends at the total."""
    state = default_grid.state_at()
    outages = single_outages(state)
    seen: list[tuple[int, int]] = []
    parts = list(dc_blocks(state, outages, block=30, progress=lambda done, total: seen.append((done, total))))
    joined = np.concatenate([p.loading_percent for p in parts])
    assert joined == pytest.approx(_whole(state, outages).loading_percent, nan_ok=True)
    assert [o for p in parts for o in p.outages] == list(outages)
    assert seen == [(30, 104), (60, 104), (90, 104), (104, 104)]


def test_a_dc_flow_knows_no_voltages(case39: Grid) -> None:
    """Voltages are NaN and every case is solved."""
    screening = _whole(case39.state_at(), single_outages(case39.state_at()))
    assert np.isnan(screening.vm_pu).all()
    assert screening.solved.all()


def test_it_stops_when_told(case39: Grid) -> None:
    """Nothing is solved after the person cancelled."""
    state = case39.state_at()
    with pytest.raises(StudyCancelled):
        list(dc_blocks(state, single_outages(state), cancelled=lambda: True))


def test_a_state_without_infeed_cannot_be_screened(case39: Grid) -> None:
    """The base state itself has no solution."""
    state = case39.state_at()
    with pytest.raises(PowerFlowDiverged):
        list(dc_blocks(state.with_arrays(infeed_on=np.zeros(1, dtype=bool)), single_outages(state)))
