"""The history: bounded, nothing told twice or dropped, the same after a restart, lost only with a sentence."""

import math
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grid_models.errors import AmbiguousElement, InvalidAction, UnknownElement
from grid_models.history import History, HistoryLost, Series, Trended, resumed, trend
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.trends.record import Record
from grid_models.twin.profiles import Grid

START = datetime(2016, 8, 12, 9, 45, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
def solved(training: Grid) -> Solution:
    """One solved state of the training substation."""
    return solve(training.state_at())


def at_voltage(solved: Solution, vm_pu: float) -> Solution:
    """The same state with one voltage everywhere."""
    return replace(solved, vm_pu=np.full(len(solved.vm_pu), vm_pu))


def seen(past: History) -> Series:
    """The first bus's voltage."""
    return past.series(Trended.VOLTAGE, 0)


def numbered(count: int, step_s: float = 4.0, budget: float = 1e9) -> Record:
    """Samples 1, 2, 3, ... in one column."""
    record = Record(1, budget)
    for number in range(1, count + 1):
        record.take(number * step_s, "good", np.array([number], dtype=np.float32))
    return record


def told(record: Record) -> list[tuple[int, int, float]]:
    """First sample, last sample and value of every row that is told, oldest first."""
    rows = [(ring.marks[place], ring.values[place, 0]) for ring, order in record.chosen() for place in order]
    return [(int(mark["first"]), int(mark["last"]), float(value)) for mark, value in rows]


def test_what_is_appended_is_told(solved: Solution) -> None:
    """Voltages, flows, loadings, loads, generation and infeed, with the plant time and quality they came with."""
    past = History(solved.model)
    past.append(START, solved)
    past.append(START + 4 * SECOND, solved, "doubtful")
    branch = past.series(Trended.LOADING, solved.model.branches.name[0])
    assert branch.values == pytest.approx([solved.loading_percent[0]] * 2, rel=1e-6)
    assert branch.times == (START, START + 4 * SECOND)
    assert branch.quality == ("good", "doubtful")
    assert past.series(Trended.LOAD).values[0] == pytest.approx(solved.state.load_drawn_mw.sum())
    assert past.series(Trended.INFEED, 0).values[0] == pytest.approx(solved.infeed_p_mw[0])
    assert past.series(Trended.FLOW, 0).unit == "MW"


def test_a_dead_busbar_has_no_voltage(solved: Solution) -> None:
    """NaN, not zero, and no trend."""
    past = History(solved.model)
    for i in range(3):
        past.append(START + i * SECOND, at_voltage(solved, math.nan))
    assert np.isnan(seen(past).values).all()
    assert trend(seen(past)) is None


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 6000), step_s=st.sampled_from([1.0, 4.0, 37.0, 240.0]), budget=st.sampled_from([1e9, 4e4]))
def test_every_sample_is_told_once_until_it_is_too_old(count: int, step_s: float, budget: float) -> None:
    """Rows follow one another without hole or overlap up to the newest; each mean is the mean of its samples."""
    rows = told(numbered(count, step_s, budget))
    assert rows[-1][1] == count
    assert all(after[0] == before[1] + 1 for before, after in pairwise(rows))
    assert all(value == pytest.approx((first + last) / 2) for first, last, value in rows)


def test_a_day_is_kept_although_the_hour_is_over() -> None:
    """After a day at full rate the first sample of it is still told, within a mean."""
    assert told(numbered(20_000))[0][0] == 1


def test_memory_never_grows(solved: Solution) -> None:
    """Two more hours of samples allocate nothing that stays, and the rings keep their size."""
    past = History(solved.model)
    size = past.nbytes
    for i in range(1000):
        past.append(START + 4 * i * SECOND, solved)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for i in range(1000, 2800):
        past.append(START + 4 * i * SECOND, solved)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000
    assert past.nbytes == size


def test_a_large_grid_keeps_less_instead_of_more_memory(default_grid: Grid) -> None:
    """The budget shortens all three spans alike."""
    small = History(default_grid.model, budget_mib=1.0)
    assert small.nbytes <= 2**20
    assert History(default_grid.model).rows_kept == (900, 1440, 2976)
    assert History(default_grid.model).nbytes < 16 * 2**20


def test_a_clock_that_goes_back_leaves_a_gap_and_everything_stays(solved: Solution) -> None:
    """Rows stay in the order recorded; the trend looks only at what came after the jump."""
    past = History(solved.model)
    for i, (second, vm_pu) in enumerate([(0, 1.0), (4, 1.1), (-3600, 0.9), (-3596, 0.95)]):
        past.append(START + second * SECOND, at_voltage(solved, vm_pu))
        assert len(seen(past)) == i + 1
    assert seen(past).gap.tolist() == [False, False, True, False]
    found = trend(seen(past))
    assert (found.first, found.last, found.samples) == (pytest.approx(0.9), pytest.approx(0.95), 2)


def test_a_pause_is_a_gap_and_a_faster_plant_is_none(solved: Solution) -> None:
    """Ten minutes without a state after one every four seconds; a plant at sixty times the pace gets used to."""
    past = History(solved.model)
    times = [*range(0, 80, 4), *range(680, 680 + 60 * 240, 240)]
    for second in times:
        past.append(START + second * SECOND, solved)
    gap = seen(past).gap
    assert gap[20]
    assert not gap[:20].any()
    assert not gap[-20:].any()


