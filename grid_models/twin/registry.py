"""Every element's one display name, its aliases, and where it stands in the model's tables."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from grid_models.errors import AmbiguousElement, UnknownElement
from grid_models.twin.model import GridModel, IntArray
from grid_models.twin.normal import normalised
from grid_models.twin.places import Place, buses_by_place

__all__ = ["BRANCH_KINDS", "Element", "ElementKind", "Registry", "normalised"]

_CIRCUIT = re.compile(r"\s*\(\d+\)$")
_BY_ENDS = re.compile(r"-.*\(\d+\)$")  # 'Line 5-6 (1)': the numbers are its ends', not its own


class ElementKind(StrEnum):
    BUS = "bus"
    LINE = "line"
    TRANSFORMER = "transformer"
    THREE_WINDING = "three-winding transformer"
    LOAD = "load"
    GENERATOR = "generator"
    INFEED = "infeed"
    SHUNT = "shunt"
    SWITCH = "switch"


_KIND_STARTS = tuple((f"{normalised(k)} ", k) for k in ElementKind)
BRANCH_KINDS = frozenset({ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING})


@dataclass(frozen=True)
class Element:
    """`index` is the row in the model's table of this kind; lines and transformers share the branch table."""

    kind: ElementKind
    index: int
    name: str


class Registry:
    """Names of one model. `elements` keeps the order of the tables."""

    def __init__(self, model: GridModel) -> None:
        self.model = model
        self.elements = tuple(_elements(model))
        self.normal_names = tuple(normalised(e.name) for e in self.elements)
        self._by_name: dict[str, list[Element]] = {}
        named: dict[str, list[Element]] = {}
        for element, normal in zip(self.elements, self.normal_names, strict=True):
            self._by_name.setdefault(normal, []).append(element)
            named.setdefault(element.name, []).append(element)
        self._names_of: dict[frozenset[ElementKind], dict[int, str]] = {}
        self._by_alias: dict[str, list[Element]] = {}
        for alias, name in model.aliases:
            self._by_alias.setdefault(normalised(alias), []).extend(named[name])

    def exact(self, name: str) -> tuple[Element, ...]:
        """Elements whose display name is exactly this (case and punctuation aside); failing that, whose alias is.

        Failing both, without the number ('Line 5-6' is every circuit of it), or with the kind before: of a bus and a load of one name
        'load North' is the load.
        """
        said = normalised(name)
        found = self._by_name.get(said) or self._by_alias.get(said) or self._by_circuit.get(said)
        if found or not said:
            return tuple(found or ())
        start, kind = next(((word, k) for word, k in _KIND_STARTS if said.startswith(word)), ("", None))
        rest = said.removeprefix(start)
        return tuple(dict.fromkeys(e for e in (*self._by_name.get(rest, ()), *self._by_alias.get(rest, ())) if e.kind is kind))

    @cached_property
    def _by_circuit(self) -> dict[str, list[Element]]:
        """Elements by their names without the number at the end."""
        found: dict[str, list[Element]] = {}
        for element in self.elements:
            if _CIRCUIT.search(element.name):
                found.setdefault(normalised(_CIRCUIT.sub("", element.name)), []).append(element)
        return found

    def with_alias(self, name: str) -> tuple[Element, ...]:
        """Elements with this alias, also where it is another's display name."""
        return tuple(self._by_alias.get(normalised(name), ()))

    def find(self, name: str) -> Element:
        """The one element of this name or alias. Raises UnknownElement with the nearest names, or AmbiguousElement."""
        found = self.exact(name)
        if len(found) == 1:
            return found[0]
        if found:
            shared = len({e.name for e in found}) < len(found)
            raise AmbiguousElement(name, [f"{e.kind} {e.name}" if shared else e.name for e in found])
        from grid_models.twin.nearest import nearest  # it builds on this registry: imported here to break the circle

        raise UnknownElement(name, nearest(self, name))

    @cached_property
    def _by_word(self) -> dict[str, frozenset[Element]]:
        index: dict[str, set[Element]] = {}
        for element, normal in zip(self.elements, self.normal_names, strict=True):
            if not _BY_ENDS.search(element.name):
                for word in normal.split():
                    index.setdefault(word, set()).add(element)
        stars = {e for i, e in enumerate(self.elements) if self._is_star(i)}
        return {word: frozenset(found - stars) for word, found in index.items()}

    def own_words(self, element: Element) -> list[str]:
        """Words of the display name without a circuit's number: the last of 'Load at Bus 7 (2)' is 7."""
        return normalised(_CIRCUIT.sub("", element.name)).split()

    def is_word(self, word: str) -> bool:
        """Is this a word of some display name?"""
        return word in self._by_word

    def with_words(self, words: Collection[str]) -> tuple[Element, ...]:
        """Elements whose display name holds every one of these words, in the order of the tables; not branches named by their ends."""
        found = [self._by_word.get(word, frozenset()) for word in words]
        if not found:
            return ()
        return tuple(sorted(frozenset.intersection(*found), key=self._position.__getitem__))

    @cached_property
    def _position(self) -> dict[Element, int]:
        return {element: i for i, element in enumerate(self.elements)}

    @cached_property
    def first_words(self) -> frozenset[str]:
        """Words that display names begin with: 'hv1', 'ehv', 'line'."""
        return frozenset(normalised(e.name).split()[0] for e in self.elements if normalised(e.name))

    def of_kind(self, *kinds: ElementKind) -> tuple[Element, ...]:
        return tuple(e for e in self.elements if e.kind in kinds)

    def names_of(self, kinds: Collection[ElementKind]) -> dict[int, str]:
        """Normalised names of these kinds by their place in `elements`; star points of transformers left out."""
        key = frozenset(kinds)
        if key not in self._names_of:
            self._names_of[key] = {i: n for i, n in enumerate(self.normal_names) if self.elements[i].kind in key and not self._is_star(i)}
        return self._names_of[key]

    def _is_star(self, place: int) -> bool:
        element = self.elements[place]
        return element.kind is ElementKind.BUS and bool(self.model.buses.is_star[element.index])

    @cached_property
    def places(self) -> dict[Place, frozenset[int]]:
        """Substations and areas, each with the rows of its buses."""
        return buses_by_place(self.model)

    def at_buses(self, buses: Collection[int]) -> tuple[Element, ...]:
        """Elements with at least one end at one of these buses, the buses themselves too, in the order of the tables."""
        found = {element for bus in buses for element in self._at_bus.get(bus, ())}
        return tuple(sorted(found, key=self._position.__getitem__))

    @cached_property
    def _at_bus(self) -> dict[int, list[Element]]:
        index: dict[int, list[Element]] = {}
        for element in self.elements:
            for bus in self.bus_of(element):
                index.setdefault(bus, []).append(element)
        return index

    def bus_of(self, element: Element) -> tuple[int, ...]:
        """Row of the bus (or the end buses of a branch, or of a switch) in the bus table."""
        model = self.model
        if element.kind is ElementKind.BUS:
            return (element.index,)
        if element.kind in (ElementKind.LINE, ElementKind.TRANSFORMER):
            return (int(model.branches.from_bus[element.index]), int(model.branches.to_bus[element.index]))
        if element.kind is ElementKind.THREE_WINDING:
            return tuple(int(b) for b in model.branches.from_bus[model.three_winding.legs[element.index]])
        if element.kind is ElementKind.SWITCH:
            other = int(model.switches.other_bus[element.index])
            return (int(model.switches.bus[element.index]), *((other,) if other >= 0 else ()))
        return (int(self._bus_column[element.kind][element.index]),)

    def joined(self, buses: Collection[int]) -> frozenset[int]:
        """These buses and every one that bus-bus switches, open or closed, can join to them: one station's busbars and terminals."""
        return frozenset(row for bus in buses for row in self._stations.get(bus, (bus,)))

    @cached_property
    def _stations(self) -> dict[int, frozenset[int]]:
        switches = self.model.switches
        stations: dict[int, set[int]] = {}
        for one, other in zip(switches.bus, switches.other_bus, strict=True):
            if other >= 0:
                merged = stations.get(int(one), {int(one)}) | stations.get(int(other), {int(other)})
                stations |= dict.fromkeys(merged, merged)
        return {bus: frozenset(station) for bus, station in stations.items()}

    @cached_property
    def _bus_column(self) -> dict[ElementKind, IntArray]:
        model = self.model
        return {
            ElementKind.LOAD: model.loads.bus,
            ElementKind.GENERATOR: model.generators.bus,
            ElementKind.INFEED: model.infeeds.bus,
            ElementKind.SHUNT: model.shunts.bus,
        }


def _elements(model: GridModel) -> list[Element]:
    branch_kind = [ElementKind.LINE if line else ElementKind.TRANSFORMER for line in model.branches.is_line]
    found = [Element(ElementKind.BUS, i, n) for i, n in enumerate(model.buses.name) if not model.buses.is_star[i]]
    found += [Element(k, i, n) for i, (k, n) in enumerate(zip(branch_kind, model.branches.name, strict=True))]
    for kind, names in (
        (ElementKind.THREE_WINDING, model.three_winding.name),
        (ElementKind.LOAD, model.loads.name),
        (ElementKind.GENERATOR, model.generators.name),
        (ElementKind.INFEED, model.infeeds.name),
        (ElementKind.SHUNT, model.shunts.name),
        (ElementKind.SWITCH, model.switches.name),
    ):
        found += [Element(kind, i, n) for i, n in enumerate(names)]
    return found
