"""Ratings that the grid data lacks, or has too high: supplied by whoever knows the equipment, and never higher than the source's own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from grid_models.errors import AeipError
from grid_models.intake.ratings import rating_note
from grid_models.twin.model import FloatArray, GridModel
from grid_models.twin.registry import ElementKind

_COLUMNS = ("rating_from_ka", "rating_to_ka", "temporary_from_ka", "temporary_to_ka")
_SAME = 1e-9  # relative: a rating written down again is not a higher one


class InvalidRating(AeipError):
    """A supplied rating that does not fit its element, or would loosen the source's own. `element` and `field`: what to mend."""

    def __init__(self, element: str, field: str, why: str) -> None:
        super().__init__(f"The rating of '{element}', field '{field}': {why}.")
        self.element = element
        self.field = field


@dataclass(frozen=True)
class SuppliedRating:
    """Of one line by current [A], of one transformer, winding or line by apparent power [MVA] at the nominal voltages of its buses.

    The temporary rating (TATL) has the unit of the permanent one (PATL) and holds for so many minutes.
    """

    rating_a: float | None = None
    rating_mva: float | None = None
    temporary_a: float | None = None
    temporary_mva: float | None = None
    temporary_minutes: float | None = None


def with_ratings(model: GridModel, supplied: Mapping[str, SuppliedRating], by: str) -> GridModel:
    """The model with these ratings, by name or alias of the branch; its content hash is another one.

    by: whose ratings they are, for the notes.  Raises InvalidRating, UnknownElement or AmbiguousElement.
    """
    columns = {name: getattr(model.branches, name).copy() for name in _COLUMNS}
    for element, rating in supplied.items():
        row, ends = _row(model, element), _ends_ka(model, element, rating.rating_a, rating.rating_mva, "rating")
        _lower(columns, ("rating_from_ka", "rating_to_ka"), row, ends, element, "rating")
        if rating.temporary_minutes is not None:
            longer = _ends_ka(model, element, rating.temporary_a, rating.temporary_mva, "temporary")
            if not np.all(longer[np.isfinite(longer)] > ends[np.isfinite(longer)]):
                raise InvalidRating(element, "temporary", "it is not above the permanent one")
            _lower(columns, ("temporary_from_ka", "temporary_to_ka"), row, longer, element, "temporary")
    branches = replace(model.branches, **columns)
    usable, note = rating_note(branches, where=f"in the source or from {by}")
    told = f"Ratings of {len(supplied)} branches come from {by}{_minutes(supplied)}."
    return replace(model, branches=branches, ratings_usable=usable, ratings_note=note, notes=(*model.notes, told))


def _row(model: GridModel, element: str) -> int:
    found = model.registry.find(element)
    if found.kind is ElementKind.THREE_WINDING:
        raise InvalidRating(element, "element", f"a rating belongs to a winding; '{found.name} (hv)', (mv) and (lv) would work")
    if found.kind not in (ElementKind.LINE, ElementKind.TRANSFORMER):
        raise InvalidRating(element, "element", f"it is a {found.kind}; a line, transformer or winding would work")
    return found.index


def _ends_ka(model: GridModel, element: str, amperes: float | None, mva: float | None, field: str) -> FloatArray:
    """(2,) current at both ends [kA], NaN at the star point of a winding."""
    row, branches = _row(model, element), model.branches
    if (amperes is None) == (mva is None):
        raise InvalidRating(element, field, f"either {field}_a or {field}_mva would work")
    value = amperes if amperes is not None else mva
    if value is None or not 0 < value < np.inf:
        raise InvalidRating(element, field, f"it is {value}; a number above 0 would work")
    if amperes is not None and not branches.is_line[row]:
        raise InvalidRating(element, f"{field}_a", f"a transformer has another current at each end; {field}_mva would work")
    at = np.array([branches.from_bus[row], branches.to_bus[row]])
    ends = np.full(2, value / 1000.0) if amperes is not None else value / (np.sqrt(3) * model.buses.nominal_kv[at])
    return np.where(model.buses.is_star[at], np.nan, ends)


def _lower(columns: dict[str, FloatArray], names: tuple[str, str], row: int, ends: FloatArray, element: str, field: str) -> None:
    """Write both ends. Raises InvalidRating where the source's own is lower."""
    for name, value in zip(names, ends, strict=True):
        own = columns[name][row]
        if value > own * (1 + _SAME):
            raise InvalidRating(
                element, field, f"{1000 * value:.0f} A is above the {1000 * own:.0f} A of the source, which may only be lowered"
            )
        columns[name][row] = value


def _minutes(supplied: Mapping[str, SuppliedRating]) -> str:
    """'; 3 have a temporary one for 15 min'."""
    minutes = sorted({r.temporary_minutes for r in supplied.values() if r.temporary_minutes is not None})
    count = sum(r.temporary_minutes is not None for r in supplied.values())
    return f"; {count} of them have a temporary one for {' or '.join(f'{m:g}' for m in minutes)} min" if count else ""
