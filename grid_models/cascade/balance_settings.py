"""What reserves and shedding by frequency may do in an island, from the data file, with its doubt."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from grid_models.dynamics.schemes import scheme_of
from grid_models.dynamics.system import ShedStage

_FILE = Path(__file__).parents[1] / "data" / "island_balance.yaml"


@dataclass(frozen=True)
class StageOf:
    """One stage of a scheme.  share: of the load before any was shed."""

    below_hz: float
    share: float
    delay_s: float
    breaker_s: float

    def of(self, mw: float) -> ShedStage:
        """With what it can still shed."""
        return ShedStage(self.below_hz, mw, self.delay_s, self.breaker_s)


class BalanceSettings(BaseModel):
    """reserve_share: of a machine's maximum that its governor may add.  stagger_s: between trips of relays that would act together.

    window_s: how long frequency is followed after the last trip.  schemes: name of the shedding scheme by nominal frequency.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reserve_share: float = Field(ge=0, le=1)
    damping_percent_per_hz: float = Field(ge=0, le=10)
    park_from_hz: float = Field(gt=0, le=2)
    park_droop_pu: float = Field(gt=0, le=1)
    charging_stops_at_hz: float = Field(gt=0, le=2)
    park_lag_s: float = Field(ge=0.01, le=10)
    stagger_s: float = Field(gt=0, le=10)
    window_s: float = Field(gt=0, le=120)
    schemes: dict[int, str]
    source: str
    unverified: str

    def scheme_name(self, frequency_hz: float) -> str:
        """That of the nearest nominal frequency."""
        return self.schemes[min(self.schemes, key=lambda known: abs(known - frequency_hz))]

    def scheme_at(self, frequency_hz: float) -> tuple[StageOf, ...]:
        """Its stages, the highest frequency first."""
        scheme = scheme_of(self.scheme_name(frequency_hz))
        return tuple(StageOf(s.below_hz, s.share_percent / 100.0, scheme.delay_s, scheme.breaker_s) for s in scheme.stages)

    def words(self, frequency_hz: float) -> str:
        """For the assumptions of an answer."""
        scheme = self.scheme_name(frequency_hz)
        return (
            f"islands: governors may add {100 * self.reserve_share:g} % of their maximum, load is shed by the scheme '{scheme}', "
            f"machines trip by their frequency relays, {self.stagger_s:g} s apart where they would trip together, "
            f"and after {self.window_s:g} s frequency is back ({self.source.strip()}; unverified: {self.unverified}; "
            f"of the scheme: {scheme_of(scheme).unverified or 'nothing'})"
        )


@cache
def balance_settings() -> BalanceSettings:
    """The documented defaults."""
    return BalanceSettings.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
