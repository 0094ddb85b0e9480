"""'If line 54 is above 90 %, open line 14': a request that depends on a present value."""

from typing import Literal

from agent.brains.embedded.frame import Change, Frame, Intent, Mood, Threshold
from agent.brains.embedded.kinds import Mention
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.reasons import reason_of
from agent.brains.embedded.sentence import Sentence

_FIELDS = {"percent": "loading_percent", "pu": "vm_pu", "mw": "p_mw", "ka": "current_ka"}
_POINTING = frozenset({"it", "that", "so", "yes"})
_MARKERS = ("if", "when", "provided", "providing", "should", "unless", "once")
_OPPOSITE: dict[str, Literal[">", "<"]] = {"above": "<", "below": ">"}
_SAME: dict[str, Literal[">", "<"]] = {"above": ">", "below": "<"}


def condition_in(sentence: Sentence, changes: tuple[Change, ...]) -> Frame | None:
    """A frame with the condition, when it is about a present value of a named element; None for any other condition."""
    bounds = [(q, unit) for q in sentence.quantities if q.relation in ("above", "below") and (unit := _unit(q))]
    start = next((i for i, t in enumerate(sentence.tokens) if t.word in _MARKERS), None)
    if len(bounds) != 1 or start is None or any(c.needs_target or c.needs_amount for c in changes):
        return None
    threshold, unit = bounds[0]
    judged = _judged(sentence, start, threshold)
    if len(judged) != 1 or any(m.guessed or not m.elements for m in sentence.mentions):
        return None
    op = _OPPOSITE if sentence.tokens[start].word == "unless" else _SAME
    return Frame(
        intent=Intent.ACT,
        mood=Mood.REQUEST,
        changes=changes,
        reason=reason_of(sentence.text),
        condition=Threshold(field=_FIELDS[unit], op=op[threshold.relation], value=threshold.value),
        condition_element=judged[0].elements[0],
    )


def _unit(bound: Quantity) -> str:
    """The unit of a bound; a bare '1.05' is a voltage, a bare '90' a loading."""
    if bound.unit in _FIELDS:
        return bound.unit
    return "" if bound.unit else "pu" if 0.5 < bound.value < 1.6 else "percent" if bound.value > 3 else ""


def _judged(sentence: Sentence, start: int, bound: Quantity) -> list[Mention]:
    """What is compared with the bound: named in the condition, or before it ('check line 54; if it is above 90 %', 'is it? if so')."""
    single = [m for m in sentence.mentions if len(m.elements) == 1]
    inside = [m for m in single if start < m.start < bound.start]
    before = [m for m in single if m.end <= min(start, bound.start)]
    pointing = {t.word for t in sentence.tokens[start : max(bound.start, start + 4)]} & _POINTING
    return inside or (before if pointing else [])
