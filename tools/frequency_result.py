"""What `frequency_response` answers."""

from pydantic import Field

from tools.frequency_headline import sentence
from tools.result import Result, Row


class LossRow(Row):
    at_s: float
    mw: float = Field(description="generation lost [MW]; negative: load lost, or a surplus left")


class StageRow(Row):
    """One stage of shedding, in the order of the scheme."""

    below_hz: float
    mw: float = Field(description="load of the stage")
    delay_s: float = Field(description="how long frequency must stay below, and until the breaker is open")
    at_s: float | None = Field(description="when the load was gone; None: it was not shed")


class LimitRow(Row):
    """One limit of the area. Limits of codes are design values of the whole synchronous area."""

    limit: str
    value: float = Field(description="reached; a deviation, a frequency or a rate, as the limit is")
    allowed: float
    unit: str
    kept: bool
    beyond_s: float | None = Field(default=None, description="how long frequency is beyond it; None: of a rate or of where it settles")
    clause: str
    unverified: str = ""


class FrequencyMoment(Row):
    time_s: float
    frequency_hz: float
    response_mw: float = Field(description="all groups together, positive when they add power")
    shed_mw: float = Field(description="load gone by shedding until then")


class FrequencyResult(Result):
    element: str | None = Field(default=None, description="the generator or infeed that is lost; None: a power was given")
    losses: tuple[LossRow, ...]
    nominal_hz: float
    inertia_gws: float = Field(description="that stays after the losses, grid-forming converters included")
    load_mw: float
    damping_percent_per_hz: float
    rocof_hz_per_s: float = Field(description="at once after the first loss, f0·ΔP/(2E), positive in either direction")
    rocof_500ms_hz_per_s: float = Field(description="steepest mean over any 500 ms, positive in either direction")
    nadir_hz: float = Field(description="lowest frequency")
    nadir_s: float
    zenith_hz: float = Field(description="highest frequency")
    zenith_s: float
    shed_mw: float
    scheme: str = Field(description="shedding scheme: its name, 'given' or 'none'")
    shed_stages: tuple[StageRow, ...]
    settles_hz: float | None = Field(
        description="where response and load damping balance what is lost; None: frequency collapses or swings on"
    )
    settled: bool = Field(description="the course is within 10 mHz of it at its end")
    collapsed: bool = Field(description="frequency leaves ±20 % of nominal: a blackout")
    response_mw: float = Field(description="of all groups at the end")
    damping_mw: float = Field(description="that the connected load draws less at the end, because of the frequency")
    limits: tuple[LimitRow, ...] = Field(description="of the area")
    area: str | None
    limit_hz: float = Field(description="for which the smallest inertia was sought")
    smallest_inertia_gws: float | None = Field(description="that keeps limit_hz without shedding, verified by a run; None: see the note")
    smallest_inertia_note: str = Field(default="", description="why there is none: any inertia keeps the limit, or none does")
    smallest_inertia_for_rocof_gws: float | None = Field(default=None, description="that keeps the rate asked for over 500 ms")
    horizon_s: float
    series: tuple[FrequencyMoment, ...] = Field(description="thinned; extremes, losses and sheddings are kept")
    assumed: tuple[str, ...] = Field(description="what was not given and assumed instead")
    unverified: tuple[str, ...] = Field(description="values that nobody here has read in the text itself")

    def headline(self) -> str:
        return sentence(self)
