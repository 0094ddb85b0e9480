"""Which of the alarms that stand does somebody know of? The ledger's acknowledgements on the twin's alarms."""

from collections.abc import Mapping, Sequence

from grid_models.alarms import Alarm, acknowledged
from guardrails.acknowledgements import Acknowledgement


def with_acknowledgements(alarms: Sequence[Alarm], known: Mapping[str, Acknowledgement]) -> tuple[Alarm, ...]:
    """An acknowledgement is of an alarm as it was told: one that came back or worsened since asks again."""
    return tuple(_with(alarm, known.get(alarm.key)) for alarm in alarms)


def _with(alarm: Alarm, found: Acknowledgement | None) -> Alarm:
    return acknowledged(alarm, found.person, found.at) if found is not None and found.told_at == alarm.told_at else alarm
