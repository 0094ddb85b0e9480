"""Of which system is power lost? From the arguments, then the grid, then assumptions that are told."""

from dataclasses import dataclass, field

from grid_models.dynamics.grid_inertia import OwnInertia, own_inertia
from grid_models.dynamics.inertia import INERTIA_SOURCE, inertia_gws
from grid_models.dynamics.own_system import DAMPING_PU, REFERENCE_H_S, plausible_load, usual_load_mw
from grid_models.dynamics.schemes import Area, area_names, area_of, scheme_of
from grid_models.dynamics.system import FrequencySystem, Loss, ShedStage, damping_of
from grid_models.steady.boundary import solve
from grid_models.twin.registry import Element, ElementKind
from tools.amounts import in_mw
from tools.context import StudyContext
from tools.frequency_args import FrequencyArgs, StageArgs
from tools.frequency_design import in_its_area
from tools.frequency_groups import groups_of
from tools.frequency_losses import losses_of, lost_element
from tools.result import InvalidArguments


@dataclass
class Told:
    """Collected on the way: what was assumed, what is unverified."""

    assumed: list[str] = field(default_factory=list)
    unverified: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Disturbed:
    """The system, its losses, whose limits are judged, and what was assumed."""

    system: FrequencySystem
    losses: tuple[Loss, ...]
    element: str | None
    area: Area | None
    scheme: str
    told: Told


def disturbed(args: FrequencyArgs, ctx: StudyContext) -> Disturbed:
    """Raises InvalidArguments, UnknownElement, NotCalculable and what a power flow raises."""
    told = Told()
    found = lost_element(args, ctx)
    own_needed = args.inertia_gws is None and not args.running_mva
    solution = solve(ctx.state) if found is not None or own_needed else None
    losses = losses_of(args, found, solution, told.assumed)
    frequency = args.frequency_hz or ctx.state.model.frequency_hz
    own = own_inertia(solution) if solution is not None else None
    if own_needed and (own is None or own.machines == 0):
        args = _of_its_area(args, frequency, told)
    energy = _inertia(args, found, own, told)
    load = _load(args, ctx, energy + args.grid_forming_gws, sum(loss.mw for loss in losses), told)
    area = _area(args, frequency)
    stages, scheme = _stages(args, area, load, frequency, told)
    system = FrequencySystem(
        frequency_hz=frequency,
        inertia_gws=energy + args.grid_forming_gws,
        load_mw=load,
        damping_percent_per_hz=_damping(args, frequency, told),
        groups=groups_of(args, frequency, load, told.assumed),
        stages=stages,
    )
    return Disturbed(system, losses, found.name if found else None, area, scheme, told)


def _of_its_area(args: FrequencyArgs, frequency: float, told: Told) -> FrequencyArgs:
    """Whoever gives a load has a system of their own in mind. Raises InvalidArguments where nothing is documented of the area."""
    if args.load_mw is not None:
        energy = REFERENCE_H_S * args.load_mw / 1000.0
        told.assumed.append(f"No inertia was given: {energy:.4g} GW·s are taken, {REFERENCE_H_S:g} s of the load as in the reference set.")
        return args.model_copy(update={"inertia_gws": energy})
    found = in_its_area(args, _area(args, frequency))
    if found is None:
        raise InvalidArguments(
            "This grid holds no machine that is known to be synchronous: its infeeds stand for a larger system, whose inertia and load "
            "its data do not give; inertia_gws and load_mw of that system would work."
        )
    told.assumed.append(found[1])
    told.unverified.append(found[2])
    return found[0]


def _inertia(args: FrequencyArgs, found: Element | None, own: OwnInertia | None, told: Told) -> float:
    if args.inertia_gws is not None and args.running_mva:
        raise InvalidArguments("Both inertia_gws and running_mva were given; one of them would work.")
    if args.inertia_gws is not None:
        return args.inertia_gws
    if args.running_mva:
        told.unverified.append(f"inertia constants by type of unit ({INERTIA_SOURCE})")
        return _turning(inertia_gws(args.running_mva), args.grid_forming_gws)
    if own is None:
        raise InvalidArguments("No inertia was given; inertia_gws or running_mva would work.")
    return _own(found, own, told)


