"""What `thermal_rul` answers."""

from datetime import datetime

from pydantic import Field

from tools.result import Result, Row
from tools.thermal_headline import sentence


class TransformerRow(Row):
    """One transformer over the horizon. Intervals are 90 %; None: not known, or (days_...) not within the horizon."""

    element: str
    rating_mva: float | None = Field(description="rated power; None where neither the grid nor a record gives one")
    load_now_percent: float | None = Field(description="of the rating, at the start")
    load_peak_percent: float | None = Field(description="highest expected")
    hot_spot_now_celsius: float
    top_oil_peak_celsius: float = Field(description="of the horizon; the median of the paths' peaks where there are paths")
    hot_spot_peak_celsius: float = Field(description="of the horizon; the median of the paths' peaks where there are paths")
    hot_spot_peak_at: datetime = Field(description="when the expected course is hottest, plant time, UTC")
    hot_spot_peak_low_celsius: float | None = None
    hot_spot_peak_high_celsius: float | None = None
    top_oil_limit_celsius: float
    hot_spot_limit_celsius: float
    margin_k: float = Field(description="from the peak to the nearer of the two limits; negative: beyond it")
    binding: str = Field(description="'hot-spot' or 'top oil': which of the two is nearer")
    probability_percent: float | None = Field(default=None, description="share of the paths that cross a limit within the horizon")
    days_to_limit: float | None = Field(default=None, description="median of the paths; None: half of them or more do not cross it")
    days_to_limit_low: float | None = Field(default=None, description="5 % cross it earlier; None: fewer than 5 % cross it at all")
    days_to_limit_high: float | None = Field(default=None, description="95 % cross it earlier; None: not within the horizon")
    expected_days_to_limit: float | None = Field(default=None, description="under a given load; None: not within the horizon")
    loss_of_life_hours: float = Field(description="hours of normal insulation life used in the horizon; the median of the paths")
    loss_of_life_hours_low: float | None = None
    loss_of_life_hours_high: float | None = None
    relative_ageing: float = Field(description="mean rate of ageing over the horizon, 1 = normal")
    life_used_percent: float | None = Field(
        default=None, description="of the normal insulation life, until now; None: no record says since when"
    )
    yearly_growth_percent: float | None = Field(default=None, description="of the load it supplies, as asked or else as its record says")
    life_used_by: str = Field(default="", description="how the used life is known, in words")
    years_to_end: float | None = Field(default=None, description="until the insulation life is used, median; None: unknown")
    years_to_end_low: float | None = None
    years_to_end_high: float | None = None
    years_capped: bool = Field(default=False, description="the median is beyond what is looked at: read 'more than'")
    record: str = Field(description="'record', 'synthetic record' or 'assumed': what is known of this transformer")


class MomentRow(Row):
    """One moment of the expected course; low, high: 90 % of the paths lie between."""

    hours: float
    load_percent: float | None
    ambient_celsius: float
    top_oil_celsius: float
    hot_spot_celsius: float
    loss_of_life_min: float = Field(description="minutes of normal life used since the start")
    hot_spot_low_celsius: float | None = None
    hot_spot_high_celsius: float | None = None


class RegimeRow(Row):
    """One loading regime of the standard."""

    regime: str = Field(
        description="of IEC: normal cyclic, long-time or short-time emergency; of IEEE: four, from normal life expectancy on"
    )
    allowed: bool | None = Field(description="None: does not apply (an overload longer than 30 minutes is no short-time one)")
    binding: str = Field(description="which quantity is nearest to its limit: current, hot-spot or top oil")
    peak: float = Field(description="its highest value, in `unit`")
    limit: float
    unit: str
    limit_current_percent: float | None
    limit_hot_spot_celsius: float | None
    limit_top_oil_celsius: float | None
    minutes_to_limit: float | None = Field(description="when the first limit is crossed; None: not in the horizon")
    allowed_min: float | None = Field(
        default=None, description="how long the load may last: until a limit is crossed or the regime ends; None: for all of the horizon"
    )
    unverified: str = Field(default="", description="which of these limits nobody has read in the standard itself")


