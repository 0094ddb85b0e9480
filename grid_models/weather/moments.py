"""The moments of an ambient series, and what no source can answer."""

from datetime import UTC, datetime
from math import isfinite

import numpy as np

from grid_models.errors import AeipError
from grid_models.twin.model import FloatArray

_LONGEST_MIN = 200 * 365.25 * 24 * 60  # two centuries: more is a wrong unit; engineering judgement


class InvalidAmbient(AeipError):
    """Ambient temperatures that cannot be given: wrong moments, a file without usable rows, times that nothing covers."""


def moments(first: datetime, steps: int, step_min: float) -> FloatArray:
    """(steps,) seconds since 1970 UTC. Raises InvalidAmbient."""
    if first.tzinfo is None:
        raise InvalidAmbient(f"An ambient series from {first.isoformat()} has no offset from UTC; {first.isoformat()}Z would mean UTC.")
    if not (steps > 0 and isfinite(step_min) and 0 < step_min <= _LONGEST_MIN / steps):
        raise InvalidAmbient(
            f"{steps} ambient temperatures every {step_min} min were asked for; one or more, within two centuries, would work."
        )
    return np.asarray(first.timestamp() + 60.0 * step_min * np.arange(steps), dtype=np.float64)


def said(moment_s: float) -> str:
    """A moment as people read it."""
    return f"{datetime.fromtimestamp(moment_s, UTC):%Y-%m-%d %H:%M} UTC"
