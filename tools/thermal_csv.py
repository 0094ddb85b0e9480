"""A load series from CSV text: columns by name, every cell a number."""

import csv
from collections.abc import Sequence
from io import StringIO

from tools.result import InvalidArguments
from tools.thermal_args import ProfileArgs

_COLUMNS = ("step_min", "load_pu", "ambient_celsius")
_STEP_MIN = 15.0  # where the text says nothing
_ERRORS, _SHOWN = 3, 80


def profile_in(text: str) -> ProfileArgs:
    """The ambient temperature may be missing, and so may the step, which then is 15 min. Raises InvalidArguments naming the rows."""
    rows = _rows(text)
    names = _names(rows)
    if len(rows) == 1:
        raise InvalidArguments("The profile has its columns but no row; one row for each step would work.")
    long = next((n for n, row in enumerate(rows, 1) if len(row) > len(names)), None)
    if long is not None:
        raise InvalidArguments(
            f"Row {long} of the profile has {len(rows[long - 1])} cells for {len(names)} columns; one for each would work."
        )
    columns = {name: _numbers(name, [row[i] if i < len(row) else "" for row in rows[1:]]) for i, name in enumerate(names)}
    return ProfileArgs.model_validate({"step_min": _STEP_MIN, **columns})


def _rows(text: str) -> list[list[str]]:
    """Without the mark that spreadsheets put first. An empty line inside stays: it is a gap."""
    try:
        return list(csv.reader(StringIO(text.lstrip("\ufeff").strip())))
    except csv.Error as error:
        raise InvalidArguments(f"The profile is no CSV text ({error}); column names and a line for each step would work.") from error


def _names(rows: list[list[str]]) -> list[str]:
    names = [n.strip() for n in rows[0]] if rows else []
    if "load_pu" in names and set(names) <= set(_COLUMNS) and len(set(names)) == len(names):
        return names
    found = ", ".join(names) or "none"
    shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}..."
    raise InvalidArguments(
        f"The profile was read as CSV text with the columns {shown}; {', '.join(_COLUMNS)} work, each once, and load_pu must be there."
    )


def _numbers(name: str, cells: Sequence[str]) -> tuple[float, ...]:
    found, bad = [], []
    for row, cell in enumerate(cells, 2):
        try:
            found.append(float(cell))
        except ValueError:
            bad.append(f"row {row}: {name}={cell!r}")
    if bad:
        more = f" and {len(bad) - _ERRORS} more" if len(bad) > _ERRORS else ""
        raise InvalidArguments(f"The profile holds {'; '.join(bad[:_ERRORS])}{more}, which is no number; every cell filled would work.")
    return tuple(found)
