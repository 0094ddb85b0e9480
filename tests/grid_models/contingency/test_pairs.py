"""Screening of all pairs against a new DC solution of each, and by properties."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from grid_models.contingency import pair_tiles
from grid_models.contingency.pairs import PairScreening, screen_pairs
from grid_models.errors import PowerFlowDiverged, StudyCancelled
from grid_models.steady.dc import dc_flow
from grid_models.steady.supply import lost_supply
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

EVERYTHING = 10**6


def _limits(state: GridState, factor: float, more_mw: float) -> FloatArray:
    """Made-up limits above the base flows, every ninth branch unwatched."""
    limits = factor * np.abs(dc_flow(state).flow_mw) + more_mw
    limits[::9] = np.nan
    return limits


def _after(state: GridState, one: int, other: int) -> GridState:
    branch_on = state.branch_on.copy()
    branch_on[[one, other]] = False
    return state.with_arrays(branch_on=branch_on)


def _lost_mw(state: GridState, one: int, other: int) -> float:
    return lost_supply(state, _after(state, one, other)).load_mw


def _worst_share(state: GridState, one: int, other: int, limits: FloatArray) -> float:
    """In plain words: take both out, solve again, look at every watched branch."""
    return float(np.nanmax(np.abs(dc_flow(_after(state, one, other)).flow_mw) / limits))


def _agrees_with_new_solutions(state: GridState, limits: FloatArray, screening: PairScreening, pairs: list[tuple[int, int]]) -> FloatArray:
    """Listed exactly if beyond 90 %, with the right share; (pairs,) the worst shares."""
    shares = [_worst_share(state, one, other, limits) for one, other in pairs]
    listed = {(int(k), int(m)): i for i, (k, m) in enumerate(zip(screening.first, screening.second, strict=True))}
    for (one, other), worst in zip(pairs, shares, strict=True):
        assert ((one, other) in listed) == (worst > 0.9)
        if worst > 0.9:
            assert screening.worst_percent[listed[one, other]] == pytest.approx(worst * 100, rel=1e-8)
    return np.array(shares)


def _all_pairs(state: GridState) -> list[tuple[int, int]]:
    return list(combinations(np.flatnonzero(topology_of(state).branch_live).tolist(), 2))


@pytest.mark.parametrize(("factor", "more_mw"), [pytest.param(1.2, 5.0, marks=pytest.mark.slow), (2.0, 100.0)])
def test_all_pairs_of_case39_equal_new_solutions(case39: Grid, factor: float, more_mw: float) -> None:
    """Counts and every worst loading, those with bridges (each machine's transformer) and two-branch cuts included."""
    state = case39.state_at()
    limits = _limits(state, factor, more_mw)
    screening = screen_pairs(state, limits, cap=EVERYTHING)
    pairs = _all_pairs(state)
    worst = _agrees_with_new_solutions(state, limits, screening, pairs)
    assert (screening.overloading, screening.within_margin) == (int(np.sum(worst > 1)), int(np.sum(worst > 0.9)))
    assert screening.left_out == 0
    cuts = [bool((topology_of(state).bus_live & ~topology_of(_after(state, k, m)).bus_live).any()) for k, m in pairs]
    assert (screening.pairs, screening.islanding) == (len(pairs), sum(cuts))


def test_a_sample_of_the_default_grid_equals_new_solutions(default_grid: Grid) -> None:
    """Three infeeds, open line ends, parallel circuits."""
    state = default_grid.state_at()
    limits = _limits(state, 1.2, 5.0)
    pairs = _all_pairs(state)
    sample = [pairs[i] for i in np.random.default_rng(1).choice(len(pairs), 400, replace=False)]
    _agrees_with_new_solutions(state, limits, screen_pairs(state, limits, cap=EVERYTHING), sample)


def _plain_counts(state: GridState, limits: FloatArray) -> tuple[int, int, int]:
    """Meshed pairs, and how many overload, by dense numpy: no sorting, no skipping, one outage against all others at a time."""
    dc, topology = dc_flow(state), topology_of(state)
    live, free = np.flatnonzero(topology.branch_live), np.flatnonzero(topology.node_live & ~dc.held)
    incidence = np.zeros((len(live), len(dc.held)))
    incidence[np.arange(len(live)), topology.from_node[live]] += 1
    incidence[np.arange(len(live)), topology.to_node[live]] -= 1
    incidence, b, flow = incidence[:, free], dc.susceptance_mw[live], dc.flow_mw[live]
    per_mw = b[:, None] * (incidence @ np.linalg.solve(incidence.T @ (b[:, None] * incidence), incidence.T))
    meshed = np.flatnonzero(np.abs(1.0 - np.diag(per_mw)) > 1e-9)  # beyond 1 beside a negative reactance
    factors = per_mw[:, meshed] / (1.0 - np.diag(per_mw)[meshed])
    between, limit = factors[meshed], np.where(np.isnan(limits[live]), np.inf, limits[live])
    counted = over = 0
    for k in range(len(meshed)):
        rest = np.arange(k + 1, len(meshed))
        determinant = 1.0 - between[rest, k] * between[k, rest]
        rest = rest[np.abs(determinant) > 1e-9]
        determinant = 1.0 - between[rest, k] * between[k, rest]
        a = (flow[meshed[k]] + between[k, rest] * flow[meshed[rest]]) / determinant
        e = (flow[meshed[rest]] + between[rest, k] * flow[meshed[k]]) / determinant
        after = np.abs(flow[:, None] + factors[:, [k]] * a + factors[:, rest] * e)
        after[meshed[k]] = after[meshed[rest], np.arange(len(rest))] = 0.0
        counted += len(rest)
        over += int((after > limit[:, None]).any(axis=0).sum())
    return len(meshed), counted, over


def _without_islanding(state: GridState, screening: PairScreening, limits: FloatArray) -> int:
    """Of the overloading pairs those that cut nothing off."""
    over = screening.worst_percent > 100.0
    before = topology_of(state).node_live
    kept = 0
    for one, other in zip(screening.first[over], screening.second[over], strict=True):
        kept += not (before & ~topology_of(_after(state, int(one), int(other))).node_live).any()
    return kept


@pytest.mark.parametrize(
    ("name", "factor", "more_mw"), [("case118", 1.5, 100.0), pytest.param("case300", 2.0, 500.0, marks=pytest.mark.slow)]
)
def test_the_counts_are_those_of_plain_numpy(grid_cache: Path, name: str, factor: float, more_mw: float) -> None:
    """case118 has 177 meshed branches: 15,576 pairs, of which 74 cut something off together."""
    state = load_grid(name, grid_cache).state_at()
    limits = factor * np.abs(dc_flow(state).flow_mw) + more_mw
    meshed, counted, over = _plain_counts(state, limits)
    screening = screen_pairs(state, limits, cap=EVERYTHING)
    assert screening.pairs - screening.with_bridge == meshed * (meshed - 1) // 2
    assert screening.pairs - screening.islanding == counted
    if name == "case118":
        assert (meshed, screening.cutting) == (177, 74)
    assert 0 < over == _without_islanding(state, screening, limits)


@pytest.mark.slow
def test_a_large_grid_equals_new_solutions_on_a_sample(grid_cache: Path) -> None:
    """case2869pegase: 4,582 branches, 10.5 million pairs, 7.23 million of them without a bridge."""
    state = load_grid("case2869pegase", grid_cache).state_at()
    limits = 3.0 * np.abs(dc_flow(state).flow_mw) + 1000.0
    screening = screen_pairs(state, limits, cap=EVERYTHING)
    assert screening.pairs == 4582 * 4581 // 2
    assert screening.pairs - screening.with_bridge == pytest.approx(7.23e6, rel=1e-3)
    assert 0 < screening.overloading <= screening.within_margin == len(screening.first)
    pairs = np.sort(np.random.default_rng(3).choice(len(state.branch_on), (150, 2)), axis=1)
    bounds = np.linspace(0, len(screening.first) - 1, 50).astype(int)
    listed = np.stack([screening.first[bounds], screening.second[bounds]], axis=1)
    sample = [(int(k), int(m)) for k, m in np.concatenate([pairs, listed]) if k != m]
    _agrees_with_new_solutions(state, limits, screening, sample)


def test_the_lost_load_is_that_of_both(default_grid: Grid, case39: Grid) -> None:
    """Pairs that lose more together than either alone, most first, valued as `lost_supply` values it."""
    for grid in (default_grid, case39):
        state = grid.state_at()
        screening = screen_pairs(state, _limits(state, 1.2, 5.0), keep=40)
        assert 0 < len(screening.losing_first) <= 40
        assert (np.diff(screening.losing_load_mw) <= 1e-9).all()
        for one, other, load in zip(screening.losing_first, screening.losing_second, screening.losing_load_mw, strict=True):
            both = _lost_mw(state, int(one), int(other))
            assert load == pytest.approx(both)
            assert all(_lost_mw(state, int(b), int(b)) < both for b in (one, other))


def test_no_pair_that_loses_load_is_missed(case39: Grid) -> None:
    """Every pair that loses more than either alone is in a list long enough for all."""
    state = case39.state_at()
    screening = screen_pairs(state, _limits(state, 1.2, 5.0))
    listed = set(zip(screening.losing_first.tolist(), screening.losing_second.tolist(), strict=True))
    alone = {b: _lost_mw(state, b, b) for b in range(len(state.branch_on))}
    assert listed == {(k, m) for k, m in _all_pairs(state) if _lost_mw(state, k, m) > max(alone[k], alone[m]) + 1e-9}


def test_a_pair_has_no_order(case118: Grid) -> None:
    """Each pair is listed once, its branches in the order of the table."""
    state = case118.state_at()
    limits = _limits(state, 1.5, 50.0)
    whole = screen_pairs(state, limits, cap=EVERYTHING)
    assert (whole.first < whole.second).all()
    assert len(set(zip(whole.first.tolist(), whole.second.tolist(), strict=True))) == len(whole.first)


def test_small_tiles_and_one_thread_find_the_same(case118: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiles of 32 outages meet in both orders, so that this also says that (k, l) is (l, k)."""
    state = case118.state_at()
    limits = _limits(state, 1.5, 50.0)
    whole = screen_pairs(state, limits, cap=EVERYTHING)
    monkeypatch.setattr(pair_tiles, "_TILE_BYTES", 1)
    told: list[tuple[int, int]] = []
    parts = screen_pairs(state, limits, cap=EVERYTHING, threads=1, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (17205, 17205)
    assert (parts.overloading, parts.within_margin) == (whole.overloading, whole.within_margin)
    assert set(zip(parts.first.tolist(), parts.second.tolist(), strict=True)) == set(
        zip(whole.first.tolist(), whole.second.tolist(), strict=True)
    )
    assert parts.worst_percent == pytest.approx(whole.worst_percent, rel=1e-9)


def test_a_short_list_holds_the_worst(case118: Grid) -> None:
    """The cap leaves out the least of those within the margin and says how many; counts stay."""
    state = case118.state_at()
    limits = _limits(state, 1.5, 50.0)
    whole, short = screen_pairs(state, limits, cap=EVERYTHING), screen_pairs(state, limits, keep=10, cap=50)
    assert short.worst_percent == pytest.approx(whole.worst_percent[:50])
    assert (short.left_out, short.overloading) == (whole.within_margin - 50, whole.overloading)


def test_far_from_any_limit_the_worst_are_still_listed(case118: Grid) -> None:
    """With ten times the limits nothing comes near one: the list holds the worst `keep`."""
    state = case118.state_at()
    limits = 10 * _limits(state, 2.0, 500.0)
    screening = screen_pairs(state, limits, keep=25)
    assert (screening.overloading, screening.within_margin, len(screening.first)) == (0, 0, 25)
    worst = max(_worst_share(state, k, m, limits) for k, m in _all_pairs(state)[::40])
    assert screening.worst_percent[0] >= worst * 100 - 1e-9


def test_with_an_unloaded_radial_branch_a_pair_is_a_single_outage(default_grid: Grid) -> None:
    """Losing also a branch that carries nothing and feeds nothing changes nothing: the pair's worst is that of the other alone."""
    state = default_grid.state_at()
    limits = _limits(state, 1.2, 5.0)
    limits[np.isnan(limits)] = 1e9
    dc = dc_flow(state)
    idle = np.flatnonzero(topology_of(state).branch_live & (np.abs(dc.flow_mw) < 1e-9))
    assert len(idle)
    screening = screen_pairs(state, limits, cap=EVERYTHING)
    for one, other, worst in zip(screening.first, screening.second, screening.worst_percent, strict=True):
        if (one in idle) != (other in idle):
            left = int(other) if one in idle else int(one)
            assert worst == pytest.approx(_worst_share(state, left, left, limits) * 100, rel=1e-8)


def test_without_ratings_islanding_is_still_found(case118: Grid) -> None:
    """Nothing is watched, nothing is ranked; bridges, cuts and lost load are there."""
    state = case118.state_at()
    screening = screen_pairs(state, np.full(len(state.branch_on), np.nan))
    assert (screening.monitored, screening.overloading, len(screening.first)) == (0, 0, 0)
    assert (screening.with_bridge, screening.cutting) == (17205 - 15576, 74)
    assert screening.losing_load_mw[0] > 0


def test_it_stops_when_told(case118: Grid) -> None:
    """Nothing goes on after the person cancelled."""
    state = case118.state_at()
    with pytest.raises(StudyCancelled):
        screen_pairs(state, _limits(state, 1.2, 5.0), cancelled=lambda: True)


def test_a_state_without_infeed_cannot_be_screened(case39: Grid) -> None:
    """The base state itself has no solution."""
    state = case39.state_at()
    with pytest.raises(PowerFlowDiverged):
        screen_pairs(state.with_arrays(infeed_on=np.zeros(1, dtype=bool)), _limits(state, 1.2, 5.0))
