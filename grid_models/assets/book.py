"""Which record belongs to which transformer of a grid?"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from grid_models.assets.record import AssetRecord
from grid_models.errors import AeipError, AmbiguousElement, UnknownElement
from grid_models.twin.model import GridModel
from grid_models.twin.nearest import nearest
from grid_models.twin.normal import normalised
from grid_models.twin.registry import Element, ElementKind

_KINDS = (ElementKind.TRANSFORMER, ElementKind.THREE_WINDING)


class NotATransformer(AeipError):
    """A record of an element that is none."""


@dataclass(frozen=True)
class AssetBook:
    """The records of one grid by its display names, in the order of the grid's tables; `errors` are sentences on those that fit nothing."""

    records: tuple[AssetRecord, ...] = ()
    errors: tuple[str, ...] = ()

    @classmethod
    def of(cls, model: GridModel, records: Iterable[AssetRecord], errors: Iterable[str] = ()) -> "AssetBook":
        """Records with the grid's own names; `errors` of the file they come from are kept before those found here."""
        told, found = list(errors), dict[Element, list[AssetRecord]]()
        for record in records:
            try:
                element = _transformer(model, record.element)
            except AeipError as error:
                told.append(f"An asset record was not used: {error}")
            else:
                found.setdefault(element, []).append(replace(record, element=element.name))
        told += [_several(element, meant) for element, meant in found.items() if len(meant) > 1]
        order = sorted(found, key=lambda element: (_KINDS.index(element.kind), element.index))
        return cls(tuple(found[element][0] for element in order if len(found[element]) == 1), tuple(told))

    def record(self, element_name: str) -> AssetRecord | None:
        """What is known of the transformer of this display name; None where nothing is."""
        return self._by_name.get(normalised(element_name))

    @property
    def words(self) -> str:
        """How many there are, how many are invented, and how much could not be used."""
        count, invented = len(self.records), sum(record.synthetic for record in self.records)
        told = [f"{count or 'no'} asset record{'s' * (count != 1)}"]
        told += [f"{invented} of them invented for demonstration"] if invented else []
        told += [f"{len(self.errors)} error{'s' * (len(self.errors) > 1)} in their file"] if self.errors else []
        return ", ".join(told)

    @cached_property
    def _by_name(self) -> dict[str, AssetRecord]:
        return {normalised(record.element): record for record in self.records}


def _transformer(model: GridModel, name: str) -> Element:
    """Raises UnknownElement with the nearest names, AmbiguousElement or NotATransformer."""
    fitting = model.registry.exact(name)
    transformers = [element for element in fitting if element.kind in _KINDS]
    if len(transformers) == 1:
        return transformers[0]
    if transformers:
        raise AmbiguousElement(name, [element.name for element in transformers])
    near = nearest(model.registry, name, _KINDS)
    if fitting:
        would = f"; the nearest transformers are {', '.join(near)}" if near else ""
        raise NotATransformer(f"'{name}' is a {fitting[0].kind}, not a transformer{would}.")
    raise UnknownElement(name, near)


def _several(element: Element, meant: list[AssetRecord]) -> str:
    return f"{len(meant)} asset records fit '{element.name}', so none is used; one for each transformer would work."
