"""Which limit holds where, and what violates it."""

from dataclasses import replace

import numpy as np
import pytest

from grid_models.limits import GRID_DATA_RULE, OperatingLimits, ViolationKind, VoltageBand, violations
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

BANDS = (VoltageBand("v110", 110.0, 300.0, 0.90, 1.118), VoltageBand("v380", 360.0, 410.0, 0.90, 1.05, base_kv=400.0))


def test_a_band_is_judged_on_its_own_base(default_grid: Grid) -> None:
    """1.05 pu of 400 kV is 420 kV, which is 1.105 pu of a 380-kV node."""
    buses = default_grid.model.buses
    low, high, rules = OperatingLimits(BANDS, 100.0, "loading").bus_limits_pu(buses)
    at_380 = int(np.flatnonzero(buses.nominal_kv == 380.0)[0])
    assert high[at_380] * 380.0 == pytest.approx(420.0)
    assert low[at_380] * 380.0 == pytest.approx(360.0)
    assert rules[at_380] == "v380"


def test_where_no_rule_holds_the_grid_data_does(case39: Grid) -> None:
    """345 kV lies in no band: the case's own 0.94 to 1.06 pu are used and named."""
    low, high, rules = OperatingLimits(BANDS, 100.0, "loading").bus_limits_pu(case39.model.buses)
    assert (low[0], high[0], rules[0]) == (0.94, 1.06, GRID_DATA_RULE)


def test_violations_come_gravest_first_and_on_both_sides(default_grid: Grid) -> None:
    """A tight pack finds overloads and voltages; a wide one nothing."""
    solution = solve(default_grid.state_at())
    tight = violations(solution, OperatingLimits((VoltageBand("v", 0, 1e3, 1.0, 1.11),), 70.0, "loading"))
    assert [v.severity for v in tight] == sorted((v.severity for v in tight), reverse=True)
    assert {v.kind for v in tight} == {ViolationKind.OVERLOAD, ViolationKind.OVERVOLTAGE}
    assert violations(solution, OperatingLimits((VoltageBand("v", 0, 1e3, 0.9, 1.2),), 100.0, "loading")) == []


def test_overloads_are_found_on_rated_branches_only(case39: Grid) -> None:
    """One rating less is one verdict less: the others keep theirs, and voltages are judged as before."""
    model = case39.model
    limits = OperatingLimits(BANDS, 40.0, "loading")
    before = violations(solve(case39.state_at()), limits)
    row = model.branches.name.index(next(v.element for v in before if v.kind is ViolationKind.OVERLOAD))
    rating = model.branches.rating_from_ka.copy()
    rating[row] = np.nan
    branches = replace(model.branches, rating_from_ka=rating, rating_to_ka=rating)
    assert branches.rated.tolist() == [i != row for i in range(len(branches))]
    partly = replace(model, branches=branches, ratings_usable=False)
    assert partly.content_hash != model.content_hash
    after = violations(solve(GridState.at_start(partly)), limits)
    assert {v.element for v in before} - {v.element for v in after} == {model.branches.name[row]}
    assert [v for v in after if v.kind is not ViolationKind.OVERLOAD] == [v for v in before if v.kind is not ViolationKind.OVERLOAD]


def test_no_overload_is_named_where_ratings_are_unusable(case118: Grid) -> None:
    """Voltages are still judged there."""
    found = violations(solve(case118.state_at()), OperatingLimits((VoltageBand("v", 0, 1e3, 1.0, 1.01),), 0.001, "loading"))
    assert {v.kind for v in found} <= {ViolationKind.OVERVOLTAGE, ViolationKind.UNDERVOLTAGE}
    assert found
