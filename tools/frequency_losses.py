"""Which powers are lost, and when? From a number, an element of the grid, or a list."""

from grid_models.dynamics.system import Loss
from grid_models.steady.solution import Solution
from grid_models.twin.registry import Element, ElementKind
from tools.amounts import in_mw
from tools.context import StudyContext
from tools.frequency_args import FrequencyArgs
from tools.result import InvalidArguments

_NOTHING_MW = 1e-6


def lost_element(args: FrequencyArgs, ctx: StudyContext) -> Element | None:
    """The generator or infeed asked for. Raises UnknownElement, AmbiguousElement, InvalidArguments for another kind."""
    if args.element is None:
        return None
    element = ctx.state.model.registry.find(args.element)
    if element.kind is ElementKind.LOAD:
        raise InvalidArguments(f"'{element.name}' is a load, whose loss lifts frequency; lost_load_mw with its power would show that.")
    if element.kind not in (ElementKind.GENERATOR, ElementKind.INFEED):
        raise InvalidArguments(f"'{element.name}' is a {element.kind}; the loss of a generator or an infeed, or loss_mw, would work.")
    return element


def losses_of(args: FrequencyArgs, found: Element | None, solution: Solution | None, assumed: list[str]) -> tuple[Loss, ...]:
    """The first loss and the further ones. Raises InvalidArguments."""
    if sum(given is not None for given in (args.loss_mw, found, args.lost_load_mw)) > 1:
        raise InvalidArguments("Several of loss_mw, element and lost_load_mw were given; one, with further losses in losses, would work.")
    later = tuple(Loss(loss.at_s, loss.mw, inertia_gws=loss.inertia_gws) for loss in args.losses)
    if found is not None and solution is not None:
        return (_injected(found, solution, assumed), *later)
    if args.loss_mw is not None:
        return (Loss(0.0, args.loss_mw), *later)
    if args.lost_load_mw is not None:
        return (Loss(0.0, load_mw=args.lost_load_mw), *later)
    if not later:
        raise InvalidArguments("Nothing is lost: loss_mw (in MW) or element (a generator or an infeed) would work.")
    return later


def _injected(element: Element, solution: Solution, assumed: list[str]) -> Loss:
    """What it injects now; one that draws power leaves a surplus."""
    infeed = element.kind is ElementKind.INFEED
    power = float(solution.infeed_p_mw[element.index] if infeed else solution.state.generator_injected_mw[element.index])
    if not abs(power) > _NOTHING_MW:
        raise InvalidArguments(f"'{element.name}' injects nothing now, so its loss moves no frequency; loss_mw with a power would work.")
    if infeed:
        assumed.append(f"The {in_mw(power)} that {element.name} brings now are lost to the synchronous system, not rerouted.")
    return Loss(0.0, power) if power > 0 else Loss(0.0, load_mw=-power)
