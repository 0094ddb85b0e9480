"""Plans with changes: what-if studies, N-1, and proposals."""

from pydantic import JsonValue

from agent.brains.embedded.frame import Ask, Frame
from agent.brains.embedded.plans.kit import Kit, Plan, Said, Wanted, number
from agent.brains.embedded.plans.reading import beyond
from agent.brains.embedded.plans.values import absolute
from agent.brains.embedded.replies import listing, say

_ALL = 1000
_RANKED_ANEW = ("lost_load", "islands", "voltages")
_CLASSES = {"transformer": "transformers", "infeed": "infeeds"}


def what_if(frame: Frame, kit: Kit) -> Plan:
    found = yield from absolute(frame, kit)
    if isinstance(found, Said):
        return found
    args: dict[str, JsonValue] = {"changes": list(found.actions)}
    if frame.method:
        args["method"] = frame.method
    low, high = frame.band or (None, None)
    if low is not None:
        args["vm_min_pu"] = low
    if high is not None:
        args["vm_max_pu"] = high
    if frame.top:
        args["top"] = frame.top
    calls = yield [Wanted("power_flow", args)]
    return kit.tell(frame.model_copy(update={"changes": found.changes}), calls)  # the readings only served to find values


def n1(frame: Frame, kit: Kit) -> Plan:
    found = yield from absolute(frame, kit)
    if isinstance(found, Said):
        return found
    args: dict[str, JsonValue] = {}
    outages = list(frame.elements) or list(frame.classes) or _of_kind(frame)
    if frame.groups:
        args["outages"] = [list(group) for group in frame.groups]
    elif outages:
        args["elements"] = list(outages)
    if frame.level == 2:
        args["level"] = 2
    if frame.method == "dc":
        args["method"] = "dc"
    if found.actions:
        args["changes"] = list(found.actions)
    if frame.top:
        args["top"] = frame.top
    elif frame.topic in _RANKED_ANEW or len(outages) > 10:
        args["top"] = _ALL if frame.topic else len(outages)  # ranked anew by the writer: it needs every row
    calls = yield [Wanted("contingency_analysis", args)]
    if frame.top and frame.topic in _RANKED_ANEW and (number(calls[0].result, "total") or 0) > frame.top:
        calls = yield [Wanted("contingency_analysis", {**args, "top": _ALL})]  # the gravest few need not be those
    return kit.tell(frame.model_copy(update={"changes": found.changes}), calls)  # the readings only served to find values


def _of_kind(frame: Frame) -> list[str]:
    """'Which transformer outage is worst': those of the kind."""
    return [_CLASSES[frame.kind]] if frame.level == 1 and frame.kind in _CLASSES else []


def act(frame: Frame, kit: Kit) -> Plan:
    """A request: where it hangs on a condition, that is read first; relative amounts become absolute; then it is proposed."""
    if frame.condition and frame.condition_element:
        read = yield [kit.reading((frame.condition_element,))]
        rows = read[0].result.get("rows")
        value = number(rows[0], frame.condition.field) if isinstance(rows, list) and rows else None
        if value is None or not beyond(value, frame.condition):
            marker = f"\u27e6{read[0].id}|rows[0].{frame.condition.field}\u27e7" if value is not None else "no value"
            return Said(say("condition_not_met", element=frame.condition_element, marker=marker), about=(frame.condition_element,))
    found = yield from absolute(frame, kit)
    if isinstance(found, Said):
        if found.status != "needs_clarification":
            return found
        asked = frame.model_copy(
            update={"changes": tuple(c.model_copy(update={"amount": None, "by": 0, "unit": ""}) for c in frame.changes)}
        )
        return Said(found.text, found.status, asked=Ask(text=found.text, missing="value", frame=asked))
    calls = yield [Wanted("propose_action", {"changes": list(found.actions), "reason": frame.reason})]
    return kit.tell(frame.model_copy(update={"changes": found.changes}), calls)


def keep(frame: Frame, kit: Kit) -> Plan:
    names = list(dict.fromkeys(c.element for c in frame.kept if c.element))
    yield from ()
    if not names:
        return Said(say("keep_unnamed"))
    many = len(names) > 1
    text = say("keep", what=listing(names, "and"), stays="stay" if many else "stays", is_are="they are" if many else "it is")
    return Said(text, about=tuple(names))
