"""Do the words of an order speak of a transformer's tap, or of what flows through a line or transformer?"""

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.objects import amounts, stretch
from agent.brains.embedded.sentence import Hit, Sentence
from agent.brains.embedded.vocabulary import word_class

_TAP = word_class("branch_words.tap")
_FLOWS = ("load", "loading", "overload", "flow", "current", "thermal:heat", "thermal:overheat", "thermal:warm")
_FLOW_UNITS = ("mw", "mva", "mvar", "ka", "percent")


def speaks_of_tap(sentence: Sentence, use: VerbUse) -> bool:
    """'Tap it down', 'two steps up', 'to position 4'."""
    reach = range(min(use.left[0], use.start), stretch(sentence, use).stop)  # 'the tap of trafo 2 is moved two steps down'
    said = any(sentence.tokens[i].lemma in _TAP for i in reach if not sentence.mention_at(i))
    return said or use.verb == "tap" or any(q.unit == "step" for q in amounts(sentence, use))


def speaks_of_flow(sentence: Sentence, use: VerbUse) -> bool:
    """A load, a flow, a current, a temperature, or an amount in one of their units."""
    inside = stretch(sentence, use)
    named = any(h.concept in _FLOWS and h.start in inside for h in sentence.hits)
    degrees = any(sentence.tokens[i].word.startswith(("degree", "°", "celsius")) for i in inside)
    return named or degrees or any(q.unit in _FLOW_UNITS and q.start in inside for q in sentence.quantities)


def speaks_of_own_load(sentence: Sentence) -> bool:
    """Is the load that a sentence speaks of what a line or transformer carries, no load of the grid?"""
    return any(is_own_load(sentence, h) for h in sentence.hits if h.concept == "load")


def is_own_load(sentence: Sentence, hit: Hit) -> bool:
    """'Its load', 'the load of trafo 3', 'trafo 3's load'."""
    before = sentence.tokens[hit.start - 1].word if hit.start else ""
    after = sentence.tokens[hit.end].word if hit.end < len(sentence.tokens) else ""
    owned = before in ("its", "their") or any(m.end == hit.start for m in sentence.mentions)
    return owned or (after in ("of", "on", "at", "off") and any(hit.end < m.start <= hit.end + 3 for m in sentence.mentions))
