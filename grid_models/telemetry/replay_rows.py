"""What does one row of a file say: read by column, with an error that names what was found and what would work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np

from grid_models.errors import AeipError
from grid_models.telemetry.measurement_set import InvalidMeasurement, Measurement, MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quality, Quantity, Source
from grid_models.twin.model import GridModel

NEEDED = ("time", "quantity", "element", "value", "sigma")
COLUMNS = (*NEEDED, "quality", "unit", "source")

_Enum = TypeVar("_Enum", Quantity, Quality)


@dataclass(frozen=True)
class RowError:
    """`row`: line of a CSV file, counted from 1 with its header; record of a Parquet file."""

    row: int
    message: str


class _Unreadable(AeipError):
    """A cell that cannot be read."""


class RowReader:
    """Collects rows and errors of one file."""

    def __init__(self, model: GridModel) -> None:
        self._model = model
        self._elements: dict[tuple[Quantity, str], int] = {}
        self._rows: list[tuple[float, ...]] = []
        self.errors: list[RowError] = []

    def read(self, number: int, row: Mapping[str, str]) -> None:
        """Take one row, or the reason why not."""
        try:
            self._rows.append(self._numbers({k: v.strip() for k, v in row.items()}))
        except AeipError as error:
            self.errors.append(RowError(number, f"Row {number}: {error}"))

    def measurements(self) -> MeasurementSet:
        """Every row that could be read, in the file's order."""
        table = np.array(self._rows, dtype=np.float64).reshape(-1, 7)
        quantity, element, quality, source = (table[:, i].astype(np.int64) for i in (0, 1, 5, 6))
        return MeasurementSet(quantity, element, table[:, 2], table[:, 3], table[:, 4], quality, source)

    def _numbers(self, row: Mapping[str, str]) -> tuple[float, ...]:
        """Quantity, element, value, sigma, time, quality and source of a row."""
        quantity = _member(Quantity, "quantity", row["quantity"])
        _check_unit(quantity, row.get("unit", ""))
        value = _number("value", row["value"], may_be_nan=quantity.is_echo)
        sigma = _number("sigma", row["sigma"])
        if sigma < 0:
            raise _Unreadable(f"the sigma is {sigma:g}; zero (exact) or a positive number would work.")
        quality = _member(Quality, "quality", row.get("quality") or Quality.GOOD.name)
        source = Source.PMU if row.get("source", "").upper() == Source.PMU.name else Source.REPLAY  # phasors stay apart from SCADA
        return quantity, self._element(quantity, row["element"]), value, sigma, _time_s(row["time"]), quality, source

    def _element(self, quantity: Quantity, name: str) -> int:
        known = self._elements.get((quantity, name))
        if known is None:
            try:
                known = int(MeasurementSet.of(self._model, [Measurement(quantity, name, 0.0)]).element[0])
            except InvalidMeasurement as error:
                raise _Unreadable(str(error)) from error
            self._elements[quantity, name] = known
        return known


def _member(kind: type[_Enum], column: str, text: str) -> _Enum:
    """By name, in any case."""
    found = kind.__members__.get(text.upper())
    if found is None:
        raise _Unreadable(f"the {column} is '{text}'; one of {', '.join(kind.__members__)} would work.")
    return found


def _check_unit(quantity: Quantity, unit: str) -> None:
    """A unit that is told must be ours: nothing is converted in silence."""
    expected = SPECS[quantity].unit
    if unit and unit != expected:
        ours = f"in {expected}" if expected else "without a unit"
        raise _Unreadable(f"the unit of {quantity.name} is '{unit}'; a value {ours} would work.")


def _number(column: str, text: str, *, may_be_nan: bool = False) -> float:
    try:
        number = float(text)
    except ValueError:
        number = np.inf
    if np.isfinite(number) or (may_be_nan and np.isnan(number)):
        return number
    raise _Unreadable(f"the {column} is '{text}'; a finite number with a decimal point would work.")


def _time_s(text: str) -> float:
    """ISO 8601 with its offset: a time without one could be local or UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Unreadable(f"the time is '{text}'; ISO 8601 such as 2016-08-12T09:45:00Z would work.") from error
    if time.tzinfo is None:
        raise _Unreadable(f"the time '{text}' has no offset from UTC; {text}Z would mean UTC.")
    try:
        return time.astimezone(UTC).timestamp()
    except OverflowError as error:
        raise _Unreadable(f"the time '{text}' lies outside the years 1 to 9999 in UTC; a time within them would work.") from error
