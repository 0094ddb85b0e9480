"""Measurements from a file: CSV or Parquet with the columns time, quantity, element, value, sigma and perhaps quality, unit, source.

A plant can be recorded with `write_csv` and replayed with `read_measurements`; rows that cannot be read are listed, the others are used.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from grid_models.errors import AeipError
from grid_models.telemetry.door import MAX_AGE_S
from grid_models.telemetry.door_memory import keys_of
from grid_models.telemetry.measurement_set import MeasurementSet, Telemetry, element_name
from grid_models.telemetry.quantities import SPECS, Quality, Quantity, Source
from grid_models.telemetry.replay_rows import COLUMNS, NEEDED, RowError, RowReader
from grid_models.telemetry.scada import SCAN_S
from grid_models.twin.model import GridModel

__all__ = ["InvalidReplay", "Replay", "RowError", "read_measurements", "write_csv"]


class InvalidReplay(AeipError):
    """A file that cannot be read as measurements at all."""


@dataclass(frozen=True, eq=False)
class Replay:
    """The rows of a file that could be read, in the order of their times, and those that could not."""

    measurements: MeasurementSet
    errors: tuple[RowError, ...]

    def known_at(self, at_s: float) -> MeasurementSet:
        """The newest of each meter that had come by a plant time and is not yet too old."""
        first, end = np.searchsorted(self.measurements.time_s, [at_s - MAX_AGE_S, at_s], side="right")
        recent = self.measurements.where(np.arange(first, end))
        _, last = np.unique(keys_of(recent)[::-1], return_index=True)
        return recent.where(np.sort(len(recent) - 1 - last))

    def sets(self) -> Iterator[Telemetry]:
        """The whole recording, oldest first: one set for each scan in which something came."""
        times = self.measurements.time_s
        scan = np.floor((times - times[:1]) / SCAN_S)
        for at_s in times[np.flatnonzero(np.diff(scan, append=np.inf))]:  # the last row of each scan
            at = datetime.fromtimestamp(float(at_s), UTC)
            yield Telemetry(at, at, self.known_at(float(at_s)))


def read_measurements(path: Path, model: GridModel) -> Replay:
    """Read a .csv or .parquet file. Errors of single rows are collected. Raises InvalidReplay where the file as a whole is unusable."""
    if path.suffix.lower() not in (".csv", ".parquet"):
        raise InvalidReplay(f"'{path.name}' is neither .csv nor .parquet; a CSV file with the columns {', '.join(NEEDED)} would work.")
    reader = RowReader(model)
    rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _parquet_rows(path)
    for number, row in rows:
        reader.read(number, row)
    read = reader.measurements()
    return Replay(read.where(np.argsort(read.time_s, kind="stable")), tuple(reader.errors))


def write_csv(path: Path, model: GridModel, sets: Iterable[Telemetry]) -> int:
    """Record sets so that `read_measurements` reads them again, to the microsecond and bit; returns the number of rows."""
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(COLUMNS)
        for telemetry in sets:
            lines = _lines(telemetry.measurements, model)
            out.writerows(lines)
            count += len(lines)
    return count


def _lines(m: MeasurementSet, model: GridModel) -> list[tuple[str, ...]]:
    """Floats as Python writes them, which reads back exactly; elements by name."""
    return [
        (
            datetime.fromtimestamp(float(m.time_s[i]), UTC).isoformat(),
            (quantity := Quantity(int(m.quantity[i]))).name,
            element_name(model, quantity, int(m.element[i])),
            repr(float(m.value[i])),
            repr(float(m.sigma[i])),
            Quality(int(m.quality[i])).name,
            SPECS[quantity].unit,
            Source(int(m.source[i])).name,
        )
        for i in range(len(m))
    ]


def _csv_rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Line numbers as an editor shows them."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="")
            _check_columns(path, reader.fieldnames or ())
            for row in reader:
                yield reader.line_num, {k.strip().lower(): v for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidReplay(f"'{path.name}' cannot be read ({error}); a CSV file in UTF-8 would work.") from error


def _parquet_rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Through pandas and pyarrow."""
    import pandas as pd  # 0.3 s, and only Parquet needs it

    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise InvalidReplay(f"'{path.name}' cannot be read as Parquet ({error}); the same table as CSV works.") from error
    _check_columns(path, [str(c) for c in table.columns])
    for number, row in enumerate(table.astype(str).to_dict("records"), start=1):
        yield number, {str(k).strip().lower(): str(v) for k, v in row.items()}


def _check_columns(path: Path, found: Iterable[str]) -> None:
    names = [c.strip().lower() for c in found]
    missing = [c for c in NEEDED if c not in names]
    if missing:
        raise InvalidReplay(
            f"'{path.name}' lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}; it has {', '.join(names) or 'none'}. "
            f"{', '.join(NEEDED)} would work."
        )
