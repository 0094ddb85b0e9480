"""The matrix of states and multipliers: constraints hold exactly, whatever weighs how much, and are found where they are."""

import numpy as np
import pytest

from grid_models.estimation.estimate import EstimationDiverged, estimate
from grid_models.estimation.row_variance import node_covariance
from grid_models.steady.solution import Solution
from grid_models.telemetry.measurement_set import Measurement, MeasurementSet
from grid_models.telemetry.quantities import Quantity


def given(solved14: Solution, *exact: Measurement) -> MeasurementSet:
    """Voltages and flows of case14 with noise, and exact rows."""
    model, rng = solved14.model, np.random.default_rng(7)
    buses, branches = np.arange(len(model.buses)), np.arange(len(model.branches))
    noise = rng.normal(0.0, 1.0, 2 * len(branches))
    parts = [
        MeasurementSet.column(Quantity.V, buses, solved14.vm_pu + rng.normal(0.0, 0.005, len(buses)), 0.005),
        MeasurementSet.column(Quantity.P_FROM, branches, solved14.p_from_mw + noise[: len(branches)], 1.0),
        MeasurementSet.column(Quantity.Q_FROM, branches, solved14.q_from_mvar + noise[len(branches) :], 1.0),
    ]
    return MeasurementSet.joined([*parts, MeasurementSet.of(model, list(exact))])


EXACT = (
    Measurement(Quantity.P_INJECTION, "Bus 7", 0.0, 0.0),
    Measurement(Quantity.Q_INJECTION, "Bus 7", 0.0, 0.0),
    Measurement(Quantity.V, "Bus 2", 1.045, 0.0),
    Measurement(Quantity.P_FROM, "Line 1-5 (1)", 75.0, 0.0),
)


def test_every_kind_of_exact_row_is_met(solved14: Solution) -> None:
    """Injection, voltage and flow to 1e-9 of a unit; each costs one degree of freedom."""
    free, held = estimate(solved14.model, given(solved14)), estimate(solved14.model, given(solved14, *EXACT))
    assert np.abs(held.row_residual[held.rows.exact]).max() < 1e-9
    assert held.vm_pu[1] == pytest.approx(1.045, abs=1e-9)
    assert held.dof == free.dof + len(EXACT)
    assert held.j > free.j


def test_an_exact_row_said_twice_counts_once(solved14: Solution) -> None:
    """Zero injections of the model and of the set are one constraint: the same estimate, the same degrees of freedom."""
    once = estimate(solved14.model, given(solved14), zero_injections=True)
    twice = estimate(solved14.model, given(solved14, *EXACT[:2]), zero_injections=True)
    assert twice.vm_pu == pytest.approx(once.vm_pu, abs=1e-9)
    assert (twice.dof, twice.j) == (once.dof, pytest.approx(once.j))


def test_what_is_held_has_no_variance(solved14: Solution) -> None:
    """The magnitude of a bus with an exact voltage is certain, its angle is not."""
    held = estimate(solved14.model, given(solved14, *EXACT))
    own = node_covariance(held.layout, held.rows, held.theta, held.vm)
    at = held.layout.order[held.layout.network.place_of_bus[1]]
    assert own[at, 1, 1] == pytest.approx(0.0, abs=1e-12)
    assert own[at, 0, 0] > 1e-9


def test_the_limit_of_ever_surer_rows_is_the_exact_one(solved14: Solution) -> None:
    """Standard deviations of 1e-4 of the others come near the constrained estimate, with the same J."""
    exact = estimate(solved14.model, given(solved14, *EXACT))
    sure = [Measurement(m.quantity, m.element, m.value, 1e-4 if m.quantity is not Quantity.V else 1e-7) for m in EXACT]
    nearly = estimate(solved14.model, given(solved14, *sure))
    assert nearly.vm_pu == pytest.approx(exact.vm_pu, abs=1e-6)
    assert nearly.j == pytest.approx(exact.j, rel=1e-3)


def test_two_exact_values_of_one_quantity_are_refused(solved14: Solution) -> None:
    """Neither wins in silence: the sentence names the quantity, whichever comes first."""
    for first, second in ((1.01, 1.05), (1.05, 1.01)):
        rows = given(solved14, Measurement(Quantity.V, "Bus 3", first, 0.0), Measurement(Quantity.V, "Bus 3", second, 0.0))
        with pytest.raises(EstimationDiverged, match="voltage of Bus 3 contradict"):
            estimate(solved14.model, rows)


def test_exact_values_that_follow_from_each_other_are_named(solved14: Solution) -> None:
    """Both ends of a transformer without losses: one value too many is the reason that is told."""
    name, at = "Transformer 4-7 (1)", list(solved14.model.branches.name).index("Transformer 4-7 (1)")
    through = float(solved14.p_from_mw[at])
    rows = given(solved14, Measurement(Quantity.P_FROM, name, through, 0.0), Measurement(Quantity.P_TO, name, -through, 0.0))
    with pytest.raises(EstimationDiverged, match="1 of its 2 exact values follow from the others"):
        estimate(solved14.model, rows)
