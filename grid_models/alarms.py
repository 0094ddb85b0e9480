"""The alarm engine: a pure function of two successive moments, the alarms that stand, and rules.

The caller keeps `standing` from one call to the next (and across a restart with `stored` and `restored`); nothing is remembered here.
"""

from collections.abc import Sequence

from grid_models.alerting.alarm import Alarm, AlarmKind, AlarmsUnreadable, Reading, Severity, acknowledged, restored, stored
from grid_models.alerting.causes import AlarmGroup, grouped
from grid_models.alerting.judge import AlarmChange, judged
from grid_models.alerting.rules import KIND_RULES, AlarmRules, KindRule
from grid_models.alerting.watched import Watched, readings, unknown

__all__ = [
    "KIND_RULES",
    "Alarm",
    "AlarmChange",
    "AlarmGroup",
    "AlarmKind",
    "AlarmRules",
    "AlarmsUnreadable",
    "KindRule",
    "Reading",
    "Severity",
    "Watched",
    "acknowledged",
    "alarms",
    "grouped",
    "restored",
    "stored",
]

_RULES = AlarmRules()


def alarms(before: Watched | None, now: Watched, standing: Sequence[Alarm], rules: AlarmRules = _RULES) -> AlarmChange:
    """What is new, worsened and cleared now, and all that stands. The same arguments always give the same answer.

    before: the moment before, None at the start: then there are neither changed positions nor rates.
    """
    known = now.known and now.solution is not None
    return judged(readings(before, now, rules), now.plant_time, standing, rules, known=known, unknown=unknown(now))
