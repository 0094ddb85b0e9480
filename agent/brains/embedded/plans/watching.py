"""Plans that look at the live grid: its measurements, its past, its alarms."""

from pydantic import JsonValue

from agent.brains.embedded.frame import Frame
from agent.brains.embedded.plans.kit import Kit, Plan, Wanted

_ALL = 1000  # the tools' own bound
_MOST_TRENDS = 4  # elements asked about at once


def estimate(frame: Frame, kit: Kit) -> Plan:
    """What is said of how to estimate goes along; the tool's own defaults do the rest."""
    top = frame.top or (_ALL if frame.topic == "element" else None)  # an element is found wherever it stands in the tables
    said: dict[str, JsonValue] = {"bad_data": frame.bad_data, "threshold": frame.residual, "max_age_s": frame.max_age_s, "top": top}
    calls = yield [Wanted("state_estimate", _given(said))]
    return kit.tell(frame, calls)


def history(frame: Frame, kit: Kit) -> Plan:
    """One call for each element; without one the total of the grid."""
    said: dict[str, JsonValue] = {"quantity": frame.topic, "since": frame.since, "top": frame.top}
    calls = yield [Wanted("history", _given({"element": name, **said})) for name in frame.elements[:_MOST_TRENDS] or (None,)]
    return kit.tell(frame, calls)


def alarms(frame: Frame, kit: Kit) -> Plan:
    element = frame.elements[0] if frame.elements else None
    calls = yield [Wanted("alarms", _given({"status": frame.topic, "element": element, "top": frame.top}))]
    return kit.tell(frame, calls)


def _given(args: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {key: value for key, value in args.items() if value is not None}
