"""Asset records from a CSV or YAML file. Rows that cannot be read are told, the others are used; the README lists the fields."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from grid_models.assets.record import AssetRecord
from grid_models.assets.record_fields import FIELDS
from grid_models.assets.record_row import record_of, text_of, unknown_field
from grid_models.errors import AeipError
from grid_models.twin.normal import normalised

_SUFFIXES = (".csv", ".yaml", ".yml")
_EXTRA = "\0extra"  # no column is called so

_Rows = list[tuple[str, Mapping[str, str]]]


class InvalidRecords(AeipError):
    """A file that cannot be read as asset records at all."""


@dataclass(frozen=True)
class RecordFile:
    """The records that could be read, in the file's order, and one sentence for each thing that could not."""

    records: tuple[AssetRecord, ...]
    errors: tuple[str, ...]


def read_records(path: Path, year: int) -> RecordFile:
    """Read a .csv, .yaml or .yml file; `year` is the present one. Raises InvalidRecords where the file as a whole is unusable."""
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise InvalidRecords(f"'{path.name}' is none of {', '.join(_SUFFIXES)}; a CSV file with the column element would work.")
    errors: list[str] = []
    found: dict[str, list[tuple[str, AssetRecord]]] = {}
    for place, row in _csv_rows(path, errors) if suffix == ".csv" else _yaml_rows(path, errors):
        record, faults = record_of(row, year)
        errors += [f"{path.name}, {place}: {fault}." for fault in faults]
        if record is not None:
            found.setdefault(normalised(record.element), []).append((place, record))
    errors += [_twice(path, rows) for rows in found.values() if len(rows) > 1]
    return RecordFile(tuple(rows[0][1] for rows in found.values() if len(rows) == 1), tuple(errors))


def _twice(path: Path, rows: list[tuple[str, AssetRecord]]) -> str:
    """Nobody but the utility knows which one is right."""
    places = " and ".join(place for place, _ in rows)
    return (
        f"{path.name}, {places}: element '{rows[0][1].element}' is there {len(rows)} times, so none is used; one row for each would work."
    )


def _csv_rows(path: Path, errors: list[str]) -> _Rows:
    """Line numbers as an editor shows them."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restkey=_EXTRA, restval="")
            _check_columns(path, [name.strip().lower() for name in reader.fieldnames or ()], errors)
            return [(f"row {reader.line_num}", cells) for row in reader if (cells := _cells(path, reader.line_num, row, errors))]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidRecords(f"'{path.name}' cannot be read ({error}); a CSV file in UTF-8 would work.") from error


def _check_columns(path: Path, names: list[str], errors: list[str]) -> None:
    if "element" not in names:
        raise InvalidRecords(
            f"'{path.name}' lacks the column element; it has {', '.join(names) or 'none'}. Columns split by commas would work."
        )
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidRecords(f"'{path.name}' has the column {doubled[0]} {names.count(doubled[0])} times; each column once would work.")
    errors += [f"{path.name}, row 1: {unknown_field(name)}." for name in names if name not in FIELDS]


def _cells(path: Path, line: int, row: Mapping[str, str | list[str]], errors: list[str]) -> Mapping[str, str] | None:
    """By column, in lower case; None for a row that is empty or longer than the header."""
    if _EXTRA in row:
        errors.append(f"{path.name}, row {line}: there are more cells than columns; text with a comma inside quotes would work.")
        return None
    cells = {name.strip().lower(): text.strip() for name, text in row.items() if isinstance(text, str)}
    return cells if any(cells.values()) else None


def _yaml_rows(path: Path, errors: list[str]) -> _Rows:
    """Entries are counted from 1."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        said = " ".join(str(error).split())
        raise InvalidRecords(f"'{path.name}' cannot be read ({said[:150]}); a YAML list of records would work.") from error
    if not isinstance(found, list):
        raise InvalidRecords(f"'{path.name}' holds no list; a YAML list with one mapping for each transformer would work.")
    return list(_entries(path, found, errors))


def _entries(path: Path, entries: list[object], errors: list[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            errors.append(
                f"{path.name}, entry {number}: it is '{str(entry)[:40]}'; a mapping such as {{element: T1, rated_mva: 40}} would work."
            )
            continue
        cells = {text_of(name).lower(): text_of(value) for name, value in entry.items()}
        errors += [f"{path.name}, entry {number}: {unknown_field(name)}." for name in cells if name not in FIELDS]
        yield f"entry {number}", cells
