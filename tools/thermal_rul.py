"""How hot do transformers get, how fast do they age, when is a limit reached, why, and what would help?"""

from itertools import accumulate

import numpy as np

from grid_models.assets.book import AssetBook
from grid_models.heating.series import ThermalStart
from grid_models.life.assumptions import Assumptions, Case, case_of
from grid_models.life.outlook import Outlook, outlook_of
from grid_models.life.units import Unit, unit_of, units_of
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of
from grid_models.weather.climatology import climatology_of
from grid_models.weather.from_now import FromNow
from tools.context import StudyContext
from tools.result import InvalidArguments
from tools.thermal_args import ThermalArgs
from tools.thermal_conflicts import refuse_conflicts
from tools.thermal_given import GivenLoad, given_load
from tools.thermal_outlook import outlook
from tools.thermal_result import ThermalResult

_OUTLOOK_HOURS = 720.0
_PRESENT_HOURS = 1.0  # what is needed of a forecast to know the present temperatures


def run(args: ThermalArgs, ctx: StudyContext) -> ThermalResult:
    """A given load where one is given, else the outlook. Raises UnknownElement, InvalidArguments and what the studies raise."""
    unit = _unit(args, ctx)
    refuse_conflicts(args)
    if args.load_percent is not None or args.profile is not None:
        return _given(args, ctx, unit)
    state = tuple(accumulate(args.changes, lambda s, change: s.apply([change]), initial=ctx.state))[-1]
    assume = _assume(args, ctx, state, args.horizon_hours or _OUTLOOK_HOURS)
    units = units_of(ctx.state.model) if unit is None else (unit,)
    cases, note = _cases(units, assume.assets, state)
    if not cases:
        return _nothing(args, note)
    found = outlook(args, ctx, assume, cases)
    return found.model_copy(update={"note": " ".join(filter(None, (note, found.note)))})


def _unit(args: ThermalArgs, ctx: StudyContext) -> Unit | None:
    if args.transformer is None:
        return None
    element = ctx.state.model.registry.find(args.transformer)
    if element.kind not in (ElementKind.TRANSFORMER, ElementKind.THREE_WINDING):
        raise InvalidArguments(f"'{element.name}' is a {element.kind}; temperatures and life are calculated for transformers.")
    return unit_of(ctx.state.model, element)


def _assume(args: ThermalArgs, ctx: StudyContext, state: GridState, hours: float) -> Assumptions:
    usual = climatology_of(ctx.state.model.name)
    weather = ctx.weather or usual
    if args.ambient_celsius is not None:
        weather = FromNow(args.ambient_celsius, state.plant_time, weather)
    return Assumptions(
        grid=ctx.grid or Grid(ctx.state.model),
        before=ctx.state,
        state=state,
        assets=ctx.assets or AssetBook(),
        weather=weather,
        usual_weather=usual,
        hours=hours,
        growth_percent_per_year=args.growth_percent_per_year,
        cooling_lost=args.cooling_lost,
    )


def _cases(units: tuple[Unit, ...], book: AssetBook, state: GridState) -> tuple[tuple[Case, ...], str]:
    """What can be assessed, and a sentence on what cannot."""
    live = topology_of(state).branch_live
    found = [(unit, case_of(unit, book)) for unit in units]
    unrated = [unit.name for unit, case in found if case is None]
    dead = [unit.name for unit, case in found if case is not None and not live[list(unit.branches)].any()]
    told = []
    if unrated:
        told.append(
            f"{_named(unrated)} cannot be assessed: neither the grid nor a record gives a usable rating; a record with rated_mva would."
        )
    if dead:
        told.append(f"{_named(dead)} carries no voltage and is not assessed.")
    if not units:
        told.append("This grid has no transformer.")
    return tuple(case for unit, case in found if case is not None and unit.name not in dead), " ".join(told)


def _named(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} other transformer{'s' * (len(names) > 2)}"


def _nothing(args: ThermalArgs, note: str) -> ThermalResult:
    return ThermalResult(
        mode="outlook",
        method="",
        horizon_hours=args.horizon_hours or _OUTLOOK_HOURS,
        step_min=15.0,
        paths=0,
        transformers=(),
        total=0,
        limit_regime="normal cyclic",
        ambient="",
        load="",
        note=note,
    )


def _given(args: ThermalArgs, ctx: StudyContext, unit: Unit | None) -> ThermalResult:
    """From the present temperatures where a transformer of the grid is meant and its load is known."""
    assume = _assume(args, ctx, ctx.state, _PRESENT_HOURS)
    case = case_of(unit, assume.assets) if unit else None
    if unit is not None and case is None and args.nameplate is None:
        raise InvalidArguments(
            f"'{unit.name}' has no usable rating, in the grid or in an asset record; a nameplate with its constants would work."
        )
    now = outlook_of(assume, [case]) if case else None
    about = GivenLoad(
        unit=unit,
        rated_mva=case.rated_mva if case else None,
        load_now_pu=None if now is None else float(now.loads(now.ahead.expected)[0, 0]),
        start=None if now is None or args.profile is not None else _present(now),
        weather=assume.weather,
        ambient_words=now.ambient.source if now else assume.weather.ambient(assume.at, 1, 15.0).source,
    )
    return given_load(args, ctx, about, assume.assets)


def _present(now: Outlook) -> ThermalStart:
    """Top oil and the hot-spot above it, from the load of the last days."""
    return ThermalStart(float(now.start[0, 0]), float(np.maximum(now.start[0, 1] - now.start[0, 2], 0.0)))
