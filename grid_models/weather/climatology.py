"""How warm it usually is: monthly means of a region, joined smoothly, with a usual day on top."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from grid_models.twin.model import FloatArray
from grid_models.weather.ambient import Ambient, AmbientSource
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.moments import moments

_FILE = Path(__file__).parents[1] / "data" / "climatology.yaml"
_MID_MONTH = 0.5


@dataclass(frozen=True)
class Climatology:
    """mean_celsius, swing_k: of January to December. The warmest hour is local solar time at `longitude_degree`."""

    mean_celsius: tuple[float, ...]
    swing_k: tuple[float, ...]
    warmest_solar_hour: float
    longitude_degree: float
    sigma_k: float
    day_to_day: float
    source: str
    unverified: str = ""

    def ambient(self, first: datetime, steps: int, step_min: float) -> Ambient:
        """The usual temperature; the same every year."""
        at_s = moments(first, steps, step_min)
        month = _month_of_year(at_s)
        solar_hour = at_s / 3600.0 + self.longitude_degree / 15.0  # its whole days do not matter to the cosine
        day = np.cos(2 * np.pi * (solar_hour - self.warmest_solar_hour) / 24.0)
        celsius = _between(self.mean_celsius, month) + 0.5 * _between(self.swing_k, month) * day
        return Ambient(celsius, self.sigma_k, self.day_to_day, self.source, self.unverified)


def climatology_of(grid_name: str) -> AmbientSource:
    """The climatology of the region a grid lies in; for a grid of no known region a constant that says it is no weather."""
    regions, elsewhere = _read()
    return next((known for names, known in regions if names.fullmatch(grid_name)), elsewhere)


@lru_cache(maxsize=1)
def _read() -> tuple[tuple[tuple[re.Pattern[str], Climatology], ...], ConstantAmbient]:
    data: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    regions = tuple((re.compile(region["grid_names"]), _region(name, region)) for name, region in data["regions"].items())
    return regions, ConstantAmbient(**data["elsewhere"])


def _region(name: str, data: dict[str, Any]) -> Climatology:
    return Climatology(
        mean_celsius=tuple(data["mean_celsius"]),
        swing_k=tuple(data["swing_k"]),
        warmest_solar_hour=data["warmest_solar_hour"],
        longitude_degree=data["longitude_degree"],
        sigma_k=data["sigma_k"],
        day_to_day=data["day_to_day"],
        source=f"climatology of {name} ({data['mean_source']})",
        unverified=data["unverified"],
    )


def _month_of_year(at_s: FloatArray) -> FloatArray:
    """0 at the start of January to 12 at the end of December, UTC."""
    at = np.floor(at_s).astype("datetime64[s]")
    month = at.astype("datetime64[M]")
    start, end = month.astype("datetime64[s]"), (month + 1).astype("datetime64[s]")
    within = (at - start) / (end - start)
    return np.asarray(month.astype(np.int64) % 12 + within, dtype=np.float64)


def _between(monthly: tuple[float, ...], month: FloatArray) -> FloatArray:
    """Through the values at mid-month by their harmonics: no kink, December to January included, and the year's mean is theirs."""
    parts = np.fft.rfft(monthly) / len(monthly)
    parts[1:-1] *= 2.0  # each stands for its mirror image too; the first and the last of twelve have none
    turn = 2j * np.pi * (month - _MID_MONTH) / len(monthly)
    return np.asarray(sum((part * np.exp(k * turn)).real for k, part in enumerate(parts)), dtype=np.float64)
