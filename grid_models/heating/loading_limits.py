"""How far a transformer may be loaded, by regime of loading and by size; the numbers and their sources are in data/thermal_limits.yaml."""

from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from grid_models.heating.iec_parameters import Size

_FILE = Path(__file__).parents[1] / "data" / "thermal_limits.yaml"


class Standard(StrEnum):
    """Two sets that are never mixed: their ageing and their temperatures belong together."""

    IEC = "IEC 60076-7:2018"
    IEEE = "IEEE C57.91-2011"


class Regime(StrEnum):
    """What kind of loading a limit is for, from every day to once in a lifetime."""

    NORMAL_CYCLIC = "normal cyclic"
    NORMAL_LIFE = "normal life expectancy"
    PLANNED = "planned beyond nameplate"
    LONG_TIME = "long-time emergency"
    SHORT_TIME = "short-time emergency"


class RegimeLimits(BaseModel):
    """The limits of one regime for one size."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standard: Standard
    regime: Regime
    size: Size | None = Field(default=None, description="None: every size")
    current_pu: float | None = Field(default=None, description="of the nameplate rating; None: the set gives none")
    top_oil_celsius: float
    hot_spot_celsius: float
    longest_min: float | None = Field(default=None, description="the regime is for overloads up to this long; None: of any length")
    source: str
    unverified: str = Field(default="", description="what in it nobody here has read in the standard, in words; empty where nothing")


def limits_of(size: Size) -> tuple[RegimeLimits, ...]:
    """Normal cyclic, long-time and short-time emergency loading by IEC 60076-7, in this order."""
    return tuple(each for each in _limits() if each.standard is Standard.IEC and each.size is size)


def ieee_limits() -> tuple[RegimeLimits, ...]:
    """The four regimes of IEEE C57.91, from normal life to short-time emergency; temperatures only, all unverified."""
    return tuple(each for each in _limits() if each.standard is Standard.IEEE)


@cache
def _limits() -> tuple[RegimeLimits, ...]:
    return TypeAdapter(tuple[RegimeLimits, ...]).validate_python(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