class CauseRow(Row):
    """One cause of the hot-spot's peak. Shares add up to the explained peak less the baseline."""

    cause: str = Field(description="'load growth', 'hot weather', 'wind and pv', 'switching', 'lost cooling' or 'load above its mean'")
    share_k: float = Field(description="what it adds to the hot-spot at its peak")
    share_percent: float | None = Field(description="of the rise from the baseline; None where there is none to speak of")
    words: str = Field(description="what exactly it is compared with, in words")
    elements: tuple[str, ...] = Field(default=(), description="the elements that contribute most to it")


class ContributorRow(Row):
    """One injection's part in the transformer's flow at its hottest moment."""

    element: str
    technology: str
    p_mw: float = Field(description="injected (negative: drawn) at that moment")
    share_mw: float = Field(description="of the transformer's flow at that moment; positive: loads it more")
    area: str = ""


class HelpRow(Row):
    """One change that would relieve the transformer, verified by power flows and the thermal model."""

    change: str = Field(description="in words, as it would be proposed")
    element: str
    load_before_percent: float
    load_after_percent: float = Field(description="at the hottest moment, by a power flow")
    hot_spot_before_celsius: float = Field(description="the explained peak")
    hot_spot_after_celsius: float
    within_limits: bool = Field(description="the peak no longer crosses a limit")
    new_violations: int = Field(description="other limits of the grid that the change would newly break at that moment")


class PolymerisationRow(Row):
    """The separate model of the paper's strength: degree of polymerisation by an Arrhenius law. Never mixed with the ageing rate above."""

    now: float
    how: str = Field(description="measured, from furan, or calculated; in words")
    life_used_percent: float
    years_to_end: float | None
    years_to_end_low: float | None
    years_to_end_high: float | None
    years_capped: bool
    unverified: str


class ThermalResult(Result):
    mode: str = Field(description="'outlook' (forecast load) or 'given load'")
    method: str = Field(description="standard and clause of the temperatures")
    horizon_hours: float
    step_min: float
    paths: int = Field(description="Monte-Carlo paths behind the intervals; 0: none")
    interval_percent: float = Field(default=90.0, description="how many of the paths lie within an interval (`_low` to `_high`)")
    transformers: tuple[TransformerRow, ...] = Field(description="nearest to its limit first")
    total: int
    explained: str | None = Field(default=None, description="the transformer that series, causes and remedies are about")
    limit_regime: str = Field(description="which regime's limits are meant above")
    series: tuple[MomentRow, ...] = Field(default=(), description="thinned evenly; peaks are kept")
    regimes: tuple[RegimeRow, ...] = ()
    baseline_hot_spot_celsius: float | None = Field(default=None, description="the hot-spot's peak without any of the causes")
    explained_hot_spot_celsius: float | None = Field(
        default=None, description="and with all: of the middle path, or of the middle one of those that cross a limit where many do"
    )
    causes: tuple[CauseRow, ...] = Field(default=(), description="largest first; they add up to explained peak less baseline")
    contributors: tuple[ContributorRow, ...] = ()
    helps: tuple[HelpRow, ...] = Field(default=(), description="most effective first; empty where no limit is near")
    polymerisation: PolymerisationRow | None = None
    ambient: str = Field(description="where the ambient temperature comes from")
    load: str = Field(description="where the load comes from, and how wrong such forecasts were")
    assumed: tuple[str, ...] = Field(default=(), description="what is not known of this transformer and was assumed instead")
    unverified: tuple[str, ...] = Field(default=(), description="constants that nobody has read in the standard itself")
    repairs: tuple[str, ...] = Field(default=(), description="what was repaired in the given series")
    changes: tuple[str, ...] = ()
    note: str = Field(default="", description="why no transformer, or not every one, could be assessed")

    def headline(self) -> str:
        return sentence(self)
