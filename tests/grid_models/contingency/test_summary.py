"""The summary against a plain reading of the dense screening, and the compiled loops against numpy."""

import numpy as np
import pytest

from grid_models.contingency import kernels
from grid_models.contingency.base import base_of
from grid_models.contingency.outages import OutageKind, outages_of_kinds, single_outages
from grid_models.contingency.screening import screen_blocks, screen_outages
from grid_models.contingency.severity import gravest_first, severity_of
from grid_models.contingency.summary import summarise
from grid_models.contingency.warm_up import warm_up
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.steady.solution import branch_flows, loading_percent
from grid_models.twin.profiles import Grid

LIMITS = OperatingLimits((VoltageBand("test", 0.0, 1000.0, 0.97, 1.09),), max_loading_percent=75.0, loading_rule="test")


def test_a_summary_is_what_the_dense_arrays_say(default_grid: Grid) -> None:
    """Row by row in plain numpy: peaks, overloads, voltages, violations that are new, severity, order."""
    state = default_grid.state_at()
    outages = outages_of_kinds(state, (OutageKind.LINE, OutageKind.GENERATOR, OutageKind.BUSBAR))
    dense, summary = screen_outages(state, outages), summarise(state, outages, LIMITS)
    low, high, _ = LIMITS.bus_limits_pu(state.model.buses)
    inside = ~((dense.base_vm_pu > high) | (dense.base_vm_pu < low))
    for i in range(len(outages)):
        loading, vm = dense.loading_percent[i], dense.vm_pu[i]
        assert summary.max_loading_percent[i] == pytest.approx(np.nanmax(loading), abs=1e-3)
        assert loading[summary.max_loading_branch[i]] == pytest.approx(np.nanmax(loading), abs=1e-3)
        assert (summary.vm_min_pu[i], summary.vm_max_pu[i]) == pytest.approx((np.nanmin(vm), np.nanmax(vm)), abs=1e-7)
        excess = np.where(inside, np.fmax(vm - high, low - vm), 0.0)
        assert summary.voltage_violations[i] == np.sum(excess > 1e-9)
        assert summary.voltage_excess_pu[i] == pytest.approx(max(np.nanmax(excess), 0.0), abs=1e-7)
        own = summary.over_outage == i
        assert sorted(summary.over_branch[own].tolist()) == np.flatnonzero(loading > 75.0).tolist()
        assert (np.diff(summary.over_percent[own]) <= 0).all()
        overload, share = max(np.nanmax(loading) - 75.0, 0.0), dense.lost_load_mw[i] / state.load_drawn_mw.sum()
        assert summary.severity[i] == pytest.approx(overload + 1000 * summary.voltage_excess_pu[i] + 100 * share, abs=1e-3)
    assert (np.diff(summary.over_outage) >= 0).all()
    assert (np.diff(summary.severity[summary.order]) <= 2e-6).all()
    assert sorted(summary.order.tolist()) == list(range(len(outages)))


def test_small_blocks_come_to_the_same_summary(case39: Grid) -> None:
    """Numbers of outages and overloads run on over the blocks; the progress reaches the caller."""
    state, told = case39.state_at(), list[tuple[int, int]]()
    outages = single_outages(state)
    whole = summarise(state, outages, LIMITS, progress=lambda done, total: told.append((done, total)))
    cut = summarise(state, outages, LIMITS, screen=lambda s, o, **how: screen_blocks(s, o, block=5, **how))
    assert told == [(47, 47)]
    for name in ("over_outage", "over_branch", "order", "islands", "max_loading_branch"):
        assert getattr(whole, name).tolist() == getattr(cut, name).tolist()
    np.testing.assert_allclose(whole.over_percent, cut.over_percent, atol=1e-3)
    assert (summarise(state, [], LIMITS).order.tolist(), summarise(state, [], LIMITS).reason) == ([], ())


def test_severity_adds_percent_voltage_and_lost_load() -> None:
    """5 % above the limit, 0.02 pu outside the band, a tenth of the load: 5 + 20 + 10 points; ties by loading, unsolved last."""
    assert severity_of(5.0, 0.02, 0.1) == pytest.approx(35.0)
    points = severity_of(
        np.array([0.0, 5.0, 0.0, np.nan, 0.0]), np.array([0.0, 0.0, 0.005, 0.0, 0.0]), np.array([0.05, 0.0, 0.0, 0.0, 0.9])
    )
    loading = np.array([80.0, 105.0, 60.0, np.nan, np.nan])
    assert gravest_first(points, loading).tolist() == [4, 1, 0, 2, 3]
    twins = np.array([64.50946863308329, 64.50946863308727, 70.0])
    assert gravest_first(np.array([1.0, 1.0 + 1e-12, 1.0]), twins).tolist() == [2, 0, 1]


def test_the_compiled_loops_equal_numpy(default_grid: Grid) -> None:
    """Loadings of all outages from the same voltages, with `branch_flows`: equal to 1e-9 %."""
    state = default_grid.state_at()
    base = base_of(state)
    assert base.live is not None
    random = np.random.default_rng(1)
    shape = (5, len(base.voltage))
    voltage = base.voltage * (1 + 0.05 * random.standard_normal(shape) + 0.05j * random.standard_normal(shape))
    flows = branch_flows(state, base.topology, base.live.to_nodes(voltage))
    expected = loading_percent(state.model, flows.i_from_ka, flows.i_to_ka)
    from grid_models.contingency.batch import Solved
    from grid_models.contingency.loading import Readings

    loading, vm = np.empty_like(expected), np.empty((5, len(base.vm_pu)))
    Readings(base, base.live, 2).write(Solved(voltage, np.arange(5), np.arange(5)), loading, vm)
    np.testing.assert_allclose(loading, expected, atol=1e-9)
    np.testing.assert_allclose(vm, np.abs(base.live.to_nodes(voltage))[:, base.topology.node_of_bus], atol=1e-12)


def test_warming_up_leaves_nothing_to_compile(case39: Grid, default_grid: Grid) -> None:
    """After it every compiled loop serves real screenings with the code it has."""
    warm_up()
    loops = [getattr(kernels, name) for name in ("loading_rows", "voltage_rows", "dead_rows", "judge_rows", "overloads")]
    compiled = [sum(loop.stats.cache_misses.values()) + sum(loop.stats.cache_hits.values()) for loop in loops]
    for grid in (case39, default_grid):
        state = grid.state_at()
        summarise(state, outages_of_kinds(state, tuple(OutageKind)), LIMITS)
    assert [sum(loop.stats.cache_misses.values()) + sum(loop.stats.cache_hits.values()) for loop in loops] == compiled
