"""May a transformer carry this load, how hot does it get, and how much life does it cost? A load that the person gives."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from grid_models.assets.book import AssetBook
from grid_models.findings import Outcome
from grid_models.heating.annex_g import annex_g
from grid_models.heating.clause_7 import clause_7
from grid_models.heating.iec import hot_spot
from grid_models.heating.iec_parameters import IecParameters, Size
from grid_models.heating.loading_verdict import RegimeVerdict, judged
from grid_models.heating.series import ThermalSeries, ThermalStart
from grid_models.life.units import Unit
from grid_models.twin.model import FloatArray
from grid_models.weather.ambient import AmbientSource
from tools.context import StudyContext
from tools.result import InvalidArguments
from tools.thermal_args import ThermalArgs
from tools.thermal_nameplate import annex_g_of, clause_7_of, iec_of
from tools.thermal_profile import Profile, profile_of
from tools.thermal_result import MomentRow, RegimeRow, ThermalResult, TransformerRow

HELD_HOURS = 24.0  # how long a load is held where nobody says
_FINE_MIN, _COARSE_MIN = 1.0, 5.0
_MOST_MOMENTS = 3000
METHODS = {
    "iec": "IEC 60076-7:2018, exponential hot-spot and top-oil equations",
    "ieee_clause_7": "IEEE C57.91-2011 clause 7",
    "ieee_annex_g": "IEEE C57.91-2011 Annex G (bottom oil, duct oil, hot-spot)",
}


@dataclass(frozen=True, eq=False)
class GivenLoad:
    """What is known before the calculation. start: the present temperatures; None: steady under the first load."""

    unit: Unit | None
    rated_mva: float | None
    load_now_pu: float | None
    start: ThermalStart | None
    weather: AmbientSource
    ambient_words: str


def given_load(args: ThermalArgs, ctx: StudyContext, about: GivenLoad, book: AssetBook) -> ThermalResult:
    """Raises InvalidArguments or InvalidThermalInput."""
    profile = _profile(args)
    ambient = _ambient(args, profile, ctx, about)
    record = book.record(about.unit.name) if about.unit else None
    params, size, assumed = _parameters(args, about, book)
    start = _start(args, about, float(ambient[0]))
    series = _series(args, profile, ambient, params, start)
    regimes = judged(series, profile.load_pu, profile.step_min, size)
    hours = len(profile.load_pu) * profile.step_min / 60.0
    known = "assumed" if record is None else "synthetic record" if record.synthetic else "record"
    row = _row(ctx, about, profile, series, start, regimes, hours, "given" if args.nameplate and about.unit is None else known)
    return ThermalResult(
        mode="given load",
        method=METHODS[args.method],
        horizon_hours=hours,
        step_min=profile.step_min,
        paths=0,
        transformers=(row,),
        total=1,
        explained=row.element,
        limit_regime=regimes[0].limits.regime.value,
        series=moments(profile.load_pu, ambient, series, profile.step_min),
        regimes=tuple(regime_row(r) for r in regimes),
        ambient=_ambient_words(args, profile, about),
        load=_load_words(args, profile),
        assumed=(*assumed, *_start_words(args, start)),
        unverified=_unverified(params, regimes),
        repairs=profile.repairs,
    )


def _profile(args: ThermalArgs) -> Profile:
    if args.profile is not None:
        return profile_of(args.profile)
    hours = args.horizon_hours or HELD_HOURS
    step = _FINE_MIN if hours <= 24 else _COARSE_MIN
    return Profile(step, np.full(max(1, round(hours * 60 / step)), (args.load_percent or 0.0) / 100.0), None)


def _ambient(args: ThermalArgs, profile: Profile, ctx: StudyContext, about: GivenLoad) -> FloatArray:
    if profile.ambient_celsius is not None:
        return profile.ambient_celsius
    if args.ambient_celsius is not None:
        return np.full(len(profile.load_pu), args.ambient_celsius)
    return about.weather.ambient(ctx.state.plant_time, len(profile.load_pu), profile.step_min).celsius


def _ambient_words(args: ThermalArgs, profile: Profile, about: GivenLoad) -> str:
    if profile.ambient_celsius is not None or args.ambient_celsius is not None:
        return "as given"
    return about.ambient_words


def _load_words(args: ThermalArgs, profile: Profile) -> str:
    if args.profile is not None:
        return f"as given, {len(profile.load_pu)} steps of {profile.step_min:g} min"
    return f"{args.load_percent:g} % of the rating, held"


def _parameters(args: ThermalArgs, about: GivenLoad, book: AssetBook) -> tuple[IecParameters | None, Size, tuple[str, ...]]:
    """For Annex G only the size of the limits is taken from class or record."""
    record = book.record(about.unit.name) if about.unit else None
    if args.method == "ieee_annex_g" and about.rated_mva is None:
        given = args.nameplate
        return None, Size(given.size) if given and given.size else Size.MEDIUM, ("limits of a medium power transformer",)
    return iec_of(args.nameplate, record, about.rated_mva, args.cooling_lost)


def _start(args: ThermalArgs, about: GivenLoad, ambient_celsius: float) -> ThermalStart | None:
    given = args.start
    if given is None:
        return about.start if args.method != "ieee_annex_g" else None
    if args.method == "ieee_annex_g":
        raise InvalidArguments("Annex G starts from the cycle itself or from the steady state of its first point; leave `start` out.")
    if (given.top_oil_celsius is None) == (given.top_oil_rise_k is None):
        raise InvalidArguments("`start` needs one of top_oil_celsius and top_oil_rise_k.")
    oil = given.top_oil_celsius if given.top_oil_celsius is not None else ambient_celsius + (given.top_oil_rise_k or 0.0)
    return ThermalStart(oil, given.hot_spot_gradient_k)


def _start_words(args: ThermalArgs, start: ThermalStart | None) -> tuple[str, ...]:
    if args.start is not None:
        return ()
    if start is None:
        return ("the temperatures before the first step: those that settle under its load, or of the cycle where one is given",)
    return (f"the temperatures before the first step: top oil {start.top_oil_celsius:.1f} °C, as it is now",)


def _series(
    args: ThermalArgs, profile: Profile, ambient: FloatArray, params: IecParameters | None, start: ThermalStart | None
) -> ThermalSeries:
    if args.method == "ieee_annex_g" or params is None:
        return annex_g(profile.load_pu, ambient, profile.step_min, annex_g_of(args.nameplate))
    if args.method == "ieee_clause_7":
        return clause_7(profile.load_pu, ambient, profile.step_min, clause_7_of(params, args.nameplate), start)
    return hot_spot(profile.load_pu, ambient, profile.step_min, params, start)


def moments(load_pu: FloatArray, ambient: FloatArray, series: ThermalSeries, step_min: float) -> tuple[MomentRow, ...]:
    """The ends of the steps, thinned evenly where there are very many; both peaks are kept."""
    count = len(load_pu)
    shown = np.unique(np.linspace(0, count - 1, min(count, _MOST_MOMENTS)).round().astype(np.int64))
    shown = np.union1d(shown, [np.argmax(series.hot_spot_celsius), np.argmax(series.top_oil_celsius)])
    return tuple(
        MomentRow(
            hours=float((i + 1) * step_min / 60.0),
            load_percent=float(load_pu[i] * 100.0),
            ambient_celsius=float(ambient[i]),
            top_oil_celsius=float(series.top_oil_celsius[i]),
            hot_spot_celsius=float(series.hot_spot_celsius[i]),
            loss_of_life_min=float(series.loss_of_life_min[i]),
        )
        for i in shown
    )


def regime_row(verdict: RegimeVerdict) -> RegimeRow:
    """One regime in the words of the result; a current in per cent."""
    binding, limits = verdict.binding, verdict.limits
    percent = binding.unit == "pu"
    return RegimeRow(
        regime=limits.regime.value,
        allowed=None if verdict.outcome is Outcome.NOT_APPLICABLE else verdict.allowed,
        binding=binding.quantity.value,
        peak=binding.peak * 100.0 if percent else binding.peak,
        limit=binding.limit * 100.0 if percent else binding.limit,
        unit="%" if percent else binding.unit,
        limit_current_percent=None if limits.current_pu is None else limits.current_pu * 100.0,
        limit_hot_spot_celsius=limits.hot_spot_celsius,
        limit_top_oil_celsius=limits.top_oil_celsius,
        minutes_to_limit=verdict.first_crossed_min,
        unverified=limits.unverified,
    )


def _row(
    ctx: StudyContext,
    about: GivenLoad,
    profile: Profile,
    series: ThermalSeries,
    start: ThermalStart | None,
    regimes: tuple[RegimeVerdict, ...],
    hours: float,
    record: str,
) -> TransformerRow:
    normal = regimes[0].limits
    oil, hot = float(series.top_oil_celsius.max()), float(series.hot_spot_celsius.max())
    at = int(series.hot_spot_celsius.argmax()) + 1
    margins = {"hot-spot": normal.hot_spot_celsius - hot, "top oil": normal.top_oil_celsius - oil}
    binding = min(margins, key=lambda name: margins[name])
    life_h = float(series.loss_of_life_min[-1]) / 60.0
    return TransformerRow(
        element=about.unit.name if about.unit else "the transformer described",
        rating_mva=about.rated_mva,
        load_now_percent=None if about.load_now_pu is None else about.load_now_pu * 100.0,
        load_peak_percent=float(profile.load_pu.max() * 100.0),
        hot_spot_now_celsius=float(series.hot_spot_celsius[0]) if start is None else start.top_oil_celsius + start.hot_spot_gradient_k,
        top_oil_peak_celsius=oil,
        hot_spot_peak_celsius=hot,
        hot_spot_peak_at=ctx.state.plant_time + timedelta(minutes=at * profile.step_min),
        top_oil_limit_celsius=normal.top_oil_celsius,
        hot_spot_limit_celsius=normal.hot_spot_celsius,
        margin_k=margins[binding],
        binding=binding,
        expected_days_to_limit=None if regimes[0].first_crossed_min is None else regimes[0].first_crossed_min / 1440.0,
        loss_of_life_hours=life_h,
        relative_ageing=life_h / hours,
        record=record,
    )


def _unverified(params: IecParameters | None, regimes: tuple[RegimeVerdict, ...]) -> tuple[str, ...]:
    told = [params.unverified if params else "", *(r.limits.unverified for r in regimes)]
    return tuple(dict.fromkeys(t for t in told if t))
