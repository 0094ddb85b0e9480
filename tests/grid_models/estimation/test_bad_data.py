"""Wrong meters are found and left out, right ones are kept or taken back, and what cannot be told apart is said."""

from dataclasses import replace

import numpy as np
import pytest

from grid_models.estimation.bad_data import clean, expected_false_alarms, family_threshold
from grid_models.estimation.estimate import estimate
from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import instruments_of
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.telemetry.readings import measured


def noisy(solution: Solution, seed: int = 3) -> MeasurementSet:
    """What the plant's own meters read."""
    return measured(solution, instruments_of(solution.model), np.random.default_rng(seed))


def spoilt(given: MeasurementSet, **errors: float) -> MeasurementSet:
    """The set with errors in standard deviations at row numbers: r12=20."""
    value = given.value.copy()
    for row, error in errors.items():
        value[int(row[1:])] += error * given.sigma[int(row[1:])]
    return replace(given, value=value)


def removed(given: MeasurementSet, solution: Solution) -> set[int]:
    found = clean(estimate(solution.model, given, threshold=family_threshold(len(given)), known=solution.state))
    assert len(found.removed) <= 2
    return {i for r in found.removed for i in r.measurements}


def strongest(given: MeasurementSet, solution: Solution, count: int) -> list[int]:
    """Rows whose errors show best: those that the others know most of."""
    first = estimate(solution.model, given, known=solution.state)
    left = np.full(len(given), np.nan)
    table = first.layout.table
    left[table.entry_measurement] = (first.row_variance * first.rows.weight)[table.entry_row]
    order = np.argsort(-np.nan_to_num(left))
    return [int(i) for i in order if given.quantity[i] in (Quantity.P_FROM, Quantity.P_TO)][:count]


def test_one_wrong_meter_is_removed_and_no_other(solved14: Solution) -> None:
    """The ten best-watched flow meters of case14, each off by 15 standard deviations."""
    given = noisy(solved14)
    for row in strongest(given, solved14, 10):
        assert removed(spoilt(given, **{f"r{row}": 15.0}), solved14) == {row}


def test_two_wrong_meters_are_removed(solution_of) -> None:
    """Two at once on case118, far apart."""
    solution = solution_of("case118")
    given = noisy(solution)
    one, *_, other = strongest(given, solution, 12)
    assert removed(spoilt(given, **{f"r{one}": 20.0, f"r{other}": -18.0}), solution) == {one, other}


def test_what_was_dragged_along_is_taken_back(solved14: Solution) -> None:
    """After the search, everything that was removed disagrees with the estimate made without it."""
    given = noisy(solved14)
    one, other = strongest(given, solved14, 2)
    found = clean(estimate(solved14.model, spoilt(given, **{f"r{one}": 25.0, f"r{other}": 25.0}), known=solved14.state), threshold=4.0)
    after = found.after
    for gone in found.removed:
        row = gone.row
        own = after.layout.table.variance(given.sigma)[row]
        assert abs(after.row_residual[row]) > 3.0 * np.sqrt(own)


def test_a_good_set_keeps_everything(solved14: Solution) -> None:
    """At the threshold for the whole set, one set of a hundred would lose a meter; these twenty lose none or one."""
    assert sum(bool(removed(noisy(solved14, seed), solved14)) for seed in range(20)) <= 1


def test_thresholds_grow_with_the_number_of_meters() -> None:
    """1 % for the whole set is 4 sigma for a hundred meters and 5 for ten thousand; never below 3."""
    assert family_threshold(100) == pytest.approx(3.89, abs=0.01)
    assert family_threshold(10_000) == pytest.approx(4.89, abs=0.01)
    assert family_threshold(1) == 3.0
    assert expected_false_alarms(1000, 3.0) == pytest.approx(2.7, abs=0.01)
