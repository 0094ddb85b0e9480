"""Which outages does a request mean?"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from grid_models.contingency.outages import Outage, OutageKind, outage_of, outages_of_kinds, single_outages
from grid_models.twin.registry import Element, ElementKind, normalised
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of
from tools.contingency_args import ContingencyArgs
from tools.result import InvalidArguments

BRANCHES = (OutageKind.LINE, OutageKind.TRANSFORMER, OutageKind.THREE_WINDING)
_CLASSES: dict[str, tuple[OutageKind, ...]] = {
    "branches": BRANCHES,
    "lines": (OutageKind.LINE,),
    "transformers": (OutageKind.TRANSFORMER, OutageKind.THREE_WINDING),
    "three-winding transformers": (OutageKind.THREE_WINDING,),
    "generators": (OutageKind.GENERATOR,),
    "infeeds": (OutageKind.INFEED,),
    "busbars": (OutageKind.BUSBAR,),
    "double circuits": (OutageKind.DOUBLE_CIRCUIT,),
    "all": tuple(kind for kind in OutageKind if kind is not OutageKind.GROUP),
}
_KINDS_OF = {spelled: kinds for word, kinds in _CLASSES.items() for spelled in (normalised(word), normalised(f"all {word}"))}
_CAN_FAIL = frozenset(kind.value for kind in (*BRANCHES, OutageKind.INFEED, OutageKind.GENERATOR)) | {"bus"}
MAX_NAMED_PAIRS = 20_000  # every one is solved in AC: about a minute on the largest grids


@dataclass(frozen=True)
class Chosen:
    """The outages to study, each once, and those asked for that are out of service already."""

    outages: tuple[Outage, ...]
    out_of_service: tuple[Outage, ...] = ()


def chosen_outages(args: ContingencyArgs, state: GridState) -> Chosen:
    """What level 1 and the caller's groups mean. Raises UnknownElement, AmbiguousElement or InvalidArguments for what cannot fail."""
    if args.outages is not None:
        return in_service(_each_once(_group(state, names) for names in args.outages), state)
    if args.elements is not None:
        return in_service(_each_once(o for name in args.elements for o in _meant(state, name)), state)
    return Chosen(single_outages(state))


def chosen_pairs(args: ContingencyArgs, state: GridState) -> Chosen:
    """All pairs among the elements named. Raises InvalidArguments for fewer than two or for too many."""
    elements = args.elements or ()
    single = chosen_outages(args, state)
    count = len(single.outages) * (len(single.outages) - 1) // 2
    if count == 0 and not single.out_of_service:
        raise InvalidArguments(f"Pairs need two elements in service; {', '.join(elements)} means {len(single.outages)}.")
    if count > MAX_NAMED_PAIRS:
        raise InvalidArguments(
            f"{', '.join(elements)} means {count} pairs; up to {MAX_NAMED_PAIRS} pairs of named elements can be solved one by one. "
            "Leave 'elements' out to screen all pairs of branches."
        )
    return Chosen(_each_once(_joined(pair) for pair in combinations(single.outages, 2)), single.out_of_service)


def every_pair(state: GridState) -> tuple[Outage, ...] | None:
    """All pairs of branches in service; None where they are too many to be listed."""
    single = outages_of_kinds(state, BRANCHES)
    if len(single) * (len(single) - 1) // 2 > MAX_NAMED_PAIRS:
        return None
    return tuple(_joined(pair) for pair in combinations(single, 2))


def _meant(state: GridState, name: str) -> tuple[Outage, ...]:
    """The outages of a class word, or that of one element; a grid's own name goes before a class word."""
    kinds = _KINDS_OF.get(normalised(name))
    if kinds is not None and not state.model.registry.exact(name):
        return tuple(outages_of_kinds(state, kinds))
    return (outage_of(_element(state, name)),)


def _element(state: GridState, name: str) -> Element:
    element = state.model.registry.find(name)
    if element.kind.value not in _CAN_FAIL:
        raise InvalidArguments(
            f"'{element.name}' is a {element.kind}; the outage of a line, a transformer, an infeed, a generator or a busbar can be studied."
        )
    return element


def _group(state: GridState, names: Iterable[str]) -> Outage:
    """The elements named, which fail together, in the order given."""
    return _joined(tuple(outage_of(_element(state, name)) for name in names))


def _joined(outages: tuple[Outage, ...]) -> Outage:
    elements = tuple(dict.fromkeys(e for outage in outages for e in outage.elements))
    return outage_of(elements[0]) if len(elements) == 1 else Outage(OutageKind.GROUP, elements)


def _each_once(outages: Iterable[Outage]) -> tuple[Outage, ...]:
    """The same elements in another order are the same outage; the first spelling stays."""
    found: dict[frozenset[Element], Outage] = {}
    for outage in outages:
        found.setdefault(frozenset(outage.elements), outage)
    return tuple(found.values())


def in_service(asked: tuple[Outage, ...], state: GridState, *, every: bool = False) -> Chosen:
    """An outage counts when any (or `every`) element is in service; every energised node may fail by name, only busbars as a class."""
    kinds = {outage_of(e).kind for outage in asked for e in outage.elements} - {OutageKind.BUSBAR}
    working = {e for outage in outages_of_kinds(state, kinds) for e in outage.elements}
    bus_live = topology_of(state).bus_live

    def works(element: Element) -> bool:
        return bool(bus_live[element.index]) if element.kind is ElementKind.BUS else element in working

    wanted = all if every else any
    counted = [wanted(works(e) for e in outage.elements) for outage in asked]
    return Chosen(
        tuple(o for o, counts in zip(asked, counted, strict=True) if counts),
        tuple(o for o, counts in zip(asked, counted, strict=True) if not counts),
    )
