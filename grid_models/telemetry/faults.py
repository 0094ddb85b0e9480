"""What can go wrong with measurements: the faults a scenario can inject, as data.

`since` and `until` are plant time; without `since` a fault starts when it is injected, without `until` it stays.
"""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, model_validator

from grid_models.errors import AeipError
from grid_models.telemetry.quantities import Quantity


class InvalidFault(AeipError):
    """A fault at a meter, position or station that the plant does not have."""


def _by_name(value: object) -> object:
    """'P_FROM' as well as 4."""
    return Quantity.__members__.get(value, value) if isinstance(value, str) else value


QuantityName = Annotated[Quantity, BeforeValidator(_by_name)]


class _Timed(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None

    def active(self, plant_time: datetime) -> bool:
        """Does the fault act at this plant time?"""
        return (self.since is None or self.since <= plant_time) and (self.until is None or plant_time < self.until)


class _AtMeter(_Timed):
    quantity: QuantityName
    element: str = Field(description="display name or alias of the element")


class _AtStation(_Timed):
    station: str = Field(description="name of the station whose RTU reports; phasor units report by themselves and are not touched")


class GrossError(_AtMeter):
    """The value is off by `offset`, or is `value` whatever happens (in the quantity's unit)."""

    kind: Literal["gross_error"] = "gross_error"
    offset: float | None = None
    value: float | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.offset is None) == (self.value is None):
            raise ValueError("a gross error needs either an offset or a value")
        return self


class Drift(_AtMeter):
    """The value runs away by `per_hour` (in the quantity's unit)."""

    kind: Literal["drift"] = "drift"
    per_hour: float


class Frozen(_AtMeter):
    """The value stays what it was at the start, and is still confirmed as new."""

    kind: Literal["frozen"] = "frozen"


class SignFlip(_AtMeter):
    """The value comes with the wrong sign."""

    kind: Literal["sign_flip"] = "sign_flip"


class WrongStatus(_AtMeter):
    """A breaker or an element in service is reported the other way round."""

    kind: Literal["wrong_status"] = "wrong_status"


class LostRtu(_AtStation):
    """Nothing new comes from a station: its last values stay and grow old."""

    kind: Literal["lost_rtu"] = "lost_rtu"


class TimeSkew(_AtStation):
    """A station's clock is wrong by `seconds`, positive ahead."""

    kind: Literal["time_skew"] = "time_skew"
    seconds: float


class DeadSource(_Timed):
    """The whole source is silent."""

    kind: Literal["dead_source"] = "dead_source"


Fault = Annotated[
    GrossError | Drift | Frozen | SignFlip | WrongStatus | LostRtu | TimeSkew | DeadSource,
    Field(discriminator="kind"),
]
FAULT: TypeAdapter[Fault] = TypeAdapter(Fault)  # FAULT.validate_python({"kind": "sign_flip", ...}) reads a scenario's line
