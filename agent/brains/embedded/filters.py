"""A bound in a question about many elements: answered by the loadings or the voltages, or honestly refused; never ignored."""

from agent.brains.embedded.frame import Intent, Refusal
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.queries import kind_asked
from agent.brains.embedded.replies import say
from agent.brains.embedded.sentence import Sentence

_TABLES = (Intent.COUNT, Intent.LIST)
_BRANCHES = ("line", "transformer")
_VALUE_WORDS = frozenset({"above", "below", "over", "under", "between", "beyond", "exceeding"})
_BOUNDS = ("above", "below", "between")


def filtered(intent: Intent | None, sentence: Sentence) -> Intent | Refusal | None:
    """The intent that honours the bounds of the sentence; a refusal where none does. Without a bound the intent stays."""
    bounds = [q for q in sentence.quantities if q.relation in _BOUNDS and (q.unit or _is_value(sentence, q)) and not _is_level(q)]
    if not bounds or sentence.mentions:
        return intent
    kind = kind_asked(sentence)
    units = {q.unit or ("percent" if kind in _BRANCHES else "") for q in bounds}
    one_sided = len(bounds) == 1 and bounds[0].relation != "between"
    refusal = Refusal(text=say("no_filter") if one_sided else say("no_range"))
    if intent is None:
        return refusal if kind and units & {"mw", "mvar", "mva"} else None
    if units == {"percent"} and (intent is Intent.LOADINGS or (intent in _TABLES and kind)):
        fits = kind in _BRANCHES or (intent is Intent.LOADINGS and kind is None)
        return Intent.LOADINGS if one_sided and fits else refusal
    if intent in _TABLES and units == {"pu"} and kind == "bus":
        return Intent.VOLTAGES
    if intent in _TABLES or (intent is Intent.BALANCE and kind) or (intent is Intent.LOADINGS and units & {"mw", "mvar", "mva"}):
        return refusal
    return intent


def _is_value(sentence: Sentence, bound: Quantity) -> bool:
    """'Lines above 50' bounds a value, 'more than 50 lines' a count, 'above 1.05' a voltage."""
    counts = any(k.start == bound.end for k in sentence.kinds)
    return not counts and not 0.5 < bound.value < 1.6 and not _VALUE_WORDS.isdisjoint(sentence.words)


def _is_level(bound: Quantity) -> bool:
    """'Lines at 220 kV and above' is what the tables can filter."""
    return bound.unit == "kv" and bound.relation == "above"
