"""The plan for temperatures and life of transformers."""

from pydantic import JsonValue

from agent.brains.embedded.frame import Frame, Heating
from agent.brains.embedded.plans.kit import Kit, Plan, Said, Wanted
from agent.brains.embedded.plans.values import absolute

_MOST_TRANSFORMERS = 4  # asked about at once, each with a call of its own


def thermal(frame: Frame, kit: Kit) -> Plan:
    """One call for each transformer named; without a name all of them in one. Only what was said goes along."""
    found = yield from absolute(frame, kit)
    if isinstance(found, Said):
        return found
    heating = frame.heating or Heating()
    said: dict[str, JsonValue] = {**heating.model_dump(exclude={"cooling"}), "cooling_lost": heating.cooling_lost or None, "top": frame.top}
    said["nameplate"] = {"cooling": heating.cooling} if heating.cooling else None
    said["changes"] = list(found.actions) or None
    wanted = [{"transformer": name, **said} for name in frame.elements[:_MOST_TRANSFORMERS] or (None,)]
    calls = yield [Wanted("thermal_rul", {k: v for k, v in args.items() if v is not None}) for args in wanted]
    return kit.tell(frame.model_copy(update={"changes": found.changes}), calls)
