"""Temperatures known at some moments, and the climatology wherever they end."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from grid_models.twin.model import BoolArray, FloatArray
from grid_models.weather.ambient import Ambient, AmbientSource
from grid_models.weather.moments import InvalidAmbient, moments, said

LONGEST_GAP_S = 3 * 3600.0  # engineering judgement: over three hours the air changes by less than a day's swing, nearly in a straight line


@dataclass(frozen=True)
class Doubt:
    """How far days stray from what is known; as in `Ambient`."""

    sigma_k: float
    day_to_day: float
    unverified: str


EXACT = Doubt(0.0, 0.0, "")


@dataclass(frozen=True, eq=False)
class TimedTemperatures:
    """time_s: (rows,) seconds since 1970 UTC, ascending.  celsius: (rows,).  Between rows at most three hours apart a straight line."""

    time_s: FloatArray
    celsius: FloatArray

    def at(self, at_s: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Temperatures of these moments, and which of them are known."""
        after = np.searchsorted(self.time_s, at_s, side="left")
        inside = (at_s >= self.time_s[0]) & (at_s <= self.time_s[-1])
        low, high = np.clip(after - 1, 0, None), np.clip(after, 0, len(self.time_s) - 1)
        exact = self.time_s[high] == at_s
        near = self.time_s[high] - self.time_s[low] <= LONGEST_GAP_S
        return np.interp(at_s, self.time_s, self.celsius), inside & (exact | near)

    @property
    def span(self) -> str:
        return f"{said(self.time_s[0])} to {said(self.time_s[-1])}"


def continued(
    known: TimedTemperatures, name: str, fallback: AmbientSource, first: datetime, steps: int, step_min: float, doubt: Doubt = EXACT
) -> Ambient:
    """What is known, and the fallback for the other moments, which `source` counts. Raises InvalidAmbient where nothing is known.

    Of both together the fallback's doubt is taken, the larger one.
    """
    at_s = moments(first, steps, step_min)
    celsius, there = known.at(at_s)
    if there.all():
        return Ambient(celsius, doubt.sigma_k, doubt.day_to_day, name, doubt.unverified)
    if not there.any():
        raise InvalidAmbient(
            f"Ambient temperatures from {said(at_s[0])} to {said(at_s[-1])} were asked for; {name} covers {known.span}. "
            "Times within it, an ambient temperature in the question, or no such source would work."
        )
    usual = fallback.ambient(first, steps, step_min)
    source = f"{name} for {there.sum()} of {steps} moments ({known.span}), else {usual.source}"
    return Ambient(np.where(there, celsius, usual.celsius), usual.sigma_k, usual.day_to_day, source, usual.unverified)
