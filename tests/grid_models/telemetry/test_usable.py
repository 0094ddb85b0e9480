"""Whatever cannot be used as a measurement ends in one sentence, however the set was built."""

from dataclasses import replace

import numpy as np
import pytest

from grid_models.estimation.estimate import estimate
from grid_models.telemetry.measurement_set import InvalidMeasurement, MeasurementSet
from grid_models.telemetry.quantities import Quality, Quantity
from grid_models.twin.profiles import Grid


def voltages(count: int) -> MeasurementSet:
    return MeasurementSet.column(Quantity.V, np.arange(count), np.ones(count), 0.01)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("element", 999, "names element 999"),
        ("element", -2, "names element -2"),
        ("quantity", 99, "quantity 99"),
        ("value", np.nan, "no number"),
        ("sigma", -0.1, "standard deviation -0.1"),
        ("sigma", np.inf, "standard deviation inf"),
    ],
)
def test_a_hand_built_set_is_looked_at(training: Grid, column: str, value: float, said: str) -> None:
    """The row and what is wrong with it are named."""
    good = voltages(2)
    changed = getattr(good, column).copy()
    changed[1] = value
    with pytest.raises(InvalidMeasurement, match=f"Measurement 1 .*{said}"):
        estimate(training.model, replace(good, **{column: changed}))


@pytest.mark.parametrize("wrong", [{"threshold": -1.0}, {"threshold": float("nan")}, {"confidence": 2.0}, {"method": "xyz"}])
def test_arguments_without_sense_are_refused(training: Grid, wrong: dict[str, object]) -> None:
    """One sentence with what would be usual."""
    with pytest.raises(InvalidMeasurement, match=r"usual|exist"):
        estimate(training.model, voltages(2), **wrong)  # type: ignore[arg-type]


def test_what_its_source_calls_invalid_takes_no_part(solved) -> None:
    """A wild value marked INVALID changes nothing but the degrees of freedom."""
    from grid_models.telemetry.instruments import instruments_of
    from grid_models.telemetry.readings import measured

    given = measured(solved, instruments_of(solved.model), np.random.default_rng(1))
    row = int(np.flatnonzero(given.quantity == Quantity.P_FROM)[5])
    value, quality = given.value.copy(), given.quality.copy()
    value[row], quality[row] = 1e4, Quality.INVALID
    all_in = estimate(solved.model, given)
    without = estimate(solved.model, replace(given, value=value, quality=quality))
    assert without.dof == all_in.dof - 1
    assert without.vm_pu == pytest.approx(all_in.vm_pu, abs=1e-3)