def test_a_mean_never_reaches_across_a_gap() -> None:
    """The samples on both sides of a jump within one minute are two means."""
    record = Record(1, 4e4)
    for time_s, value in [(0.0, 1.0), (4.0, 1.0), (2.0, 9.0), (6.0, 9.0), (70.0, 0.0)]:
        record.take(time_s, "good", np.array([value], dtype=np.float32))
    minutes = record.rings[1]
    assert minutes.values[minutes.order(), 0].tolist() == [1.0, 9.0]


def test_a_restart_changes_nothing(solved: Solution, tmp_path: Path) -> None:
    """Saved, loaded and continued is the same as never stopped, unfinished means included."""
    whole, first = History(solved.model), History(solved.model)
    states = [(START + 4 * i * SECOND, at_voltage(solved, 1.0 + 0.01 * math.sin(i / 50))) for i in range(2100)]
    for past, part in ((whole, states), (first, states[:1234])):
        for time, state in part:
            past.append(time, state)
    first.save(tmp_path / "history.npz")
    second, lost = resumed(solved.model, tmp_path / "history.npz")
    assert lost is None
    for time, state in states[1234:]:
        second.append(time, state)
    one, two = seen(whole), seen(second)
    assert np.array_equal(one.values, two.values)
    assert np.array_equal(one.time_s, two.time_s)
    assert second.samples == 2100


def test_another_grids_history_is_refused(solved: Solution, case118: Grid, tmp_path: Path) -> None:
    """In one sentence; and recording goes on, empty."""
    past = History(solved.model)
    past.append(START, solved)
    past.save(tmp_path / "history.npz")
    with pytest.raises(HistoryLost, match="belongs to another grid"):
        History.load(case118.model, tmp_path / "history.npz")
    empty, lost = resumed(case118.model, tmp_path / "history.npz")
    assert empty.samples == 0
    assert "recording goes on" in str(lost)


@pytest.mark.parametrize("keep", [0, 10, 0.5, 0.99])
def test_a_damaged_file_is_refused(solved: Solution, tmp_path: Path, keep: float) -> None:
    """Empty, a stump, half, or nearly whole."""
    path = tmp_path / "history.npz"
    past = History(solved.model)
    past.append(START, solved)
    past.save(path)
    data = path.read_bytes()
    path.write_bytes(data[: keep if isinstance(keep, int) else int(keep * len(data))])
    with pytest.raises(HistoryLost, match="cannot be read"):
        History.load(solved.model, path)


def test_no_file_is_an_empty_history(solved: Solution, tmp_path: Path) -> None:
    """The first start is no loss."""
    assert resumed(solved.model, tmp_path / "history.npz")[1] is None


def test_saving_leaves_no_draft(solved: Solution, tmp_path: Path) -> None:
    """One file, also when written twice."""
    past = History(solved.model)
    for _ in range(2):
        past.append(START, solved)
        past.save(tmp_path / "history.npz")
    assert [p.name for p in tmp_path.iterdir()] == ["history.npz"]


def test_names_are_those_of_the_grid(default_grid: Grid) -> None:
    """An unknown name, a name of another kind and a total that means nothing are refused."""
    past = History(default_grid.model)
    assert len(past.series(Trended.LOADING, "HV1 Line 12")) == 0
    with pytest.raises(UnknownElement):
        past.series(Trended.VOLTAGE, "HV1 Line 12")
    with pytest.raises(UnknownElement):
        past.series(Trended.LOAD, 5000)
    with pytest.raises(InvalidAction, match="one element"):
        past.series(Trended.VOLTAGE)


def test_circuits_of_one_name_are_asked_back(case118: Grid) -> None:
    """Two lines between the same ends are two."""
    with pytest.raises(AmbiguousElement):
        History(case118.model).series(Trended.FLOW, "Line 49-54")


def line(rate_per_hour: float, noise: float = 0.0, samples: int = 100) -> Series:
    """A loading that starts at 80 percent and moves at a rate."""
    time_s = np.arange(samples) * 36.0
    values = 80.0 + rate_per_hour * time_s / 3600 + noise * np.random.default_rng(1).normal(size=samples)
    return Series(Trended.LOADING, "Line 1", time_s, values, np.zeros(samples, dtype=bool), ("good",) * samples)


def test_a_trend_says_when_the_limit_is_crossed() -> None:
    """From 80 percent at 5 points an hour, after 0.99 hours, 100 percent is 3.01 hours away."""
    found = trend(line(5.0), limit=100.0)
    assert found.rate_per_hour == pytest.approx(5.0)
    assert found.hours_to_limit == pytest.approx(3.01)
    assert found.change == pytest.approx(4.95)


def test_a_trend_away_from_the_limit_or_within_noise_crosses_nothing() -> None:
    """Falling, or not distinguishable from standing still."""
    assert trend(line(-5.0), limit=100.0).hours_to_limit is None
    noisy = trend(line(0.01, noise=2.0), limit=100.0)
    assert noisy.steady
    assert noisy.hours_to_limit is None


def test_a_lower_limit_is_crossed_downwards() -> None:
    """And one that is crossed already is zero hours away."""
    assert trend(line(-5.0), limit=70.0, upper=False).hours_to_limit == pytest.approx((75.05 - 70.0) / 5.0)
    assert trend(line(5.0), limit=82.0).hours_to_limit == 0.0


def test_since_leaves_out_what_is_older(solved: Solution) -> None:
    """By plant time."""
    past = History(solved.model)
    for i in range(10):
        past.append(START + 4 * i * SECOND, solved)
    assert len(past.series(Trended.VOLTAGE, 0, since=START + 20 * SECOND)) == 5
