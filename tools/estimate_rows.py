"""The rows of a state estimation: what is wrong, what was refused, what cannot be seen, and what the measurements leave over."""

from pydantic import Field

from tools.result import Row


class BadRow(Row):
    """A measurement that contradicts the others."""

    element: str
    quantity: str = Field(description="what is measured, in words")
    meter: str = Field(description="'P at HV1 Line 12 (from side)'")
    measured: float
    estimated: float
    unit: str
    normalised_residual: float = Field(description="distance from the estimate in standard deviations of that distance, when it was found")
    likely: str = Field(description="sign error, wrong unit or ratio, reads zero, frozen value, drift, gross error")
    verdict: str
    removed: bool
    instead: tuple[str, ...] = Field(default=(), description="others that could be wrong in its place")


class PositionRow(Row):
    """A reported position that everything around it contradicts."""

    element: str
    reported: str
    concluded: str
    instead: tuple[str, ...] = Field(default=(), description="positions that would explain the measurements as well")


class ContradictionRow(Row):
    """A reading that the positions do not allow and that no single wrong position explains."""

    element: str
    quantity: str
    meter: str
    measured: float
    unit: str


class RefusedRow(Row):
    """Measurements of one station that were not let in for one reason; with `used`, positions that stand as last known."""

    reason: str
    station: str
    count: int
    off_by_s: float = Field(description="age of the oldest [s]; negative: ahead of the plant's clock")
    used: bool
    sentence: str


class ResidualRow(Row):
    element: str
    quantity: str
    meter: str
    measured: float
    estimated: float
    unit: str
    normalised_residual: float
    source: str = Field(description="scada, pmu, replay, forecast (a pseudo-measurement), model or operator")


class VoltageEstimateRow(Row):
    """A bus whose voltage is measured."""

    element: str
    vm_pu: float = Field(description="estimated")
    va_degree: float = Field(description="estimated")
    sigma_pu: float = Field(description="standard deviation of the estimate")
    measured_pu: float
    measured_sigma_pu: float
    difference_pu: float = Field(description="measured less estimated")


class CriticalRow(Row):
    """Measurements without which something could not be determined: their error would be invisible; and those that others check badly."""

    total: int = 0
    examples: tuple[str, ...] = ()
    weak_total: int = Field(default=0, description="not critical, but an error of `weak_sigmas` standard deviations would stay unseen")
    weak_sigmas: float = 20.0
    weak_examples: tuple[str, ...] = ()


class UnseenRow(Row):
    """What the trusted measurements alone, without forecasts, do not determine."""

    buses: tuple[str, ...] = Field(default=(), description="a bus of each such node, the first ones")
    buses_total: int = 0
    islands: int = Field(default=1, description="parts that are determined each for itself")
    missing: tuple[str, ...] = Field(default=(), description="meters that would determine everything, the first ones")
    missing_total: int = 0


class MeasurementCounts(Row):
    given: int = Field(description="measurements that came")
    let_in: int
    refused: int
    used: int = Field(description="analogue measurements in the estimate, without what was found wrong")
    positions: int = Field(description="positions and set-points let in; they say what is connected")
    pseudo: int = Field(description="pseudo-measurements in the estimate: what is expected where nothing is measured")