def _turning(energy_gws: float, forming_gws: float) -> float:
    """Converters alone hold none, but those that form the grid may."""
    if not energy_gws + forming_gws > 0.0:
        raise InvalidArguments(
            "The units in running_mva hold no inertia together; synchronous ones among them, inertia_gws or grid_forming_gws would work."
        )
    return energy_gws


def _own(found: Element | None, own: OwnInertia, told: Told) -> float:
    """Less what is lost with the element."""
    gone = 0.0
    if found is not None:
        gone = float((own.infeed_gws if found.kind is ElementKind.INFEED else own.generator_gws)[found.index])
    told.assumed.append(
        f"Inertia from the grid's {own.machines} synchronous machines at {REFERENCE_H_S:g} s of their rating (their types are not known): "
        f"{own.gws:.3g} GW·s, {gone:.3g} GW·s of it lost."
    )
    share = 100.0 * float(own.infeed_gws.sum()) / own.gws
    if share > 0.0:
        told.assumed.append(
            f"The grid is taken as a system of its own: its infeeds count as machines of what they bring now, {share:.0f} % of the inertia."
        )
    if not own.gws - gone > 0.0:
        raise InvalidArguments("With this loss no inertia is left in the grid; inertia_gws of what else is synchronous would work.")
    return own.gws - gone


def _load(args: FrequencyArgs, ctx: StudyContext, energy_gws: float, lost_mw: float, told: Told) -> float:
    """The grid's load where it may belong to such an inertia and such a loss."""
    if args.load_mw is not None:
        return args.load_mw
    load = float(ctx.state.load_drawn_mw.sum())
    if plausible_load(load, energy_gws, lost_mw):
        told.assumed.append(f"The load is the grid's now, {in_mw(load)}.")
        return load
    taken = usual_load_mw(energy_gws)
    told.assumed.append(
        f"load_mw was not given, and the grid's {in_mw(load)} are not the load of a system with {energy_gws:.3g} GW·s; "
        f"{taken:.0f} MW are taken, with an inertia constant of {REFERENCE_H_S:g} s."
    )
    return taken


def _damping(args: FrequencyArgs, frequency: float, told: Told) -> float:
    if args.damping_percent_per_hz is not None:
        return args.damping_percent_per_hz
    percent = damping_of(DAMPING_PU, frequency)
    told.assumed.append(f"Load damping {percent:.3g} % per Hz, that of Anderson and Mirheydar's reference set.")
    return percent


def _area(args: FrequencyArgs, frequency: float) -> Area | None:
    """The one asked for, else the first of this nominal frequency."""
    name = args.area or next(iter(area_names(frequency)), None)
    area = area_of(name) if name else None
    if area is not None and area.frequency_hz != frequency:
        raise InvalidArguments(
            f"'{args.area}' has {area.frequency_hz:g} Hz and the system {frequency:g} Hz; frequency_hz of the area would work."
        )
    return area


def _stages(args: FrequencyArgs, area: Area | None, load: float, frequency: float, told: Told) -> tuple[tuple[ShedStage, ...], str]:
    if isinstance(args.shedding, tuple):
        return tuple(_stage(stage, load) for stage in args.shedding), "given"
    name = args.shedding if args.shedding is not None else (area.default_scheme if area else "none")
    if name.strip().lower() == "none":
        return (), "none"
    scheme = scheme_of(name)
    if scheme.frequency_hz != frequency:
        raise InvalidArguments(
            f"The shedding scheme '{name}' is for {scheme.frequency_hz:g} Hz and the system has {frequency:g} Hz; "
            "a scheme or stages for that would work."
        )
    if args.shedding is None:
        told.assumed.append(f"Shedding scheme '{name}' ({scheme.source}).")
    if scheme.unverified:
        told.unverified.append(f"of the shedding scheme '{name}': {scheme.unverified}")
    return scheme.on(load), name


def _stage(given: StageArgs, load: float) -> ShedStage:
    mw = given.mw if given.mw is not None else (given.share_percent or 0.0) / 100.0 * load
    return ShedStage(given.below_hz, mw, given.delay_s, given.breaker_s)
