"""To which rows of a grid do settings of single elements belong, and which of them cannot be used?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from grid_models.errors import AeipError, AmbiguousElement, UnknownElement
from grid_models.protection.defaults import ProtectionDefaults
from grid_models.protection.element_settings import FIELDS_OF, ElementSettings
from grid_models.twin.model import GridModel
from grid_models.twin.nearest import nearest
from grid_models.twin.registry import BRANCH_KINDS, Element, ElementKind


@dataclass(frozen=True)
class Placed:
    """By row of the model's tables.  errors: one sentence for each that is not used."""

    branches: Mapping[int, ElementSettings]
    generators: Mapping[int, ElementSettings]
    loads: Mapping[int, ElementSettings]
    errors: tuple[str, ...]


def placed(model: GridModel, overrides: Iterable[ElementSettings], known: ProtectionDefaults) -> Placed:
    """Of several settings for one element none is used: nobody but the utility knows which one is right."""
    errors: list[str] = []
    found: dict[Element, list[ElementSettings]] = {}
    for each in overrides:
        try:
            element = _element(model, each.element)
        except AeipError as error:
            errors.append(f"Relay settings were not used: {error}")
            continue
        faults = list(_faults(element, each, known))
        errors += [f"Relay settings of '{element.name}' were not used: {fault}." for fault in faults]
        if not faults:
            found.setdefault(element, []).append(each)
    errors += [
        f"{len(rows)} relay settings fit '{element.name}', so none is used; one for each element would work."
        for element, rows in found.items()
        if len(rows) > 1
    ]
    single = {element: rows[0] for element, rows in found.items() if len(rows) == 1}
    of_kind = {kind: {e.index: s for e, s in single.items() if e.kind is kind} for kind in (ElementKind.GENERATOR, ElementKind.LOAD)}
    branches = {row: s for e, s in single.items() if e.kind in BRANCH_KINDS for row in _branch_rows(model, e)}
    return Placed(branches, of_kind[ElementKind.GENERATOR], of_kind[ElementKind.LOAD], tuple(errors))


def _element(model: GridModel, name: str) -> Element:
    """Raises UnknownElement with the nearest names, or AmbiguousElement."""
    fitting = [element for element in model.registry.exact(name) if element.kind in FIELDS_OF]
    if len(fitting) > 1:
        raise AmbiguousElement(name, [f"{element.name} ({element.kind})" for element in fitting])
    if not fitting:
        raise UnknownElement(name, nearest(model.registry, name, FIELDS_OF))
    return fitting[0]


def _faults(element: Element, given: ElementSettings, known: ProtectionDefaults) -> Iterator[str]:
    fields = FIELDS_OF[element.kind]
    for name in sorted(given.given - fields):
        yield f"{name} is no setting of a {element.kind}; {', '.join(sorted(fields))} would work"
    for name, sets in (("voltage_set", known.voltage_sets), ("frequency_set", known.frequency_sets)):
        asked = getattr(given, name)
        if asked is not None and asked not in sets:
            yield f"{name} is '{asked}'; {', '.join(sets)} would work"


def _branch_rows(model: GridModel, element: Element) -> Iterator[int]:
    if element.kind is ElementKind.THREE_WINDING:
        yield from (int(leg) for leg in model.three_winding.legs[element.index])
    else:
        yield element.index
