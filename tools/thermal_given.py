"""May a transformer carry this load, how hot does it get, and how much life does it cost? A load that the person gives."""

from dataclasses import dataclass

import numpy as np

from grid_models.assets.book import AssetBook
from grid_models.heating.series import ThermalStart
from grid_models.life.units import Unit
from grid_models.twin.model import FloatArray
from grid_models.weather.ambient import AmbientSource
from tools.context import StudyContext
from tools.result import InvalidArguments
from tools.thermal_args import ThermalArgs
from tools.thermal_given_rows import given_row, moments, regime_row, too_hot
from tools.thermal_nameplate import Described, iec_of
from tools.thermal_profile import Profile, points_of, profile_of
from tools.thermal_result import ThermalResult
from tools.thermal_temperatures import METHODS, Heated, heated

HELD_HOURS = 24.0  # how long a load is held where nobody says
_FINE_MIN, _COARSE_MIN = 1.0, 5.0


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
    described = _described(args, about, book)
    start = _start(args, about, float(ambient[0]))
    found = heated(args.method, profile, ambient, described, args.nameplate, start)
    row = given_row(about.unit, found, start, ctx.state.plant_time, _known(args, about, book))
    row = row.model_copy(update={"rating_mva": about.rated_mva, "load_now_percent": _percent(about.load_now_pu)})
    return ThermalResult(
        mode="given load",
        method=METHODS[args.method],
        horizon_hours=found.hours,
        step_min=profile.step_min,
        paths=0,
        transformers=(row,),
        total=1,
        explained=row.element,
        limit_regime=found.regimes[0].limits.regime.value,
        series=moments(found),
        regimes=tuple(regime_row(r, found.late_min) for r in found.regimes),
        ambient=_ambient_words(args, profile, about),
        load=_load_words(args, profile),
        assumed=(*(described.assumed if described else ()), *_start_words(args, start), *too_hot(row.hot_spot_peak_celsius)),
        unverified=_unverified(described, found),
        repairs=profile.repairs,
    )


def _profile(args: ThermalArgs) -> Profile:
    points = args.method == "ieee_annex_g"
    if args.profile is not None:
        return points_of(args.profile) if points else profile_of(args.profile)
    hours = args.horizon_hours or HELD_HOURS
    step = _FINE_MIN if hours <= 24 else _COARSE_MIN
    values = max(1, round(hours * 60 / step)) + int(points)
    return Profile(step, np.full(values, (args.load_percent or 0.0) / 100.0), None)


def _ambient(args: ThermalArgs, profile: Profile, ctx: StudyContext, about: GivenLoad) -> FloatArray:
    if profile.ambient_celsius is not None:
        return profile.ambient_celsius
    if args.ambient_celsius is not None:
        return np.full(len(profile.load_pu), args.ambient_celsius)
    return about.weather.ambient(ctx.state.plant_time, len(profile.load_pu), profile.step_min).celsius


def _described(args: ThermalArgs, about: GivenLoad, book: AssetBook) -> Described | None:
    """None for Annex G, for which no class and no record stands."""
    record = book.record(about.unit.name) if about.unit else None
    return None if args.method == "ieee_annex_g" else iec_of(args.nameplate, record, about.rated_mva, args.cooling_lost)


def _start(args: ThermalArgs, about: GivenLoad, ambient_celsius: float) -> ThermalStart | None:
    given = args.start
    if given is None:
        return about.start if args.method != "ieee_annex_g" else None
    if (given.top_oil_celsius is None) == (given.top_oil_rise_k is None):
        raise InvalidArguments("`start` needs one of top_oil_celsius and top_oil_rise_k.")
    oil = given.top_oil_celsius if given.top_oil_celsius is not None else ambient_celsius + (given.top_oil_rise_k or 0.0)
    return ThermalStart(oil, given.hot_spot_gradient_k)


def _known(args: ThermalArgs, about: GivenLoad, book: AssetBook) -> str:
    if args.nameplate is not None and about.unit is None:
        return "given"
    record = book.record(about.unit.name) if about.unit else None
    return "assumed" if record is None else "synthetic record" if record.synthetic else "record"


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100.0


def _ambient_words(args: ThermalArgs, profile: Profile, about: GivenLoad) -> str:
    given = profile.ambient_celsius is not None or args.ambient_celsius is not None
    return "as given" if given else about.ambient_words


def _load_words(args: ThermalArgs, profile: Profile) -> str:
    if args.profile is not None:
        return f"as given, {len(profile.load_pu)} steps of {profile.step_min:g} min"
    return f"{args.load_percent:g} % of the rating, held"


def _start_words(args: ThermalArgs, start: ThermalStart | None) -> tuple[str, ...]:
    if args.start is not None:
        return ()
    if start is None:
        return ("the temperatures before the first step: those that settle under its load, or of the cycle where one is given",)
    return (f"the temperatures before the first step: top oil {start.top_oil_celsius:.1f} °C, as it is now",)


def _unverified(described: Described | None, found: Heated) -> tuple[str, ...]:
    told = [described.parameters.unverified if described else "", *(r.limits.unverified for r in found.regimes)]
    return tuple(dict.fromkeys(t for t in told if t))
