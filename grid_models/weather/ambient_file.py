"""Ambient temperatures from a CSV file with the columns time (ISO 8601 with offset, ascending) and ambient_celsius."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from grid_models.errors import AeipError
from grid_models.heating.series import COLDEST_CELSIUS, HOTTEST_CELSIUS
from grid_models.weather.ambient import Ambient, AmbientSource
from grid_models.weather.moments import InvalidAmbient
from grid_models.weather.timed import LONGEST_GAP_S, TimedTemperatures, continued

COLUMNS = ("time", "ambient_celsius")
_YEARS = (1850, 2200)  # of thermometers and of anybody's plans; engineering judgement


@dataclass(frozen=True, eq=False)
class AmbientFile:
    """The rows that could be read, as a source; `errors`: one sentence for each row that could not; `gaps`: what was bridged, in words."""

    name: str
    known: TimedTemperatures
    fallback: AmbientSource
    errors: tuple[str, ...]
    gaps: str

    def ambient(self, first: datetime, steps: int, step_min: float) -> Ambient:
        """The file's, beyond its ends the fallback's. Raises InvalidAmbient where the file covers none of the moments."""
        return continued(self.known, f"{self.name}{self.gaps}", self.fallback, first, steps, step_min)


class _Unreadable(AeipError):
    """A row that cannot be read."""


def read_ambient(path: Path, fallback: AmbientSource) -> AmbientFile:
    """Read a CSV file. Errors of single rows are collected. Raises InvalidAmbient where no row can be used."""
    times: list[float] = []
    values: list[float] = []
    errors: list[str] = []
    for line, time, value in _rows(path):
        try:
            at, celsius = _time_s(time), _celsius(value)
            if times and at <= times[-1]:
                raise _Unreadable(f"the time '{time}' is not after that of the row before; times in ascending order, each once, would work")
        except _Unreadable as error:
            errors.append(f"{path.name}, row {line}: {error}.")
        else:
            times.append(at)
            values.append(celsius)
    if not times:
        first = f" (the first: {errors[0].rstrip('.')})" if errors else ""
        raise InvalidAmbient(f"'{path.name}' has no row that can be used{first}; rows such as 2016-08-12T09:00:00Z,24.5 would work.")
    known = TimedTemperatures(np.array(times), np.array(values))
    return AmbientFile(path.name, known, fallback, tuple(errors), _gaps(known.time_s))


def _gaps(time_s: np.ndarray) -> str:
    """Gaps longer than half as much again as the usual step."""
    steps = np.diff(time_s)
    if not len(steps):
        return ""
    gaps = steps[steps > 1.5 * np.median(steps)]
    bridged, left = int((gaps <= LONGEST_GAP_S).sum()), int((steps > LONGEST_GAP_S).sum())
    words = [f"{bridged} gap{'s' * (bridged > 1)} up to 3 h interpolated"] if bridged else []
    words += [f"{left} longer one{'s' * (left > 1)} not"] if left else []
    return f" ({', '.join(words)})" if words else ""


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line numbers as an editor shows them, with both cells."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restval="")
            names = {name.strip().lower(): name for name in reader.fieldnames or ()}
            if missing := [column for column in COLUMNS if column not in names]:
                raise InvalidAmbient(
                    f"'{path.name}' lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}; it has {', '.join(names) or 'none'}. "
                    f"{', '.join(COLUMNS)} would work."
                )
            for row in reader:
                yield reader.line_num, row[names["time"]].strip(), row[names["ambient_celsius"]].strip()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InvalidAmbient(f"'{path.name}' cannot be read ({error}); a CSV file in UTF-8 would work.") from error


def _time_s(text: str) -> float:
    """A time without its offset could be local or UTC."""
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Unreadable(f"the time is '{text}'; ISO 8601 such as 2016-08-12T09:45:00Z would work") from error
    if time.tzinfo is None:
        raise _Unreadable(f"the time '{text}' has no offset from UTC; {text}Z would mean UTC")
    if not _YEARS[0] <= time.year <= _YEARS[1]:
        raise _Unreadable(f"the time '{text}' lies outside the years {_YEARS[0]} to {_YEARS[1]}; a time within them would work")
    return time.timestamp()


def _celsius(text: str) -> float:
    try:
        celsius = float(text)
    except ValueError:
        celsius = float("nan")
    if COLDEST_CELSIUS <= celsius <= HOTTEST_CELSIUS:
        return celsius
    raise _Unreadable(f"the ambient_celsius is '{text}'; a number from {COLDEST_CELSIUS:g} to {HOTTEST_CELSIUS:g} would work")
