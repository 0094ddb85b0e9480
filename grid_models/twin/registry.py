"""Every element's one display name, its aliases, and where it stands in the model's tables."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from grid_models.errors import AmbiguousElement, UnknownElement
from grid_models.twin.model import GridModel, IntArray


class ElementKind(StrEnum):
    BUS = "bus"
    LINE = "line"
    TRANSFORMER = "transformer"
    LOAD = "load"
    GENERATOR = "generator"
    INFEED = "infeed"
    SHUNT = "shunt"
    SWITCH = "switch"


@dataclass(frozen=True)
class Element:
    """`index` is the row in the model's table of this kind; lines and transformers share the branch table."""

    kind: ElementKind
    index: int
    name: str


def normalised(text: str) -> str:
    """Lower case, single spaces, punctuation between words dropped: 'HV1_Line-14' → 'hv1 line 14'."""
    return " ".join(re.findall(r"[a-z0-9.]+", text.casefold().replace("'", "")))


class Registry:
    """Names of one model. `elements` keeps the order of the tables."""

    def __init__(self, model: GridModel) -> None:
        self._model = model
        self.elements = tuple(_elements(model))
        self._by_name: dict[str, list[Element]] = {}
        for element in self.elements:
            self._by_name.setdefault(normalised(element.name), []).append(element)
        names = {e.name: e for e in self.elements}
        for alias, name in model.aliases:
            self._by_name.setdefault(normalised(alias), []).append(names[name])

    def exact(self, name: str) -> tuple[Element, ...]:
        """Elements whose display name or alias is exactly this (case and punctuation aside)."""
        return tuple(self._by_name.get(normalised(name), ()))

    def find(self, name: str) -> Element:
        """The one element of this name or alias. Raises UnknownElement with the nearest names, or AmbiguousElement."""
        found = self.exact(name)
        if len(found) == 1:
            return found[0]
        if found:
            raise AmbiguousElement(name, [e.name for e in found])
        from grid_models.twin.resolve import nearest  # resolve builds on this registry: imported here to break the circle

        raise UnknownElement(name, nearest(self, name))

    def of_kind(self, *kinds: ElementKind) -> tuple[Element, ...]:
        return tuple(e for e in self.elements if e.kind in kinds)

    def bus_of(self, element: Element) -> tuple[int, ...]:
        """Row of the bus (or both end buses of a branch, or of a switch) in the bus table."""
        model = self._model
        if element.kind is ElementKind.BUS:
            return (element.index,)
        if element.kind in (ElementKind.LINE, ElementKind.TRANSFORMER):
            return (int(model.branches.from_bus[element.index]), int(model.branches.to_bus[element.index]))
        if element.kind is ElementKind.SWITCH:
            other = int(model.switches.other_bus[element.index])
            return (int(model.switches.bus[element.index]), *((other,) if other >= 0 else ()))
        return (int(self._bus_column[element.kind][element.index]),)

    @cached_property
    def _bus_column(self) -> dict[ElementKind, IntArray]:
        model = self._model
        return {
            ElementKind.LOAD: model.loads.bus,
            ElementKind.GENERATOR: model.generators.bus,
            ElementKind.INFEED: model.infeeds.bus,
            ElementKind.SHUNT: model.shunts.bus,
        }


def _elements(model: GridModel) -> list[Element]:
    branch_kind = [ElementKind.LINE if line else ElementKind.TRANSFORMER for line in model.branches.is_line]
    found = [Element(ElementKind.BUS, i, n) for i, n in enumerate(model.buses.name)]
    found += [Element(k, i, n) for i, (k, n) in enumerate(zip(branch_kind, model.branches.name, strict=True))]
    for kind, names in (
        (ElementKind.LOAD, model.loads.name),
        (ElementKind.GENERATOR, model.generators.name),
        (ElementKind.INFEED, model.infeeds.name),
        (ElementKind.SHUNT, model.shunts.name),
        (ElementKind.SWITCH, model.switches.name),
    ):
        found += [Element(kind, i, n) for i, n in enumerate(names)]
    return found
