"""What happens next if nobody acts? From one trip to the next, by relays, islands and reserves."""

from collections.abc import Callable
from itertools import accumulate

import numpy as np

from grid_models.cascade.course import Cascade
from grid_models.cascade.flows import flows_of
from grid_models.cascade.holders import holders_of
from grid_models.cascade.rates import OutageRate, outage_rate
from grid_models.cascade.relays import relays_of
from grid_models.cascade.risk import Risk, risk_of
from grid_models.cascade.running import Scene
from grid_models.cascade.simulate import cascade
from grid_models.cascade.stops import Stop, stops
from grid_models.contingency.outages import Outage, OutageKind
from grid_models.errors import NotOnline, StudyCancelled
from grid_models.protection.defaults import protection_defaults
from grid_models.protection.relays import RelayMode
from grid_models.protection.settings import ProtectionSettings, settings_of
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of
from grid_models.weather.climatology import climatology_of
from tools.cascade_args import CascadeArgs
from tools.cascade_result import CascadeResult, RiskRow, StopRow
from tools.cascade_rows import assumptions, event_rows, island_rows, path_rows
from tools.context import StudyContext
from tools.result import InvalidArguments

_FAILS = (
    ElementKind.LINE,
    ElementKind.TRANSFORMER,
    ElementKind.THREE_WINDING,
    ElementKind.GENERATOR,
    ElementKind.INFEED,
    ElementKind.BUS,
)


def run(args: CascadeArgs, ctx: StudyContext) -> CascadeResult:
    """Raises UnknownElement, InvalidArguments, NotOnline without any supply, and StudyCancelled."""
    state = tuple(accumulate(args.changes, lambda s, change: s.apply([change]), initial=ctx.state))[-1]
    settings = ctx.protection or settings_of(state.model)
    scene = _scene(args, ctx, state, settings)
    ctx.progress(0, args.samples)
    found = cascade(scene)
    better, tried, at_s = _stopped(args, scene, found, ctx.cancelled)
    if ctx.cancelled():
        raise StudyCancelled(tried, tried)
    rows = tuple(_stop_row(s, at_s, args.reaction_minutes * 60.0) for s in better[: args.top])
    return _result(args, ctx, scene, found, rows, tried, settings, _risk(args, ctx, scene, settings))


def _stopped(args: CascadeArgs, scene: Scene, found: Cascade, cancelled: Callable[[], bool]) -> tuple[tuple[Stop, ...], int, float]:
    """What operators could do when they can act; where everything has happened by then, what only an automatic action could."""
    reaction_s = args.reaction_minutes * 60.0
    better, tried = stops(scene, found, reaction_s, cancelled)
    if better or reaction_s == 0.0:
        return better, tried, reaction_s
    at_once, more = stops(scene, found, 0.0, cancelled)
    return at_once, tried + more, 0.0


def _stop_row(stop: Stop, at_s: float, reaction_s: float) -> StopRow:
    return StopRow(
        change=stop.action.words(),
        element=stop.action.element or "",
        at_s=at_s,
        in_time=at_s >= reaction_s,
        lost_load_mw=stop.lost_load_mw,
        trips=stop.trips,
    )


def _scene(args: CascadeArgs, ctx: StudyContext, state: GridState, settings: ProtectionSettings) -> Scene:
    holders = holders_of(state.model)
    before = flows_of(holders.lifted(state), args.method)
    if before is None:
        raise NotOnline(f"No infeed of '{state.model.name}' is in service, so nothing is supplied that a cascade could take.")
    weather = ctx.weather or climatology_of(state.model.name)
    ambient = float(weather.ambient(state.plant_time, 1, 15.0).celsius[0])
    return Scene(
        state=state,
        outage=_outage(args, state),
        holders=holders,
        relays=relays_of(RelayMode(args.relay), settings, before, args.rating_factor, ambient, ctx.assets),
        horizon_s=args.horizon_minutes * 60.0,
        method=args.method,
    )


def _tripping_before(scene: Scene, method: str) -> tuple[str, ...]:
    """Branches whose relays would act if nothing failed."""
    before = flows_of(scene.holders.lifted(scene.state), method)
    if before is None:
        return ()
    due = np.flatnonzero(np.isfinite(scene.relays.waits(before).branches))
    return tuple(scene.state.model.branches.name[b] for b in due)


def _outage(args: CascadeArgs, state: GridState) -> Outage:
    """What is named, each once."""
    found = tuple(dict.fromkeys(state.model.registry.find(name) for name in args.outages))
    wrong = [e for e in found if e.kind not in _FAILS]
    if wrong:
        raise InvalidArguments(f"'{wrong[0].name}' is a {wrong[0].kind}; lines, transformers, generators, infeeds and buses can fail.")
    out = [e.name for e in found if _is_out(state, e)]
    if out:
        raise InvalidArguments(f"{', '.join(out)} is out of service or without supply already; what is in service could fail.")
    return Outage(OutageKind.GROUP, found)


