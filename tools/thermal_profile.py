"""A given load series as equal steps: checked, and what had to be repaired said."""

from dataclasses import dataclass
from math import gcd, isfinite

import numpy as np

from grid_models.heating.series import LONGEST_STEP_MIN
from grid_models.twin.model import FloatArray
from tools.result import InvalidArguments
from tools.thermal_args import ProfileArgs
from tools.thermal_csv import profile_in

_MOST_STEPS = 200_000
_LONGEST_DAYS = 400.0  # a year and a bit: the slowest model then takes some seconds
_SHORTEST_MIN = 0.01


@dataclass(frozen=True, eq=False)
class Profile:
    """load_pu, ambient_celsius: (steps,) held for `step_min` each.  ambient None: the weather's.  repairs: what was changed, in words."""

    step_min: float
    load_pu: FloatArray
    ambient_celsius: FloatArray | None
    repairs: tuple[str, ...] = ()


def profile_of(given: ProfileArgs | str) -> Profile:
    """Raises InvalidArguments naming the row; nothing but the length of steps is repaired, and that without loss."""
    args = profile_in(given) if isinstance(given, str) else given
    load = np.array(args.load_pu, dtype=np.float64)
    steps = _steps(args, len(load))
    _refuse_too_long(steps)
    ambient = _ambient(args, len(load))
    if isinstance(args.step_min, float) or (len(set(steps)) == 1 and steps[0] <= LONGEST_STEP_MIN):
        return Profile(float(steps[0]), load, ambient)
    return _divided(steps, load, ambient)


def points_of(given: ProfileArgs | str) -> Profile:
    """The same as points joined by straight lines; steps are between points, so of unequal ones there is one fewer than points."""
    args = profile_in(given) if isinstance(given, str) else given
    load = np.array(args.load_pu, dtype=np.float64)
    if len(load) < 2:
        raise InvalidArguments("One load was given; Annex G needs two points or more, which it joins by straight lines.")
    ambient = _ambient(args, len(load))
    steps = _between(args, len(load))
    _refuse_too_long(steps)
    if len(set(steps)) == 1 and steps[0] <= LONGEST_STEP_MIN:
        return Profile(float(steps[0]), load, ambient)
    return _joined(steps, load, ambient)


def _between(given: ProfileArgs, points: int) -> FloatArray:
    """(points - 1,) minutes; the same step for every row of a table is that between points too."""
    if isinstance(given.step_min, float):
        return np.full(points - 1, _step(given.step_min))
    steps = np.array([_step(s) for s in given.step_min])
    if len(steps) == points and len(set(steps)) == 1:
        return steps[1:]
    if len(steps) != points - 1:
        raise InvalidArguments(
            f"{len(steps)} steps and {points} points were given; Annex G joins points by straight lines, so {points - 1} steps between "
            "them, or one for all, would work."
        )
    return steps


def _joined(steps: FloatArray, load: FloatArray, ambient: FloatArray | None) -> Profile:
    """Points at the longest common step, on the straight lines between those given."""
    unit = _common(steps)
    at = np.concatenate([[0.0], np.cumsum(np.round(steps / unit))])
    _refuse_too_many(int(at[-1]) + 1, unit)
    every = np.arange(int(at[-1]) + 1)
    told = f"points were added every {unit:g} min on the straight lines between those given"
    return Profile(unit, np.interp(every, at, load), None if ambient is None else np.interp(every, at, ambient), (told,))


def _divided(steps: FloatArray, load: FloatArray, ambient: FloatArray | None) -> Profile:
    unit = _common(steps)
    repeat = np.round(steps / unit).astype(np.int64)
    _refuse_too_many(int(repeat.sum()), unit)
    kind = "unequal length" if len(set(steps)) > 1 else f"{steps[0]:g} min"
    told = f"steps of {kind} were divided into steps of {unit:g} min, each with the load of its row"
    return Profile(unit, np.repeat(load, repeat), None if ambient is None else np.repeat(ambient, repeat), (told,))


def _steps(given: ProfileArgs, rows: int) -> FloatArray:
    """(rows,) minutes."""
    if isinstance(given.step_min, float):
        return np.full(rows, _step(given.step_min))
    if len(given.step_min) != rows:
        raise InvalidArguments(f"{len(given.step_min)} steps and {rows} loads were given; one step for each load, or one for all, works.")
    return np.array([_step(s) for s in given.step_min])


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


def _refuse_too_long(steps: FloatArray) -> None:
    days = float(steps.sum()) / 1440.0
    if len(steps) > _MOST_STEPS or days > _LONGEST_DAYS:
        raise InvalidArguments(
            f"The profile has {len(steps)} steps over {days:.0f} days; up to {_MOST_STEPS} steps and {_LONGEST_DAYS:g} days work, "
            "so one year at a time, each from the temperatures at which the one before ended."
        )


def _refuse_too_many(steps: int, unit_min: float) -> None:
    if steps > _MOST_STEPS:
        raise InvalidArguments(f"Steps of {unit_min:g} min would be {steps}; at most {_MOST_STEPS} work, so with a longer common divisor.")


def _common(steps: FloatArray) -> float:
    """The longest step that divides all, to hundredths of a minute, and that a thermal model takes."""
    found = gcd(*(round(s / _SHORTEST_MIN) for s in steps))
    longest = round(LONGEST_STEP_MIN / _SHORTEST_MIN)
    return next(found // d for d in range(1, found + 1) if found % d == 0 and found // d <= longest) * _SHORTEST_MIN
