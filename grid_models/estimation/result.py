"""The estimate as values: state, objective, residuals, and what is suspect."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.special import chdtri

from grid_models.estimation.codes import ANGLE, CURRENT_ANGLE
from grid_models.estimation.condition import condition_number
from grid_models.estimation.equations_kernel import Rows
from grid_models.estimation.layout import Layout
from grid_models.estimation.row_variance import explained_variance
from grid_models.steady.solution import Solution, solution_from_voltages
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.model import BoolArray, FloatArray, GridModel

_CRITICAL = 1e-6  # share of its variance that a residual keeps: below it the measurement only confirms itself


@dataclass(frozen=True)
class Suspect:
    """A measurement whose normalised residual is above the threshold; values in `unit`. `index` counts the given measurements."""

    index: int
    quantity: Quantity
    element: str
    measured: float
    estimated: float
    unit: str
    normalised_residual: float


@dataclass(frozen=True, eq=False)
class Estimate:
    """theta, vm: (live,) radians and pu, in the layout's order. expected: (rows,) h(x). j: the weighted sum of squares without exact rows.

    Arrays per measurement keep the given order; NaN where a measurement takes no part (dead element, position, unmeasured partner).
    """

    measurements: MeasurementSet = field(repr=False)
    layout: Layout = field(repr=False)
    rows: Rows = field(repr=False)
    theta: FloatArray = field(repr=False)
    vm: FloatArray = field(repr=False)
    expected: FloatArray = field(repr=False)
    j: float
    iterations: int
    threshold: float
    confidence: float
    robust: bool = False
    method: Literal["normal", "augmented"] = "normal"
    converged: bool = True

    @property
    def model(self) -> GridModel:
        return self.layout.network.model

    @property
    def dof(self) -> int:
        """Degrees of freedom: rows in use less unknowns."""
        return int(np.count_nonzero(self.rows.weight)) - self.layout.states

    @property
    def redundancy(self) -> float:
        """Rows in use per unknown."""
        return float(np.count_nonzero(self.rows.weight)) / max(self.layout.states, 1)

    @cached_property
    def chi2_limit(self) -> float:
        """What J exceeds with probability 1 - confidence when errors are as their standard deviations say; infinite without redundancy."""
        return float(chdtri(self.dof, 1.0 - self.confidence)) if self.dof > 0 else float("inf")

    @property
    def passes(self) -> bool:
        """J is below its chi-square limit."""
        return self.j <= self.chi2_limit

    @cached_property
    def solution(self) -> Solution:
        """Voltages and flows of every element at the estimate."""
        network = self.layout.network
        voltage = np.full(len(network.place), complex(np.nan, np.nan))
        voltage[network.node] = (self.vm * np.exp(1j * self.theta))[self.layout.order]
        return solution_from_voltages(network.state, network.topology, voltage)

    @cached_property
    def vm_pu(self) -> FloatArray:
        """(buses,) NaN where dead."""
        return self._at_buses(self.vm)

    @cached_property
    def va_degree(self) -> FloatArray:
        """(buses,) NaN where dead."""
        return self._at_buses(np.degrees(self.theta))

    def _at_buses(self, values: FloatArray) -> FloatArray:
        place = self.layout.network.place_of_bus
        found = np.full(len(place), np.nan)
        found[place >= 0] = values[self.layout.order[place[place >= 0]]]
        return found

    @cached_property
    def condition(self) -> float:
        """Condition number of the gain matrix (1-norm); infinite where its factors break down."""
        return condition_number(self.layout, self.rows, self.theta, self.vm)

    @cached_property
    def row_residual(self) -> FloatArray:
        """(rows,) read less expected [pu, radians]."""
        residual = self.rows.z - self.expected
        turns = np.isin(self.rows.code, (ANGLE, CURRENT_ANGLE))
        return np.where(turns, residual - 2 * np.pi * np.round(residual / (2 * np.pi)), residual)

    @cached_property
    def row_variance(self) -> FloatArray:
        """(rows,) variance of the residual [pu²]: what the others leave of a row's own."""
        weight = self.rows.weight
        own = np.divide(1.0, weight, out=np.zeros_like(weight), where=(weight > 0) & ~self.rows.exact)
        return np.where(own > 0, own - explained_variance(self.layout, self.rows, self.theta, self.vm), 0.0)

    @cached_property
    def row_critical(self) -> BoolArray:
        """(rows,) True where the residual must be zero whatever is wrong."""
        weight = self.rows.weight
        return (weight > 0) & ~self.rows.exact & (self.row_variance * weight < _CRITICAL)

    @cached_property
    def row_normalised(self) -> FloatArray:
        """(rows,) |residual| over its standard deviation; 0 for critical and exact rows and those left out."""
        sound = (self.rows.weight > 0) & ~self.rows.exact & ~self.row_critical
        spread = np.sqrt(np.maximum(self.row_variance, 0.0))
        return np.divide(np.abs(self.row_residual), spread, out=np.zeros_like(spread), where=sound)

    @cached_property
    def normalised_residuals(self) -> FloatArray:
        """(measurements,) of the row each takes part in; critical ones have 0."""
        return self._per_measurement(self.row_normalised)

    @cached_property
    def critical(self) -> BoolArray:
        """(measurements,) True where an error would be invisible."""
        return np.nan_to_num(self._per_measurement(self.row_critical.astype(np.float64))) > 0

    @cached_property
    def least_visible(self) -> FloatArray:
        """(measurements,) smallest error that alone would lift the normalised residual above the threshold, in own standard deviations."""
        table, sigma = self.layout.table, self.measurements.sigma
        row, at = table.entry_row, table.entry_measurement
        spread, own = np.sqrt(np.maximum(self.row_variance, 0.0))[row], table.variance(sigma)[row]
        step = np.abs(table.entry_factor) * sigma[at] * spread
        seen = np.divide(self.threshold * own, step, out=np.full(len(row), np.inf), where=(step > 0) & ~self.row_critical[row])
        found = np.full(len(self.measurements), np.nan)
        found[at] = np.where(self.rows.weight[row] > 0, seen, np.nan)  # what is left out is known to be wrong
        return found

    @cached_property
    def estimated(self) -> FloatArray:
        """(measurements,) what each should have read, in its unit; a shared row's residual is split by variance."""
        table, given = self.layout.table, self.measurements
        row, at, factor = table.entry_row, table.entry_measurement, table.entry_factor
        variance = table.variance(given.sigma)[row]
        share = np.divide((factor * given.sigma[at]) ** 2, variance, out=np.ones(len(row)), where=variance > 0)
        found = np.full(len(given), np.nan)
        found[at] = given.value[at] - self.row_residual[row] * share / factor
        return found

    def _per_measurement(self, values: FloatArray) -> FloatArray:
        found = np.full(len(self.measurements), np.nan)
        found[self.layout.table.entry_measurement] = values[self.layout.table.entry_row]
        return found

    @cached_property
    def suspects(self) -> tuple[Suspect, ...]:
        """Measurements above the threshold, the largest normalised residual first: only the first is certain, it drags others along."""
        found = np.flatnonzero(np.nan_to_num(self.normalised_residuals) > self.threshold)
        return tuple(self.suspect(int(i)) for i in found[np.argsort(-self.normalised_residuals[found], kind="stable")])

    def suspect(self, index: int) -> Suspect:
        """One measurement with its estimate."""
        row = self.measurements.row(self.model, index)
        return Suspect(
            index=index,
            quantity=row.quantity,
            element=str(row.element),
            measured=row.value,
            estimated=float(self.estimated[index]),
            unit=SPECS[row.quantity].unit,
            normalised_residual=float(self.normalised_residuals[index]),
        )

    def voltages_for(self, layout: Layout) -> tuple[FloatArray, FloatArray]:
        """Angles and magnitudes in another layout's order, as a start; its own start where this estimate has none."""
        if layout is self.layout:
            return _turned_to_reference(layout, self.theta), self.vm.copy()
        theta, vm = (a.copy() for a in layout.start)
        place = layout.network.place_of_bus
        for mine, values in ((theta, np.deg2rad(self.va_degree)), (vm, self.vm_pu)):
            known = (place >= 0) & np.isfinite(values)
            mine[layout.order[place[known]]] = values[known]
        return _turned_to_reference(layout, theta), vm


def _turned_to_reference(layout: Layout, theta: FloatArray) -> FloatArray:
    """Every island whose angle is fixed, turned so that it is: before, it may have been measured."""
    network, at = layout.network, layout.order[layout.network.reference]
    turn = np.where(layout.reference[at], layout.start[0][at] - theta[at], 0.0)
    turned = np.empty_like(theta)
    turned[layout.order] = theta[layout.order] + turn[network.island]
    return turned