def _is_out(state: GridState, element: Element) -> bool:
    topology = topology_of(state)
    if element.kind in (ElementKind.LINE, ElementKind.TRANSFORMER):
        return not topology.branch_live[element.index]
    if element.kind is ElementKind.THREE_WINDING:
        return not topology.branch_live[state.model.three_winding.legs[element.index]].any()
    if element.kind is ElementKind.BUS:
        return not topology.bus_live[element.index]
    if element.kind is ElementKind.GENERATOR:
        return not state.generator_on[element.index]
    return element.kind is ElementKind.INFEED and not state.infeed_on[element.index]


def _risk(args: CascadeArgs, ctx: StudyContext, scene: Scene, settings: ProtectionSettings) -> RiskRow | None:
    if args.samples == 1:
        if args.hidden_failure_probability:
            raise InvalidArguments(
                f"Hidden failures with a probability of {args.hidden_failure_probability:g} act in samples, and one was asked for; "
                "samples of 2 or more would work."
            )
        return None
    known = protection_defaults().hidden_failure
    chance = settings.hidden_failure_probability if args.hidden_failure_probability is None else args.hidden_failure_probability
    seed = ctx.seed if args.seed is None else args.seed
    found = risk_of(scene, args.samples, chance, seed, ctx.progress, ctx.cancelled)
    if found is None:
        raise StudyCancelled(0, args.samples, "samples")
    given = args.hidden_failure_probability is not None
    return _risk_row(found, chance, outage_rate(scene.state.model, scene.outage), None if given else (known.source, known.unverified))


def _risk_row(found: Risk, chance: float, rate: OutageRate, default: tuple[str, str] | None) -> RiskRow:
    """default: source and doubt of the probability of a hidden failure; None where it was given."""
    lost, (source, doubt) = found.lost_load_mw, default or ("as given", "")
    return RiskRow(
        samples=len(lost),
        probability_of_spreading_percent=100.0 * found.spreading,
        mean_lost_load_mw=float(lost.mean()),
        worst_lost_load_mw=float(lost.max()),
        quantile_95_lost_load_mw=float(np.quantile(lost, 0.95, method="inverted_cdf")),
        hidden_failure_probability=chance,
        probability_source=f"hidden failures: {source}; outages: {rate.source}",
        outage_rate_per_year=rate.per_year,
        expected_lost_mwh_per_year=None if rate.per_year is None else rate.per_year * float(found.lost_mwh.mean()),
        unverified="; ".join(dict.fromkeys(d for d in (doubt, rate.unverified) if d)),
    )


def _result(
    args: CascadeArgs,
    ctx: StudyContext,
    scene: Scene,
    found: Cascade,
    better: tuple[StopRow, ...],
    tried: int,
    settings: ProtectionSettings,
    risk: RiskRow | None,
) -> CascadeResult:
    islands = island_rows(found)
    before = found.supplied[0][1]
    trips = [e.at_s for e in found.events if e.kind in ("trip", "machine trip")]
    return CascadeResult(
        outages=tuple(e.name for e in scene.outage.elements),
        ends=found.ends.value,
        ends_at_s=found.ends_at_s,
        method=args.method,
        steps=found.steps,
        dc_steps=found.dc_steps,
        trips=found.trips,
        sheddings=sum(e.kind == "shed" for e in found.events),
        lost_load_mw=found.lost_load_mw,
        lost_load_percent=100.0 * found.lost_load_mw / before if before else 0.0,
        lost_customers=None if (lost := found.lost_customers(scene.state)) is None else round(lost),
        lost_generation_mw=sum(e.lost_generation_mw for e in found.events),
        lost_energy_mwh=found.lost_mwh(scene.horizon_s),
        load_mw=before,
        events=event_rows(found)[: args.top],
        events_total=len(found.events),
        islands=islands[: args.top],
        islands_total=len(islands),
        pathway=path_rows(found)[: args.top],
        stops=better,
        stops_tried=tried,
        reaction_minutes=args.reaction_minutes,
        horizon_minutes=args.horizon_minutes,
        losses_mw=_losses_mw(found),
        first_trip_s=min(trips, default=None),
        tripping_before=_tripping_before(scene, args.method),
        risk=risk,
        assumed=assumptions(found, settings, scene.balance),
        unverified=(),
        changes=tuple(a.words() for a in args.changes),
        ratings_usable=ctx.state.model.ratings_usable,
        ratings_note=ctx.state.model.ratings_note,
    )


def _losses_mw(found: Cascade) -> float | None:
    if found.flows is None or found.flows.dc or np.isnan(found.flows.solution.vm_pu).all():
        return None
    return found.flows.solution.losses_mw
