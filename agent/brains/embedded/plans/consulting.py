"""The plan that looks something up in the knowledge base."""

from pydantic import JsonValue

from agent.brains.embedded.frame import Frame
from agent.brains.embedded.plans.kit import Kit, Plan, Wanted


def knowledge(frame: Frame, kit: Kit) -> Plan:
    """One search with what was said; the tool's own defaults do the rest."""
    assert frame.lookup is not None
    said: dict[str, JsonValue] = {**frame.lookup.model_dump(), "top": frame.top}
    calls = yield [Wanted("knowledge_search", {key: value for key, value in said.items() if value is not None})]
    return kit.tell(frame, calls)
