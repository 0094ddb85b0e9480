"""What `frequency_response` can be asked."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field, model_validator

from grid_models.dynamics.inertia import UnitType
from tools.result import Args


class _Symbols(Args):
    """Constants may be given by name or by the symbol of the paper."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class GovernorArgs(_Symbols):
    """Reheat turbines under droop; what is not given is that of the reference set of Anderson and Mirheydar (1990)."""

    droop: float = Field(
        default=0.05, gt=0, le=1, validation_alias=AliasChoices("droop", "R"), description="pu of frequency over pu of power: 0.05 is 5 %"
    )
    reheat_fraction: float = Field(
        default=0.3,
        ge=0,
        le=1,
        validation_alias=AliasChoices("reheat_fraction", "FH"),
        description="power that follows without the reheater",
    )
    reheat_s: float = Field(
        default=8.0, ge=0.02, le=200, validation_alias=AliasChoices("reheat_s", "TR"), description="time constant of the rest"
    )
    gain: float = Field(default=0.95, ge=0, le=10, validation_alias=AliasChoices("gain", "Km"))
    base_mw: float | None = Field(default=None, gt=0, description="rating that droop and gain refer to; the load where not given")
    reserve_mw: float | None = Field(default=None, ge=0, description="most that these units can add; none: no limit")
    delay_s: float = Field(default=0.0, ge=0, le=60, description="from the first loss until they begin")
    deadband_hz: float = Field(default=0.0, ge=0, le=1, description="no response within this deviation")


class FastResponseArgs(Args):
    """Batteries and other converters that follow the deviation of frequency."""

    mw: float = Field(gt=0, description="most they can add (or take)")
    droop: float = Field(default=0.01, gt=0, le=1, description="pu of frequency at which all of it is given: 0.01 is 0.5 Hz of 50")
    delay_s: float = Field(default=0.0, ge=0, le=60)
    lag_s: float = Field(default=0.0, ge=0, le=60)
    deadband_hz: float = Field(default=0.0, ge=0, le=1)


class SyntheticInertiaArgs(Args):
    """Converters whose power follows the rate of change of frequency."""

    inertia_gws: float = Field(gt=0, description="of machines that would give the same power")
    limit_mw: float | None = Field(default=None, ge=0)
    delay_s: float = Field(default=0.0, ge=0, le=60)
    lag_s: float = Field(default=0.1, ge=0.01, le=10, description="of measuring a rate")


class LossArgs(Args):
    at_s: float = Field(default=0.0, ge=0, description="after the first moment")
    mw: float = Field(gt=0, le=1e6, description="generation lost then")
    inertia_gws: float = Field(default=0.0, ge=0, description="of the system's inertia, what turned in it and is lost with it")


class StageArgs(_Symbols):
    """One stage of shedding: one of share_percent and mw."""

    below_hz: float = Field(gt=0, validation_alias=AliasChoices("below_hz", "at_hz", "hz", "frequency_hz", "threshold_hz"))
    share_percent: float | None = Field(
        default=None,
        gt=0,
        le=100,
        validation_alias=AliasChoices("share_percent", "percent", "load_percent"),
        description="of the load before the loss",
    )
    mw: float | None = Field(default=None, gt=0, validation_alias=AliasChoices("mw", "shed_mw"))
    delay_s: float = Field(default=0.15, ge=0, lt=60, description="of the relay: frequency must stay below for so long")
    breaker_s: float = Field(default=0.0, ge=0, lt=60, description="from the relay's trip until the load is gone")

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.share_percent is None) == (self.mw is None):
            raise ValueError("a stage needs one of share_percent (of the load) and mw")
        return self


def _alone(value: object) -> object:
    """One governor stands for a list of one; stages may come as {'stages': [...]}."""
    if isinstance(value, Mapping):
        return value["stages"] if set(value) == {"stages"} else (value,)
    return value


# What stands behind a converter turns nothing that the grid feels.
_SAME_KIND = {
    "converter": UnitType.CONVERTER,
    "wind": UnitType.CONVERTER,
    "solar": UnitType.CONVERTER,
    "pv": UnitType.CONVERTER,
    "battery": UnitType.CONVERTER,
}


def _by_kind(value: object) -> object:
    """Ratings of the same kind of inertia are added; what is unknown stays, to be refused by name."""
    if not isinstance(value, Mapping) or not all(isinstance(mva, int | float) for mva in value.values()):
        return value
    found: dict[object, float] = {}
    for kind, mva in value.items():
        known = _SAME_KIND.get(str(kind).lower(), kind)
        found[known] = found.get(known, 0.0) + mva
    return found


RunningMva = Annotated[dict[UnitType, float], BeforeValidator(_by_kind)]
Governors = Annotated[tuple[GovernorArgs, ...], BeforeValidator(_alone), Field(min_length=1, max_length=10)]
Shedding = Annotated[tuple[StageArgs, ...] | str, BeforeValidator(_alone)]


class FrequencyArgs(Args):
    loss_mw: float | None = Field(default=None, gt=0, le=1e6, description="generation lost at the first moment [MW]")
    element: str | None = Field(default=None, description="instead: a generator or an infeed of the grid, lost with what it injects now")
    losses: tuple[LossArgs, ...] = Field(default=(), max_length=50, description="further losses, on top of loss_mw or element")
    lost_load_mw: float | None = Field(
        default=None, gt=0, le=1e6, description="instead: load lost at the first moment, which lifts frequency [MW]"
    )
    inertia_gws: float | None = Field(
        default=None,
        gt=0,
        le=10_000,
        description="kinetic energy that stays after the loss [GW·s]; the grid's own machines where not given",
    )
    running_mva: RunningMva = Field(default_factory=dict, description="instead of inertia_gws: rated power that runs, by type of unit")
    frequency_hz: float | None = Field(default=None, ge=10, le=400, description="nominal; the grid's where not given")
    load_mw: float | None = Field(
        default=None, gt=0, le=1e7, description="of the synchronous system before the loss; the grid's now where not given"
    )
    damping_percent_per_hz: float | None = Field(
        default=None, ge=0, le=20, description="load that falls with frequency; 1 pu per pu where not given (2 % per Hz of 50)"
    )
    governor: Governors | None = Field(
        default=None, description="one, or several groups of units; Anderson and Mirheydar's set where not given"
    )
    reserve_mw: float | None = Field(default=None, ge=0, description="most that the governor's units can add; none: no limit")
    reserve_delay_s: float | None = Field(default=None, ge=0, le=60, description="from the first loss until they begin")
    fast_response: FastResponseArgs | None = None
    synthetic_inertia: SyntheticInertiaArgs | None = None
    grid_forming_gws: float = Field(default=0.0, ge=0, le=10_000, description="inertia of grid-forming converters, on top")
    shedding: Shedding | None = Field(
        default=None,
        description="a scheme's name, 'none', or stages [{below_hz, share_percent or mw, delay_s, breaker_s}]; the area's where not given",
    )
    area: str | None = Field(default=None, description="synchronous area whose limits are judged; by nominal frequency where not given")
    limit_hz: float | None = Field(
        default=None, gt=0, description="for which the smallest inertia is sought; 49.2 at 50 Hz (and that share of another frequency)"
    )
    rocof_limit_hz_per_s: float | None = Field(default=None, gt=0, le=50, description="for which it is sought too, over 500 ms")
    horizon_s: float | None = Field(default=None, gt=0, le=600, description="until it settles where not given")
