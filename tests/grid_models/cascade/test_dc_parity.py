"""The fast path of DC cascades against the plain one, which factorises anew at every round."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_models.cascade.dc_ensemble import Run, ensemble_of
from grid_models.cascade.dc_grid import CascadeGrid, IslandRule, cascade_grid
from grid_models.cascade.dc_outages import random_outages
from grid_models.cascade.plain_dc import cascade
from grid_models.steady.dc import dc_flow, solve_dc
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState


def _above_flows(state: GridState, factor: float) -> FloatArray:
    """Made-up ratings, for grids whose source has none: so many times the flow before the outage, at least 2 % of the largest flow."""
    flow = np.abs(dc_flow(state).flow_mw)
    return np.asarray(factor * np.maximum(flow, 0.02 * flow.max()))


def _same(grid: CascadeGrid, outages: IntArray, rating_factor: float = 1.0, islands: IslandRule = "balanced") -> FloatArray:
    """The same sets, rounds, islands and lost load by both paths, every node balanced in every round; (samples,) what is lost."""
    fast = ensemble_of(grid, outages, Run(rating_factor, islands, keep_sets=True, check=True))
    for sample, outage in enumerate(outages):
        plain = cascade(grid, outage, rating_factor=rating_factor, islands=islands)
        assert fast.branches_out(sample).tolist() == plain.branches_out.tolist()
        assert (fast.rounds[sample], fast.islands[sample]) == (len(plain.steps) - 1, plain.islands)
        assert fast.tripped[sample] == sum(len(step.tripped) for step in plain.steps[1:])
        assert fast.lost_load_mw[sample] == pytest.approx(plain.lost_load_mw, rel=1e-9, abs=1e-9)
    assert fast.imbalance_mw.max() < 1e-6
    return fast.lost_load_mw


@pytest.mark.parametrize("islands", ["balanced", "dead"])
@pytest.mark.parametrize("factor", [1.05, 1.3, 2.0])
@pytest.mark.parametrize("name", ["case9", "case14", "case118"])
def test_both_paths_lose_the_same(name: str, factor: float, islands: IslandRule) -> None:
    """Sixty random double outages of an IEEE case, from tight to loose ratings."""
    state = load_grid(name).state_at()
    lost = _same(cascade_grid(state, _above_flows(state, factor)), random_outages(state, 60, seed=3), islands=islands)
    assert lost.max() > 0


def test_ratings_of_an_overlay_on_case14() -> None:
    """Ratings as a company would give them, two branches without: every pair of branches, the same by both paths."""
    state = load_grid("case14").state_at()
    rating = np.where(np.arange(20) < 7, 200.0, 60.0)
    rating[[4, 13]] = np.nan
    first, second = np.triu_indices(20, 1)
    lost = _same(cascade_grid(state, rating), np.column_stack([first, second]))
    assert 0 < (lost > 0).sum() < len(lost)


@pytest.mark.parametrize("factor", [0.6, 1.0, 1.4])
def test_the_default_grid_with_three_infeeds_and_its_own_ratings(default_grid: Grid, factor: float) -> None:
    """Triple outages of a windy noon; the ratings are the model's."""
    state = default_grid.state_at()
    lost = _same(cascade_grid(state), random_outages(state, 80, seed=5, together=3), factor)
    assert lost.max() > 0


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "least_mw"), [(1.05, 10_000.0), (2.0, 100.0)])
def test_2869_buses_with_phase_shifters(factor: float, least_mw: float) -> None:
    """A dozen double outages of the pegase grid, up to some thousand branches deep."""
    state = load_grid("case2869pegase").state_at()
    lost = _same(cascade_grid(state, _above_flows(state, factor)), random_outages(state, 12, seed=7))
    assert lost.max() > least_mw


def test_a_quiet_grid_carries_the_flows_of_the_power_flow(default_grid: Grid) -> None:
    """Without outages and limits the plain path's flows are those of the DC power flow, angles of the infeeds included."""
    state = default_grid.state_at()
    grid = cascade_grid(state, np.full(len(state.branch_on), np.nan))
    flow = cascade(grid, np.array([-1])).steps[0].flow_mw
    assert flow == pytest.approx(np.nan_to_num(solve_dc(state).p_from_mw), abs=1e-6)


@st.composite
def _grids(draw: st.DrawFn) -> tuple[CascadeGrid, IntArray]:
    """Radial or meshed, one infeed or several at different angles, parallel lines, phase shifters; whole MW, so that flows meet ratings."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    nodes, held, more = draw(st.integers(2, 60)), draw(st.integers(1, 3)), draw(st.integers(0, 30))
    held = min(held, nodes - 1)
    order = np.concatenate([np.arange(nodes - held, nodes), rng.permutation(nodes - held)])
    tree = [(order[i], order[rng.integers(0, i)]) for i in range(held, nodes)]
    ends = np.array(tree + [tuple(rng.integers(0, nodes, 2)) for _ in range(more)])
    lines = len(ends)
    load = rng.integers(0, 40, nodes) * (rng.random(nodes) < 0.6)
    grid = CascadeGrid(
        branches=lines,
        branch=np.arange(lines),
        from_node=ends[:, 0].copy(),
        to_node=ends[:, 1].copy(),
        susceptance_mw=rng.choice([100.0, 100.0, 250.0, 1e5], lines),
        shift_rad=np.where(rng.random(lines) < draw(st.sampled_from([0.0, 0.2])), 0.05, 0.0),
        limit_mw=rng.choice([10.0, 20.0, 40.0, 1e300], lines),
        held_rad=rng.choice([0.0, 0.0, 0.1], held),
        generation_mw=(rng.integers(0, 60, nodes) * (rng.random(nodes) < 0.4)).astype(float),
        demand_mw=load + 1.0 * (rng.random(nodes) < 0.1),
        load_mw=load.astype(float),
    )
    return grid, rng.integers(-1, lines, (8, draw(st.integers(1, 4))))


@given(case=_grids(), factor=st.sampled_from([0.5, 1.0, 1.7]), islands=st.sampled_from(["balanced", "dead"]))
@settings(max_examples=120, deadline=None)
def test_any_grid_by_both_paths(case: tuple[CascadeGrid, IntArray], factor: float, islands: IslandRule) -> None:
    """Whatever the grid and what fails, repeated, dead or no branches among it."""
    _same(*case, factor, islands)
