"""When something becomes an alarm, when it clears, and how grave it is: all engineering judgement; limits come with the readings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from grid_models.alerting.alarm import AlarmKind, Severity


@dataclass(frozen=True)
class KindRule:
    """band: how far inside its limit a value must be to clear.  step: how much worse is worth telling; both in the reading's unit.

    hold_s: plant seconds after which an alarm clears that is no longer beyond its limit.
    """

    severity: Severity
    band: float = 0.0
    step: float = 0.0
    hold_s: float = 0.0


_TELEMETRY_HOLD_S = 60.0  # a meter that is good and bad in turn is one alarm
_RATE_HOLD_S = 120.0
_EVENT_HOLD_S = 900.0  # a change of position is news for a quarter of an hour

KIND_RULES: Mapping[AlarmKind, KindRule] = MappingProxyType(
    {
        AlarmKind.OVERLOAD: KindRule(Severity.ALARM, band=2.0, step=5.0),
        AlarmKind.OVERVOLTAGE: KindRule(Severity.ALARM, band=0.003, step=0.01),
        AlarmKind.UNDERVOLTAGE: KindRule(Severity.ALARM, band=0.003, step=0.01),
        AlarmKind.LOST_LOAD: KindRule(Severity.ALARM, band=0.0, step=1.0),
        AlarmKind.LOST_GENERATION: KindRule(Severity.WARNING, band=0.0, step=5.0),
        AlarmKind.NEAR_LIMIT: KindRule(Severity.WARNING, band=2.0, step=5.0),
        AlarmKind.RISING: KindRule(Severity.WARNING, step=10.0, hold_s=_RATE_HOLD_S),
        AlarmKind.VOLTAGE_MOVES: KindRule(Severity.WARNING, step=0.02, hold_s=_RATE_HOLD_S),
        AlarmKind.POSITION: KindRule(Severity.INFO, hold_s=_EVENT_HOLD_S),
        AlarmKind.BAD_MEASUREMENT: KindRule(Severity.WARNING, hold_s=_TELEMETRY_HOLD_S),
        AlarmKind.UNOBSERVABLE: KindRule(Severity.WARNING, hold_s=_TELEMETRY_HOLD_S),
        AlarmKind.STALE: KindRule(Severity.WARNING, hold_s=_TELEMETRY_HOLD_S),
        AlarmKind.NOT_ACCEPTED: KindRule(Severity.ALARM),
        AlarmKind.SOURCE_DEAD: KindRule(Severity.ALARM),
    }
)


@dataclass(frozen=True)
class AlarmRules:
    """early_warning_share: of the loading limit.  rates: of change towards a limit that is not far, per minute of plant time."""

    kinds: Mapping[AlarmKind, KindRule] = field(default_factory=lambda: KIND_RULES)
    early_warning_share: float = 0.9
    loading_rate_percent_per_min: float = 10.0
    rate_from_loading_share: float = 0.6
    voltage_rate_pu_per_min: float = 0.02
    lost_mw: float = 0.1  # smaller amounts without supply are rounding
