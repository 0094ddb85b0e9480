"""An alarm as a value: what, where, since when, how bad it was when last reported, and who knows of it."""

from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from grid_models.errors import AeipError


class AlarmsUnreadable(AeipError):
    """Stored alarms that cannot be read."""


class Severity(StrEnum):
    """From good to know to act now."""

    INFO = "info"
    WARNING = "warning"
    ALARM = "alarm"

    @property
    def rank(self) -> int:
        return list(Severity).index(self)


class AlarmKind(StrEnum):
    """What can be wrong."""

    OVERLOAD = "overload"
    OVERVOLTAGE = "overvoltage"
    UNDERVOLTAGE = "undervoltage"
    LOST_LOAD = "lost load"
    LOST_GENERATION = "lost generation"
    NEAR_LIMIT = "loading near its limit"
    RISING = "loading rises fast"
    VOLTAGE_MOVES = "voltage moves fast"
    POSITION = "position changed"
    BAD_MEASUREMENT = "bad measurement"
    UNOBSERVABLE = "not observable"
    STALE = "stale telemetry"
    NOT_ACCEPTED = "estimate not accepted"
    SOURCE_DEAD = "no measurements"


TELEMETRY = frozenset({AlarmKind.BAD_MEASUREMENT, AlarmKind.UNOBSERVABLE, AlarmKind.STALE, AlarmKind.NOT_ACCEPTED, AlarmKind.SOURCE_DEAD})


class Reading(BaseModel):
    """One thing looked at, beyond its limit or not far inside. Without a value it is wrong as long as it is there."""

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="constants")

    kind: AlarmKind
    table: str = Field(description="table of the model that the element is a row of; 'grid' or 'telemetry' where it is none")
    element: str = Field(description="display name")
    words: str = Field(default="", description="one clause on what was found; the value is added where there is one")
    place: str = Field(default="", description="station, area or voltage level that groups it")
    value: float | None = None
    limit: float | None = None
    unit: str = ""
    rule: str = Field(default="", description="rule id that names the limit")
    upper: bool = Field(default=True, description="False: wrong below the limit")

    @property
    def key(self) -> str:
        """The same in every process."""
        return f"{self.kind}:{self.table}:{self.element}"

    def beyond(self, by: float = 0.0) -> bool:
        """Is the value more than `by` beyond the limit (negative: not yet that far inside it)?"""
        if self.value is None or self.limit is None:
            return True
        return (self.value - self.limit if self.upper else self.limit - self.value) > by

    def worse_than(self, value: float | None) -> float:
        """How much further out than another value; 0 where there are no values."""
        if self.value is None or value is None:
            return 0.0
        return self.value - value if self.upper else value - self.value

    def sentence(self) -> str:
        """'HV1 Line 75: overload, 155.6 percent (limit 100 percent)'."""
        number = "" if self.value is None else f", {self.value:.4g} {self.unit}"
        bound = "" if self.limit is None or not number else f" (limit {self.limit:.4g} {self.unit})"
        return f"{self.element}: {self.words or self.kind}{number}{bound}"


class Alarm(BaseModel):
    """A reading that became an alarm. Times are plant time; `acknowledged_at` is wall time.

    told_at: when it was new or worsened last; an acknowledgement is of that moment.  seen_at: last time it did not clear.
    reported: the value that a worsening is measured from: the last one told, or a much better one since.
    """

    model_config = ConfigDict(frozen=True, ser_json_inf_nan="constants")

    reading: Reading
    severity: Severity
    since: AwareDatetime
    told_at: AwareDatetime
    seen_at: AwareDatetime
    reported: float | None
    cause: str = Field(description="what groups it with others: the element that changed position, a voltage region, a station")
    acknowledged_by: str = ""
    acknowledged_at: AwareDatetime | None = None

    @property
    def key(self) -> str:
        return self.reading.key


_LIST = TypeAdapter(tuple[Alarm, ...])


def acknowledged(alarm: Alarm, person: str, at: datetime) -> Alarm:
    """Somebody knows of it; it stands on until it clears, and asks again when it worsens."""
    return alarm.model_copy(update={"acknowledged_by": person, "acknowledged_at": at})


def stored(alarms: tuple[Alarm, ...]) -> str:
    """As JSON."""
    return _LIST.dump_json(alarms).decode()


def restored(text: str) -> tuple[Alarm, ...]:
    """From `stored`. Raises AlarmsUnreadable."""
    try:
        return _LIST.validate_json(text)
    except ValidationError as error:
        raise AlarmsUnreadable(
            f"The stored alarms cannot be read ({error.error_count()} errors); watching goes on without them."
        ) from error
