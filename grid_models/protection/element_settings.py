"""What a utility says of the relays of one element, and which kinds of element each word is for."""

from pydantic import BaseModel, ConfigDict, Field

from grid_models.protection.curves import Curve
from grid_models.protection.defaults import Reset
from grid_models.twin.registry import ElementKind

_BRANCH = frozenset({"curve", "pickup_pu", "time_multiplier", "reset"})
_LINE = frozenset(
    {"thermal_time_constant_s", "thermal_trip_pu", "zone3_reach_ohm", "zone3_torque_angle_degree", "zone3_delay_s"},
)
FIELDS_OF: dict[ElementKind, frozenset[str]] = {
    ElementKind.LINE: _BRANCH | _LINE,
    ElementKind.TRANSFORMER: _BRANCH | {"hot_spot_limit_celsius"},
    ElementKind.THREE_WINDING: _BRANCH | {"hot_spot_limit_celsius"},
    ElementKind.GENERATOR: frozenset({"voltage_set", "frequency_set"}),
    ElementKind.LOAD: frozenset({"undervoltage_pu", "undervoltage_delay_s"}),
}  # beside element, protected and source


class ElementSettings(BaseModel):
    """One element. None: the default. The bounds refuse wrong units, not unusual settings; they are engineering judgement."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    element: str = Field(min_length=1, description="name in the grid")
    protected: bool = Field(default=True, description="false: none of its relays ever trips")
    curve: Curve | None = None
    pickup_pu: float | None = Field(default=None, gt=0, le=20, description="of the permanent rating")
    time_multiplier: float | None = Field(default=None, ge=0, le=60, description="of the curve; the delay [s] of a definite-time relay")
    reset: Reset | None = None
    thermal_time_constant_s: float | None = Field(default=None, ge=30, le=36_000)
    thermal_trip_pu: float | None = Field(default=None, ge=0.5, le=3, description="factor k: what the relay bears for ever")
    hot_spot_limit_celsius: float | None = Field(default=None, ge=80, le=200)
    zone3_reach_ohm: float | None = Field(default=None, gt=0, le=2000, description="primary ohm at the torque angle")
    zone3_torque_angle_degree: float | None = Field(default=None, ge=30, le=90)
    zone3_delay_s: float | None = Field(default=None, ge=0, le=10)
    voltage_set: str | None = Field(default=None, description="name of a set in the data file")
    frequency_set: str | None = Field(default=None, description="name of a set in the data file")
    undervoltage_pu: float | None = Field(default=None, ge=0, le=1)
    undervoltage_delay_s: float | None = Field(default=None, ge=0, le=3600)
    source: str = Field(default="", description="who says so")

    @property
    def given(self) -> frozenset[str]:
        """The settings that it says something of."""
        return frozenset(name for name in self.model_fields_set - {"element", "protected", "source"} if getattr(self, name) is not None)
