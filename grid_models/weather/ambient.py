"""How warm it will be around a transformer: a series, how far weather strays from it, and who says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from grid_models.twin.model import FloatArray


@dataclass(frozen=True, eq=False)
class Ambient:
    """celsius: (steps,) expected.  sigma_k: standard deviation of whole days around it, from day to day correlated by `day_to_day`.

    source: one sentence.  unverified: what in it is nobody's measurement here, in words; empty where nothing.
    """

    celsius: FloatArray
    sigma_k: float
    day_to_day: float
    source: str
    unverified: str = ""


class AmbientSource(Protocol):
    """Where ambient temperatures come from."""

    def ambient(self, first: datetime, steps: int, step_min: float) -> Ambient:
        """Temperatures at `first`, `first + step_min`, ... (UTC plant time)."""
