"""Plans that look at how things hang together: connections, and why a branch is loaded."""

from pydantic import JsonValue

from agent.brains.embedded.frame import Frame
from agent.brains.embedded.plans.kit import Kit, Plan, Said, Wanted
from agent.brains.embedded.plans.values import absolute
from agent.brains.embedded.replies import say


def topology(frame: Frame, kit: Kit) -> Plan:
    found = yield from absolute(frame, kit)
    if isinstance(found, Said):
        return found
    args: dict[str, JsonValue] = {"query": frame.topic}
    args |= dict(zip(("element", "to"), frame.elements, strict=False))
    if frame.topic == "path" and frame.metric:
        args["metric"] = frame.metric
    if found.actions:
        args["changes"] = list(found.actions)
    if frame.top:
        args["top"] = frame.top
    calls = yield [Wanted("topology", args)]
    return kit.tell(frame.model_copy(update={"changes": found.changes}), calls)


def explain(frame: Frame, kit: Kit) -> Plan:
    """Without a name the heaviest branch of the present state is meant."""
    found = yield from absolute(frame, kit)
    if isinstance(found, Said):
        return found
    actions: dict[str, JsonValue] = {"changes": list(found.actions)} if found.actions else {}
    names = frame.elements
    if not names:
        flow = yield [Wanted("power_flow", {**actions, **({"top": 1000} if frame.kind else {})})]
        listed = [str(r["element"]) for r in _loadings(flow[0].result) if isinstance(r, dict)]
        names = tuple(n for n in listed if not frame.kind or any(e.kind == frame.kind for e in kit.registry.exact(n)))[:1]
        if not names:
            return Said(say("nothing_listed"), status="refused")
    args: dict[str, JsonValue] = {"element": names[0], **actions}
    if frame.top:
        args["top"] = frame.top
    calls = yield [Wanted("explain_loading", args)]
    return kit.tell(frame.model_copy(update={"elements": names, "changes": found.changes}), calls)


def _loadings(result: dict[str, JsonValue]) -> list[JsonValue]:
    rows = result.get("top_loadings")
    return rows if isinstance(rows, list) else []
