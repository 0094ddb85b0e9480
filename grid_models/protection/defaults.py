"""Which settings have relays where nobody says otherwise? Read from `data/protection_settings.yaml`, each with its source and its doubt."""

from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grid_models.protection.curves import Curve, InvalidRelay
from grid_models.protection.voltage_frequency import Stage

_FILE = Path(__file__).parents[1] / "data" / "protection_settings.yaml"


class Reset(StrEnum):
    """What an overcurrent relay does below its pickup: forget at once, or as slowly as a disc turns back."""

    INSTANT = "instant"
    INVERSE = "inverse"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sourced(_Row):
    """unverified: what in it nobody here has read in the source, in words; empty where nothing."""

    source: str
    unverified: str = ""


class OvercurrentDefaults(_Sourced):
    """pickup_pu: of the permanent rating."""

    below_kv: float
    curve: Curve
    pickup_pu: float = Field(gt=0)
    time_multiplier: float = Field(ge=0)


class LineThermalDefaults(_Sourced):
    """trip_pu: factor k of the relay, what it bears for ever."""

    time_constant_s: float = Field(gt=0)
    rated_celsius: float
    rated_ambient_celsius: float
    trip_pu: float = Field(gt=0)


class TransformerThermalDefaults(_Sourced):
    """The hot-spot at which a transformer is tripped."""

    hot_spot_limit_celsius: float


class Zone3Defaults(_Sourced):
    """bears_pu: of the rating, at 0.85 pu and 30°."""

    bears_pu: float = Field(gt=0)
    torque_angle_degree: float = Field(ge=30, le=90)
    delay_s: float = Field(ge=0)


class StageSet(_Sourced):
    """The stages of one relay."""

    stages: tuple[Stage, ...]


class GeneratorDefaults(_Row):
    """Names of sets."""

    voltage_set: str
    frequency_set: str


class LoadUndervoltageDefaults(_Sourced):
    """When load is disconnected by low voltage."""

    threshold_pu: float = Field(gt=0)
    delay_s: float = Field(ge=0)


class HiddenFailureDefaults(_Sourced):
    """probability: that one exposed relay trips although it should not."""

    probability: float = Field(ge=0, le=1)


class ProtectionDefaults(_Row):
    """The whole file."""

    overcurrent: tuple[OvercurrentDefaults, ...]
    reset: Reset
    reset_source: str
    line_thermal: LineThermalDefaults
    transformer_thermal: TransformerThermalDefaults
    zone3: Zone3Defaults
    voltage_sets: dict[str, StageSet]
    frequency_sets: dict[str, StageSet]
    generators: dict[int, GeneratorDefaults]
    load_undervoltage: LoadUndervoltageDefaults
    hidden_failure: HiddenFailureDefaults

    def overcurrent_at(self, nominal_kv: float) -> OvercurrentDefaults:
        """The row of a voltage level."""
        return next((row for row in self.overcurrent if nominal_kv < row.below_kv), self.overcurrent[-1])

    def generators_at(self, frequency_hz: float) -> GeneratorDefaults:
        """The sets of the nearest nominal frequency."""
        return self.generators[min(self.generators, key=lambda known: abs(known - frequency_hz))]


@cache
def protection_defaults(path: Path = _FILE) -> ProtectionDefaults:
    """The data file. Raises InvalidRelay naming the first entry that is none."""
    try:
        return ProtectionDefaults.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidRelay(f"'{path.name}' cannot be read ({str(error).splitlines()[0]}); a YAML file would work.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise InvalidRelay(f"'{path.name}' holds no protection settings: at {where}: {first['msg']}.") from error
