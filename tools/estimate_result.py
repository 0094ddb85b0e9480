"""What a state estimation answers."""

from typing import Literal

from pydantic import Field

from tools.estimate_headline import headline
from tools.estimate_rows import (
    BadRow,
    ContradictionRow,
    CriticalRow,
    MeasurementCounts,
    PositionRow,
    RefusedRow,
    ResidualRow,
    UnseenRow,
    VoltageEstimateRow,
)
from tools.result import Result


class EstimateResult(Result):
    """Tables hold `top` rows at most; the totals stand beside them. Figures are of the estimate shown: without what was removed."""

    source: Literal["telemetry", "synthetic"] = Field(description="what the plant sent, or drawn from the standing start")
    converged: bool
    observable: bool = Field(description="measurements and forecasts together determine the whole state")
    accepted: bool = Field(description="this set may be believed; with synthetic measurements that says nothing about any plant")
    doubts: tuple[str, ...] = Field(default=(), description="why not, or why nothing newer came")
    age_s: float | None = Field(default=None, description="wall time since the accepted state was measured [s]; None without a live twin")
    telemetry_age_s: float | None = Field(default=None, description="wall time since the latest set came [s]")
    bad_data: Literal["remove", "flag", "ignore"]
    max_age_s: float
    j: float | None = Field(default=None, description="weighted sum of squared residuals")
    dof: int | None = None
    chi2_limit: float | None = None
    confidence: float | None = Field(default=None, description="probability that J of a faultless set stays below chi2_limit")
    passes: bool | None = None
    iterations: int | None = None
    method: str = "weighted least squares, nodes without injection held exactly"
    redundancy: float | None = Field(default=None, description="rows per unknown, forecasts and zero injections included")
    threshold: float | None = Field(default=None, description="normalised residual above which a measurement is bad")
    expected_false_alarms: float | None = Field(
        default=None, description="good measurements above the threshold in a faultless set, on average"
    )
    measurements: MeasurementCounts
    bad: tuple[BadRow, ...] = Field(default=(), description="worst first")
    bad_total: int = 0
    wrong_forecasts: int = Field(default=0, description="pseudo-measurements that the measurements contradict; they are no meters")
    positions: tuple[PositionRow, ...] = ()
    contradictions: tuple[ContradictionRow, ...] = ()
    contradictions_total: int = 0
    refused: tuple[RefusedRow, ...] = ()
    refused_total: int = Field(default=0, description="groups of refused measurements, by reason and station")
    stale_stations: tuple[str, ...] = Field(default=(), description="stations with measurements or positions older than max_age_s")
    stale_stations_total: int = 0
    critical: CriticalRow = CriticalRow()
    unseen: UnseenRow = UnseenRow()
    residuals: tuple[ResidualRow, ...] = Field(default=(), description="largest normalised residual first")
    residuals_total: int = 0
    voltages: tuple[VoltageEstimateRow, ...] = Field(
        default=(), description="measured buses, largest difference in standard deviations first"
    )
    voltages_total: int = 0
    notes: tuple[str, ...] = ()

    def headline(self) -> str:
        """What is wrong with the measurements, or that nothing is."""
        return headline(self)
