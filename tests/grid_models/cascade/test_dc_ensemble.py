"""What ensembles of DC cascades promise: the same numbers every time, monotone in the ratings, balanced, stoppable, in plain refusals."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_models.cascade.dc_ensemble import DcEnsemble, Run, ensemble, ensemble_of
from grid_models.cascade.dc_factor import Pattern, factorise, pattern_of, take_out
from grid_models.cascade.dc_grid import CascadeGrid, InvalidCascade, cascade_grid
from grid_models.cascade.dc_outages import random_outages
from grid_models.cascade.plain_dc import cascade
from grid_models.errors import PowerFlowDiverged, StudyCancelled
from grid_models.steady.dc import dc_flow, limits_mw
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState


@pytest.fixture(scope="module")
def case118() -> GridState:
    return load_grid("case118").state_at()


@pytest.fixture(scope="module")
def rating(case118: GridState) -> FloatArray:
    flow = np.abs(dc_flow(case118).flow_mw)
    return np.asarray(np.maximum(1.05 * flow, 10.0))


def _equal(one: DcEnsemble, other: DcEnsemble) -> bool:
    fields = ("lost_load_mw", "rounds", "tripped", "islands", "out")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in fields)


def test_threads_and_repetition_change_no_bit(case118: GridState, rating: FloatArray) -> None:
    """One thread, three, and once more: every number is the same to the last bit."""
    outages = random_outages(case118, 4000, seed=1)
    runs = [ensemble(case118, outages, rating_mw=rating, threads=threads, keep_sets=True) for threads in (1, 3, 3)]
    assert _equal(runs[0], runs[1])
    assert _equal(runs[1], runs[2])


def test_a_sample_knows_nothing_of_its_neighbours(case118: GridState, rating: FloatArray) -> None:
    """The samples in reverse order, and the order of branches within one, give the same results reversed."""
    outages = random_outages(case118, 500, seed=2)
    there = ensemble(case118, outages, rating_mw=rating, keep_sets=True)
    back = ensemble(case118, outages[::-1, ::-1], rating_mw=rating, keep_sets=True)
    assert np.array_equal(there.out, back.out[::-1])
    assert there.lost_load_mw == pytest.approx(back.lost_load_mw[::-1], abs=1e-9)


def test_higher_ratings_lose_less_on_average(case118: GridState, rating: FloatArray) -> None:
    """The same 2,000 double outages with ratings from 100 % to 400 %; without limits only what is cut off is lost."""
    outages = random_outages(case118, 2000, seed=3)
    lost = [ensemble(case118, outages, rating_mw=rating, rating_factor=f).lost_load_mw.mean() for f in (1.0, 1.2, 1.5, 2.0, 3.0, 4.0)]
    assert all(more >= less for more, less in pairwise(lost))
    assert lost[0] > 10 * lost[-1]


@pytest.mark.parametrize("islands", ["balanced", "dead"])
def test_every_node_is_balanced_in_every_round(case118: GridState, rating: FloatArray, islands: str) -> None:
    """Injection equals what lines carry away, in each living island without help from outside: 1e-8 MW, deep cascades included."""
    found = ensemble(case118, random_outages(case118, 1000, seed=4), rating_mw=rating, islands=islands, check=True)  # type: ignore[arg-type]
    assert found.rounds.max() >= 5
    assert found.imbalance_mw.max() < 1e-8


def test_generation_covers_demand_in_each_island_of_the_plain_path(case118: GridState, rating: FloatArray) -> None:
    """Island by island, round by round: without an infeed, what is given is what is served; load once shed does not come back."""
    grid = cascade_grid(case118, rating)
    for outage in random_outages(case118, 20, seed=5):
        served = np.ones(grid.nodes)
        for step in cascade(grid, outage).steps:
            net = step.given * grid.generation_mw - step.served * grid.demand_mw
            island_of_infeed = step.island[grid.free :]
            alone = ~np.isin(step.island, island_of_infeed)
            assert np.bincount(step.island[alone], net[alone]) == pytest.approx(0.0, abs=1e-9)
            assert (step.served <= served + 1e-12).all()
            served = step.served


def test_dead_islands_never_lose_less_at_once(case118: GridState) -> None:
    """Without limits nothing trips: the same islands, and those without an infeed lose at least what they would shed."""
    none = np.full(len(case118.branch_on), np.nan)
    outages = random_outages(case118, 3000, seed=6, together=6)
    balanced, dead = (ensemble(case118, outages, rating_mw=none, islands=rule) for rule in ("balanced", "dead"))  # type: ignore[arg-type]
    assert (dead.lost_load_mw >= balanced.lost_load_mw - 1e-9).all()
    assert dead.lost_load_mw.sum() > balanced.lost_load_mw.sum() > 0
    assert dead.rounds.max() == 0
    assert (dead.islands == 1).all()


def test_the_model_s_ratings_are_the_default(default_grid: Grid) -> None:
    """Without an array the limits of the DC model hold; halving them is a factor of a half."""
    state = default_grid.state_at()
    outages = random_outages(state, 300, seed=7)
    half = ensemble(state, outages, rating_factor=0.5, keep_sets=True)
    assert half.tripped.max() > 0
    assert _equal(half, ensemble(state, outages, rating_mw=limits_mw(state) / 2, keep_sets=True))


def test_a_stop_button_is_heard_and_progress_ends_at_the_total(case118: GridState, rating: FloatArray) -> None:
    """Progress rises to the number of samples; a study stopped on the way says how far it came."""
    outages, seen = random_outages(case118, 5000, seed=8), []
    ensemble(case118, outages, rating_mw=rating, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (5000, 5000)
    with pytest.raises(StudyCancelled, match="5000 cascades"):
        ensemble(case118, outages, rating_mw=rating, cancelled=lambda: True)


def test_memory_does_not_grow_with_the_samples(case118: GridState) -> None:
    """Forty thousand samples more take their outages and results, some 50 bytes each, and 4 MiB of anything else at most."""
    none = np.full(len(case118.branch_on), np.nan)
    outages = random_outages(case118, 44_000, seed=9)
    peaks = []
    for samples in (4_000, 44_000):
        tracemalloc.start()
        ensemble(case118, outages[:samples], rating_mw=none)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] - peaks[0] < 40_000 * 50 + 4 * 2**20


def test_random_outages_are_different_branches_equally_likely(case118: GridState) -> None:
    """The same for the same seed; no branch twice in a sample; all 186 branches in turn, none twice as often as the mean."""
    outages = random_outages(case118, 20_000, seed=10, together=3)
    assert np.array_equal(outages, random_outages(case118, 20_000, seed=10, together=3))
    assert (np.diff(np.sort(outages, axis=1), axis=1) > 0).all()
    counts = np.bincount(outages.ravel(), minlength=186)
    assert (np.abs(counts / counts.mean() - 1) < 0.25).all()


def test_what_fits_no_grid_is_refused_in_a_sentence(case118: GridState, rating: FloatArray) -> None:
    """Unknown rows, a wrong number of ratings, a negative one, a factor of nothing, an unknown rule, too many at once."""
    for outages, options, words in (
        ([[0, 186]], {}, "branches are 0 to 185"),
        ([[0, 1]], {"rating_mw": rating[1:]}, "186 branches"),
        ([[0, 1]], {"rating_mw": -rating}, "0 or more"),
        ([[0, 1]], {"rating_factor": 0.0}, "above 0"),
        ([[0, 1]], {"islands": "alive"}, "'balanced' and 'dead' exist"),
    ):
        with pytest.raises(InvalidCascade, match=words):
            ensemble(case118, np.array(outages), **options)  # type: ignore[arg-type]
    with pytest.raises(InvalidCascade, match="1 to 186"):
        random_outages(case118, 1, seed=0, together=187)
    dark = case118.with_arrays(infeed_on=np.zeros_like(case118.infeed_on))
    with pytest.raises(PowerFlowDiverged):
        ensemble(dark, np.array([[0, 1]]), rating_mw=rating)


def test_a_weak_line_beside_a_lost_strong_one_carries_the_load_to_the_last_digit() -> None:
    """A line of 1.0003 MW/rad beside a coupler of some 3e12: taken off each other, four digits would be left, and 10 MW look like 9.998.

    Its rating is those 10 MW: it holds. At 9.9999 MW it trips, and the load is lost. Twenty idle nodes behind the load make the grid
    large enough for changes of its factors.
    """
    idle = np.arange(20)
    for limit, lost in ((10.0, 0.0), (9.9999, 10.0)):
        grid = CascadeGrid(
            branches=23,
            branch=np.arange(23),
            from_node=np.concatenate([[22, 22, 21], idle]),
            to_node=np.concatenate([[21, 21, 20], np.full(20, 20)]),
            susceptance_mw=np.concatenate([[np.pi * 1e12, 1.0003, 100.0], np.full(20, 100.0)]),
            shift_rad=np.zeros(23),
            limit_mw=np.concatenate([[1e300, limit], np.full(21, 1e300)]),
            held_rad=np.zeros(1),
            generation_mw=np.zeros(23),
            demand_mw=np.eye(23)[20] * 10.0,
            load_mw=np.eye(23)[20] * 10.0,
        )
        found = ensemble_of(grid, np.array([[0]]), Run(check=True))
        assert found.lost_load_mw.tolist() == [lost]
        assert found.imbalance_mw[0] < 1e-6


@given(seed=st.integers(0, 2**32))
@settings(max_examples=50, deadline=None)
def test_one_line_at_a_time_gives_the_factors_of_a_new_factorisation(seed: int) -> None:
    """A ring with chords loses three chords: L and D as if factorised without them, to 1e-10."""
    rng = np.random.default_rng(seed)
    size, chords = 12, rng.integers(0, 13, (8, 2))
    one = np.concatenate([np.arange(size), [size], chords[:, 0]])
    other = np.concatenate([np.arange(1, size + 1), [0], chords[:, 1]])
    susceptance = rng.uniform(50.0, 500.0, len(one))
    pattern = pattern_of(size, one, other)
    value, pivot = _factors(pattern, size, one, other, susceptance)
    left = susceptance.copy()
    for line in (13, 16, 19):
        assert take_out(pattern, value, pivot, np.zeros(size), int(one[line]), int(other[line]), float(susceptance[line]))
        left[line] = 0.0
    again = _factors(pattern, size, one, other, left)
    assert value == pytest.approx(again[0], abs=1e-10)
    assert pivot == pytest.approx(again[1], rel=1e-10)


def _factors(pattern: Pattern, size: int, one: IntArray, other: IntArray, susceptance: FloatArray) -> tuple[FloatArray, FloatArray]:
    diagonal, upper = np.zeros(size + 1), np.zeros(len(pattern.upper_row))
    real = np.where(one == other, 0.0, susceptance)
    for ends in (one, other):
        np.add.at(diagonal, ends, real)
    inside = pattern.entry >= 0
    np.add.at(upper, pattern.entry[inside], -real[inside])
    value, pivot = np.zeros(len(pattern.row)), np.zeros(size)
    factorise(pattern, diagonal[:size], upper, value, pivot, np.zeros(size))
    return value, pivot


def test_nothing_trips_where_there_is_no_voltage() -> None:
    """A triangle 0-1-2 fed at 0, 3 MW at 1, 100 MW/rad each; a phase shifter of 0.05 rad on 0-1 drives 100 · 0.05 / 3 = 1.67 MW round.

    Alive, 0-1 carries 2 − 1.67 = 0.33 MW, within its 1 MW. Once the feed is lost it is dead; a matrix alone would see 1.67 MW there.
    """
    grid = CascadeGrid(
        branches=4,
        branch=np.arange(4),
        from_node=np.array([3, 0, 0, 1]),
        to_node=np.array([0, 1, 2, 2]),
        susceptance_mw=np.full(4, 100.0),
        shift_rad=np.array([0.0, 0.05, 0.0, 0.0]),
        limit_mw=np.array([1e300, 1.0, 1e300, 1e300]),
        held_rad=np.zeros(1),
        generation_mw=np.zeros(4),
        demand_mw=np.array([0.0, 3.0, 0.0, 0.0]),
        load_mw=np.array([0.0, 3.0, 0.0, 0.0]),
    )
    assert cascade(grid, np.array([-1])).steps[0].flow_mw == pytest.approx([3, 1 / 3, 8 / 3, -8 / 3])
    found = ensemble_of(grid, np.array([[-1], [0]]), Run())
    assert found.lost_load_mw.tolist() == [0.0, 3.0]
    assert found.tripped.tolist() == [0, 0]
    assert found.islands.tolist() == [1, 1]
