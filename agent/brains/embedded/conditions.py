"""'If line 54 is above 90 %, open line 14': a request that depends on a present value."""

from typing import Literal

from agent.brains.embedded.frame import Change, Frame, Intent, Mood, Threshold
from agent.brains.embedded.reasons import reason_of
from agent.brains.embedded.sentence import Sentence

_FIELDS = {"percent": "loading_percent", "pu": "vm_pu", "mw": "p_mw", "ka": "current_ka"}
_MARKERS = ("if", "when", "provided", "providing", "should", "unless", "once")
_OPPOSITE: dict[str, Literal[">", "<"]] = {"above": "<", "below": ">"}
_SAME: dict[str, Literal[">", "<"]] = {"above": ">", "below": "<"}


def condition_in(sentence: Sentence, changes: tuple[Change, ...]) -> Frame | None:
    """A frame with the condition, when it is about a present value of a named element; None for any other condition."""
    threshold = next((q for q in sentence.quantities if q.relation in ("above", "below") and q.unit in _FIELDS), None)
    start = next((i for i, t in enumerate(sentence.tokens) if t.word in _MARKERS), None)
    if threshold is None or start is None or any(c.needs_target or c.needs_amount for c in changes):
        return None
    judged = [m for m in sentence.mentions if start < m.start < threshold.start and len(m.elements) == 1]
    if len(judged) != 1 or any(not m.elements for m in sentence.mentions):
        return None
    op = _OPPOSITE if sentence.tokens[start].word == "unless" else _SAME
    return Frame(
        intent=Intent.ACT,
        mood=Mood.REQUEST,
        changes=changes,
        reason=reason_of(sentence.text),
        condition=Threshold(field=_FIELDS[threshold.unit], op=op[threshold.relation], value=threshold.value),
        condition_element=judged[0].elements[0],
    )
