"""MATPOWER's worked 14-bus example: 39 measurements whose voltage of bus 6 is wrong. Data and expectations: cases/matpower_14bus.yaml."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from grid_models.estimation.bad_data import clean
from grid_models.estimation.estimate import estimate
from grid_models.steady.solution import Solution
from grid_models.telemetry.measurement_set import Measurement
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import GridModel

CASE: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "matpower_14bus.yaml").read_text())
EXPECTED = CASE["expected"]
ENDS = {"p_from": (Quantity.P_FROM, Quantity.P_TO), "q_from": (Quantity.Q_FROM, Quantity.Q_TO)}
ENDS |= {"p_to": ENDS["p_from"][::-1], "q_to": ENDS["q_from"][::-1]}


def measurements(model: GridModel, factor: dict[tuple[str, int], float] | None = None) -> list[Measurement]:
    """The example's rows in MATPOWER's order; `factor`: by what a value of (quantity, branch) is multiplied."""
    base, sigma = CASE["base_mva"], CASE["sigma"]
    rows = []
    for group in ("p_from", "p_to", "q_from", "q_to"):
        for number, value in CASE[group].items():
            branch, turned = _branch(model, *CASE["branches"][number])
            value *= base * (factor or {}).get((group, number), 1.0)
            rows.append(Measurement(ENDS[group][turned], branch, value, sigma["flow"] * base))
    for letter, quantity in (("p", Quantity.P_INJECTION), ("q", Quantity.Q_INJECTION)):
        for bus, value in CASE[f"{letter}_generated"].items():
            injected = (value - CASE["load_pu"][letter].get(bus, 0.0)) * base
            rows.append(Measurement(quantity, f"Bus {bus}", injected, sigma["injection"] * base))
    return rows + [Measurement(Quantity.V, f"Bus {bus}", value, sigma["vm"]) for bus, value in CASE["vm"].items()]


def _branch(model: GridModel, one: int, other: int) -> tuple[int, bool]:
    """Row of the branch between two buses, and whether it runs the other way."""
    for row, ends in enumerate(zip(model.branches.from_bus + 1, model.branches.to_bus + 1, strict=True)):
        if set(ends) == {one, other}:
            return row, bool(ends[0] == other)
    raise AssertionError(f"no branch {one}-{other}")


def test_the_objective_and_its_limit(solved14: Solution) -> None:
    """J is 91.345 with 12 degrees of freedom, far above the chi-square limit of 21.026."""
    found = estimate(solved14.model, measurements(solved14.model))
    assert len(found.measurements) == EXPECTED["count"]
    assert found.dof == EXPECTED["dof"]
    assert found.j == pytest.approx(EXPECTED["j"], abs=5e-3)
    assert found.chi2_limit == pytest.approx(EXPECTED["chi2_limit"], abs=1e-3)
    assert not found.passes


def test_the_first_suspect_is_the_voltage_of_bus_6(solved14: Solution) -> None:
    """Its normalised residual is the largest, 8.999, and it should read what the other meters say: about 1.066 pu."""
    first = estimate(solved14.model, measurements(solved14.model)).suspects[0]
    assert (first.quantity, first.element) == (Quantity.V, EXPECTED["meter"])
    assert first.normalised_residual == pytest.approx(EXPECTED["largest"], abs=5e-3)
    assert first.measured == 1.0
    assert first.estimated == pytest.approx(1.066, abs=1e-3)


def test_without_that_meter_everything_fits(solved14: Solution) -> None:
    """J falls to 10.276 with 11 degrees of freedom, and no normalised residual is above 2.751."""
    rows = measurements(solved14.model)
    first = estimate(solved14.model, rows).suspects[0]
    after = estimate(solved14.model, rows[: first.index] + rows[first.index + 1 :])
    assert after.j == pytest.approx(EXPECTED["after"]["j"], abs=5e-3)
    assert after.dof == EXPECTED["after"]["dof"]
    assert after.row_normalised.max() == pytest.approx(EXPECTED["after"]["largest"], abs=5e-3)
    assert after.passes
    assert not after.suspects


def test_a_flow_with_the_wrong_sign_is_the_first_suspect(solved14: Solution) -> None:
    """157 MW from bus 1 to bus 2, read as -157 MW: the largest normalised residual by far, 139.97, is that meter's."""
    found = estimate(solved14.model, measurements(solved14.model, {("p_from", 1): -1.0}))
    assert found.j == pytest.approx(19680.8, abs=0.1)  # worked out with a dense implementation of the same equations
    assert (found.suspects[0].quantity, found.suspects[0].measured) == (Quantity.P_FROM, pytest.approx(-157.08))
    assert found.suspects[0].normalised_residual == pytest.approx(139.97, abs=5e-3)


def test_the_meter_that_could_be_wrong_instead_is_named(solved14: Solution) -> None:
    """Reactive power 5-6 has the same residual to four digits and is silent without bus 6's voltage: nothing tells which is wrong."""
    given = measurements(solved14.model)
    found = clean(estimate(solved14.model, given))
    (gone,) = found.removed
    assert given[gone.measurements[0]].words() == "voltage of Bus 6"
    assert [given[i].quantity for i in gone.twins] == [Quantity.Q_FROM]
    assert (found.after.dof, found.after.j) == (11, pytest.approx(10.276, abs=5e-3))
