"""Measurements as typed columns: value, standard deviation, time, quality and source of each, in the grid's own units.

Build a set by hand, without any plant:

>>> from grid_models.twin.source import load_grid
>>> model = load_grid("case14").model
>>> two = MeasurementSet.of(model, [Measurement(Quantity.V, "Bus 6", 1.07, 0.01), Measurement(Quantity.P_FROM, "Line 1-2 (1)", 157.1, 2.0)])
>>> len(two), two.row(model, 1).element
(2, 'Line 1-2 (1)')
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Self

import numpy as np

from grid_models.errors import AeipError
from grid_models.telemetry.quantities import SPECS, Quality, Quantity, Source
from grid_models.twin.model import BoolArray, FloatArray, GridModel, IntArray
from grid_models.twin.registry import ElementKind


class InvalidMeasurement(AeipError):
    """A measurement that names no element of the right kind, or has no usable value or standard deviation."""


@dataclass(frozen=True)
class Measurement:
    """One row for people and hand-written sets.

    element: display name or alias, or the row number in the model's table.  value, sigma: in the quantity's unit (pu, MW, Mvar, kA,
    degree); sigma 0 means exact: an equality constraint.  time: plant time, None where it does not matter.
    """

    quantity: Quantity
    element: str | int
    value: float
    sigma: float = 0.0
    time: datetime | None = None
    quality: Quality = Quality.GOOD
    source: Source = Source.SCADA

    def words(self) -> str:
        """'active power (from side) of HV1 Line 12'."""
        return f"{SPECS[self.quantity].words} of {self.element}"


@dataclass(frozen=True, eq=False)
class MeasurementSet:
    """Columns of equal length. `element` counts the rows of the table that `SPECS[quantity].table` names; `time_s` is plant time in Unix
    seconds.
    """

    quantity: IntArray
    element: IntArray
    value: FloatArray
    sigma: FloatArray
    time_s: FloatArray
    quality: IntArray
    source: IntArray

    def __len__(self) -> int:
        return len(self.quantity)

    @classmethod
    def of(cls, model: GridModel, rows: Sequence[Measurement]) -> Self:
        """A set from rows. Raises InvalidMeasurement naming the first row that cannot be used."""
        return cls(
            quantity=np.array([r.quantity for r in rows], dtype=np.int64),
            element=np.array([_row_of(model, r) for r in rows], dtype=np.int64),
            value=np.array([r.value for r in rows], dtype=np.float64),
            sigma=np.array([r.sigma for r in rows], dtype=np.float64),
            time_s=np.array([r.time.timestamp() if r.time else 0.0 for r in rows], dtype=np.float64),
            quality=np.array([r.quality for r in rows], dtype=np.int64),
            source=np.array([r.source for r in rows], dtype=np.int64),
        )

    @classmethod
    def column(
        cls,
        quantity: Quantity,
        element: IntArray,
        value: FloatArray,
        sigma: FloatArray | float,
        time_s: FloatArray | float = 0.0,
        quality: Quality = Quality.GOOD,
        source: Source = Source.SCADA,
    ) -> Self:
        """Many measurements of one quantity at once."""
        count = len(element)
        return cls(
            quantity=np.full(count, quantity, dtype=np.int64),
            element=np.asarray(element, dtype=np.int64),
            value=np.asarray(value, dtype=np.float64),
            sigma=np.broadcast_to(np.asarray(sigma, dtype=np.float64), count).copy(),
            time_s=np.broadcast_to(np.asarray(time_s, dtype=np.float64), count).copy(),
            quality=np.full(count, quality, dtype=np.int64),
            source=np.full(count, source, dtype=np.int64),
        )

    @classmethod
    def joined(cls, parts: Sequence["MeasurementSet"]) -> Self:
        """One set after the other; none is an empty set."""
        if not parts:
            empty, numbers = np.zeros(0, dtype=np.int64), np.zeros(0)
            return cls(empty, empty, numbers, numbers, numbers, empty, empty)
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))

    def where(self, chosen: BoolArray | IntArray) -> Self:
        """The rows chosen by a mask or by numbers."""
        return replace(self, **{f.name: getattr(self, f.name)[chosen] for f in fields(self)})

    def of_quantity(self, *quantities: Quantity) -> BoolArray:
        """Mask of the rows of these quantities."""
        return np.isin(self.quantity, quantities)

    def row(self, model: GridModel, index: int) -> Measurement:
        """One row with its element's display name."""
        quantity = Quantity(int(self.quantity[index]))
        return Measurement(
            quantity=quantity,
            element=element_name(model, quantity, int(self.element[index])),
            value=float(self.value[index]),
            sigma=float(self.sigma[index]),
            time=datetime.fromtimestamp(float(self.time_s[index]), UTC),
            quality=Quality(int(self.quality[index])),
            source=Source(int(self.source[index])),
        )


@dataclass(frozen=True, eq=False)
class Telemetry:
    """One set as it came: `plant_time` is the plant's clock, `taken_at` wall UTC."""

    plant_time: datetime
    taken_at: datetime
    measurements: MeasurementSet


def element_name(model: GridModel, quantity: Quantity, element: int) -> str:
    """Display name of the element a measurement belongs to."""
    return str(getattr(model, SPECS[quantity].table).name[element])


_TABLE_OF: dict[ElementKind, str] = {
    ElementKind.BUS: "buses",
    ElementKind.LINE: "branches",
    ElementKind.TRANSFORMER: "branches",
    ElementKind.LOAD: "loads",
    ElementKind.GENERATOR: "generators",
    ElementKind.INFEED: "infeeds",
    ElementKind.SHUNT: "shunts",
    ElementKind.SWITCH: "switches",
}


def _row_of(model: GridModel, row: Measurement) -> int:
    spec = SPECS[row.quantity]
    if not (_is_number(row.value) and (np.isfinite(row.value) or row.quantity.is_echo)):
        raise InvalidMeasurement(f"The {row.words()} is {row.value}, which is no number; a finite value would work.")
    if not (_is_number(row.sigma) and np.isfinite(row.sigma) and row.sigma >= 0):
        raise InvalidMeasurement(
            f"The standard deviation of the {row.words()} is {row.sigma}; zero (exact) or a positive number would work."
        )
    if isinstance(row.element, int | np.integer):
        if not 0 <= row.element < len(getattr(model, spec.table)):
            raise InvalidMeasurement(f"Row {row.element} does not exist in the {spec.table} of '{model.name}'.")
        return int(row.element)
    fitting = [e for e in model.registry.exact(str(row.element)) if _TABLE_OF.get(e.kind) == spec.table]
    if len(fitting) != 1:
        found = "none" if not fitting else f"{len(fitting)} of them"
        raise InvalidMeasurement(f"The {row.words()} needs one of the {spec.table} of '{model.name}' by that name, found {found}.")
    return fitting[0].index


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number)
