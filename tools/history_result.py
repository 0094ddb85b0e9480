"""What the history answers."""

from datetime import datetime

from pydantic import Field

from tools.result import Result, Row


class SampleRow(Row):
    time: datetime = Field(description="plant time, UTC")
    value: float | None = Field(description="in the trend's unit; None where there was no voltage")
    gap: bool = Field(description="nothing was recorded for a while before this sample, or the plant's clock went back")
    quality: str


class TrendRow(Row):
    """One quantity of one element, or of all together. Values are in `unit`; rates are for an hour of plant time."""

    element: str = Field(description="display name, or 'total'")
    quantity: str
    unit: str
    begin: datetime = Field(description="plant time of the first sample")
    end: datetime
    span_hours: float
    first: float | None
    last: float | None
    minimum: float | None
    maximum: float | None
    mean: float | None
    change: float | None = Field(description="last less first, since the clock last went back")
    hourly: float | None = Field(description="least-squares slope for an hour")
    hourly_sigma: float | None = Field(description="standard error of the slope")
    steady: bool = Field(description="the slope cannot be told from noise")
    limit: float | None = Field(default=None, description="the limit it is heading for")
    limit_rule: str | None = None
    crosses_in_hours: float | None = Field(
        default=None, description="if it goes on like this; 0 where the limit is crossed; None where it is not heading there"
    )
    gaps: int
    samples_total: int
    doubtful: int = Field(description="samples whose set had measurements left out")
    samples: tuple[SampleRow, ...] = Field(description="thinned evenly; first and last are always there")


class HistoryResult(Result):
    recorded: bool
    trends: tuple[TrendRow, ...] = ()
    note: str = Field(default="", description="what is recorded, and why nothing is where nothing is")

    def headline(self) -> str:
        """The trends in words."""
        return f"{'; '.join(_sentence(t) for t in self.trends)}." if self.trends else self.note


def _sentence(t: TrendRow) -> str:
    whose = f"{t.quantity} of {t.element}" if t.element != "total" else f"total {t.quantity}"
    if t.last is None or t.first is None or t.hourly is None:
        return f"{whose}: one value only, {_amount(t.last, t.unit)}" if t.last is not None else f"{whose}: no value is known"
    told = f"{whose}: {_amount(t.first, t.unit)} → {_amount(t.last, t.unit)} in {_span(t.span_hours)}"
    told += ", steady" if t.steady else f", {'rising' if t.hourly > 0 else 'falling'} by {_amount(abs(t.hourly), t.unit)} an hour"
    if t.crosses_in_hours is not None and t.limit is not None:
        limit = _amount(t.limit, t.unit)
        told += f"; beyond its limit of {limit}" if not t.crosses_in_hours else f"; crosses {limit} in {_span(t.crosses_in_hours)}"
    return told + (f"; {t.gaps} gap{'s' * (t.gaps > 1)}" if t.gaps else "")


def _amount(value: float | None, unit: str) -> str:
    return f"{value or 0.0:.{3 if unit == 'pu' else 1}f} {'%' if unit == 'percent' else unit}"


def _span(hours: float) -> str:
    return f"{hours:.1f} h" if hours >= 2 else f"{60 * hours:.0f} min"
