"""A given load series as equal steps: read from CSV text or arrays, checked, and what had to be repaired said."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from math import gcd, isfinite

import numpy as np

from grid_models.heating.series import LONGEST_STEP_MIN
from grid_models.twin.model import FloatArray
from tools.result import InvalidArguments
from tools.thermal_args import ProfileArgs

_COLUMNS = ("step_min", "load_pu", "ambient_celsius")
_LONGEST = 200_000  # steps after division: 5.7 years of quarters of an hour
_SHORTEST_MIN = 0.01
_ERRORS = 3


@dataclass(frozen=True, eq=False)
class Profile:
    """load_pu, ambient_celsius: (steps,) held for `step_min` each.  ambient None: the weather's.  repairs: what was changed, in words."""

    step_min: float
    load_pu: FloatArray
    ambient_celsius: FloatArray | None
    repairs: tuple[str, ...] = ()


def profile_of(given: ProfileArgs | str) -> Profile:
    """Raises InvalidArguments naming the row; nothing but unequal steps is repaired, and those without loss."""
    return _equal_steps(_from_csv(given) if isinstance(given, str) else given)


def _equal_steps(given: ProfileArgs) -> Profile:
    load = np.array(given.load_pu, dtype=np.float64)
    ambient = _ambient(given, len(load))
    if isinstance(given.step_min, float):
        return Profile(_step(given.step_min), load, ambient)
    steps = np.array([_step(s) for s in given.step_min])
    if len(steps) != len(load):
        raise InvalidArguments(f"{len(steps)} steps and {len(load)} loads were given; one step for each load, or one for all, would work.")
    unit = _common(steps)
    repeat = np.round(steps / unit).astype(np.int64)
    if repeat.sum() > _LONGEST:
        raise InvalidArguments(
            f"Steps of {unit:g} min would be {repeat.sum()}; at most {_LONGEST} work, so steps with a longer common divisor."
        )
    told = (
        () if len(set(steps)) == 1 else (f"steps of unequal length were divided into steps of {unit:g} min, each with the load of its row",)
    )
    return Profile(unit, np.repeat(load, repeat), None if ambient is None else np.repeat(ambient, repeat), told)


def _ambient(given: ProfileArgs, rows: int) -> FloatArray | None:
    if given.ambient_celsius is None:
        return None
    if isinstance(given.ambient_celsius, float):
        return np.full(rows, given.ambient_celsius)
    if len(given.ambient_celsius) != rows:
        raise InvalidArguments(
            f"{rows} loads and {len(given.ambient_celsius)} ambient temperatures were given; one for each load, or one for all, would work."
        )
    return np.array(given.ambient_celsius, dtype=np.float64)


def _step(minutes: float) -> float:
    if not (isfinite(minutes) and minutes >= _SHORTEST_MIN):
        raise InvalidArguments(f"A step of {minutes} min was given; {_SHORTEST_MIN:g} min or longer works.")
    return minutes


def _common(steps: FloatArray) -> float:
    """The longest step that divides all, to hundredths of a minute, and that a thermal model takes."""
    found = gcd(*(round(s / _SHORTEST_MIN) for s in steps))
    longest = round(LONGEST_STEP_MIN / _SHORTEST_MIN)
    return next(found // d for d in range(1, found + 1) if found % d == 0 and found // d <= longest) * _SHORTEST_MIN


def _from_csv(text: str) -> ProfileArgs:
    """Columns by name; the ambient temperature may be missing, and so may the step, which then is 15 min."""
    table = csv.DictReader(StringIO(text.strip()))
    names = [n.strip() for n in table.fieldnames or ()]
    unknown = [n for n in names if n not in _COLUMNS]
    if "load_pu" not in names or unknown:
        raise InvalidArguments(
            f"The profile has the columns {', '.join(names) or 'none'}; {', '.join(_COLUMNS)} work, and load_pu must be there."
        )
    table.fieldnames = names
    rows = list(table)
    columns = {n: _numbers(n, [row[n] for row in rows]) for n in names}
    return ProfileArgs.model_validate({"step_min": 15.0, **columns})


def _numbers(name: str, cells: Sequence[str | None]) -> tuple[float, ...]:
    found, bad = [], []
    for row, cell in enumerate(cells, 2):
        try:
            found.append(float(cell or ""))
        except ValueError:
            bad.append(f"row {row}: {name}={cell!r}")
    if bad:
        more = f" and {len(bad) - _ERRORS} more" if len(bad) > _ERRORS else ""
        raise InvalidArguments(f"The profile holds {'; '.join(bad[:_ERRORS])}{more}, which is no number; every cell filled would work.")
    return tuple(found)
