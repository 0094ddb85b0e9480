"""Which loads go when frequency falls, and what it may do, by synchronous area; the numbers are in data/frequency_schemes.yaml."""

from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field

from grid_models.dynamics.refused import NotCalculable
from grid_models.dynamics.system import ShedStage

T = TypeVar("T")
_FILE = Path(__file__).parents[1] / "data" / "frequency_schemes.yaml"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FrequencyLimit(_Data):
    """One limit. `value` of kind extreme and settling is a deviation on either side, of kind low a frequency, of kind rocof a rate."""

    name: str
    kind: Literal["extreme", "settling", "low", "rocof"]
    value: float
    unit: Literal["Hz", "Hz/s"]
    window_s: float | None = Field(default=None, description="of kind rocof; None: at once")
    clause: str
    unverified: str = ""


class DesignCase(_Data):
    """What a synchronous area is designed for."""

    load_mw: float
    inertia_gws: float
    damping_percent_per_hz: float
    reserve_mw: float
    reserve_full_at_hz: float
    source: str
    unverified: str


class Area(_Data):
    frequency_hz: float
    title: str
    default_scheme: str
    design: DesignCase | None = None
    limits: tuple[FrequencyLimit, ...]


class SchemeStage(_Data):
    below_hz: float
    share_percent: float


class SheddingScheme(_Data):
    frequency_hz: float
    source: str
    unverified: str = ""
    delay_s: float
    breaker_s: float
    stages: tuple[SchemeStage, ...]

    def on(self, load_mw: float) -> tuple[ShedStage, ...]:
        """The stages in MW of a load."""
        return tuple(ShedStage(s.below_hz, s.share_percent / 100.0 * load_mw, self.delay_s, self.breaker_s) for s in self.stages)


class _Book(_Data):
    areas: dict[str, Area]
    schemes: dict[str, SheddingScheme]


def area_of(name: str) -> Area:
    """The limits of a synchronous area. Raises NotCalculable with the names there are."""
    return _named("synchronous area", name, _book().areas)


def scheme_of(name: str) -> SheddingScheme:
    """A shedding scheme. Raises NotCalculable with the names there are."""
    return _named("shedding scheme", name, _book().schemes)


def area_names(frequency_hz: float | None = None) -> tuple[str, ...]:
    """All areas, or those of one nominal frequency; the first of them is the usual one."""
    return tuple(name for name, area in _book().areas.items() if frequency_hz in (None, area.frequency_hz))


def _named(what: str, name: str, known: dict[str, T]) -> T:
    found = known.get(" ".join(name.lower().replace("_", " ").replace("-", " ").split()))
    if found is None:
        raise NotCalculable(f"There is no {what} '{name[:60]}'; {', '.join(known)} are known.")
    return found


@cache
def _book() -> _Book:
    return _Book.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
