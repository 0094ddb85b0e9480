"""'And the N-1 list for that situation?', 'now half the wind on top': the present question in the situation that was studied last."""

from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Understood
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_SITUATIONS = word_class("built_on.situations")
_POINTING = frozenset({"that", "this", "same", "such"})
_ADDING = ("on top", "in addition", "as well", "additionally", "also", "too", "besides that", "with that")
_STUDIED = (Intent.WHAT_IF, Intent.N1)
_TOPICS = {Intent.STATE: "", Intent.LOADINGS: "loadings", Intent.VOLTAGES: "voltages", Intent.LOSSES: "losses"}
_OF_ELEMENTS = {"loading": "loadings", "flow": "loadings", "current": "loadings", "voltage": "voltages"}
_FRAGMENT = 4  # words
_LONGEST = 16  # words: a longer sentence says itself what it wants


def built_on(understood: Understood, sentence: Sentence, last: Frame | None) -> Understood:
    """The study with the changes of the last one before its own; anything else, orders above all, stays as it is."""
    if last is None or last.intent not in _STUDIED or not last.changes or len(sentence.tokens) > _LONGEST or isinstance(understood, Ask):
        return understood
    if isinstance(understood, Frame) and understood.intent in (*_STUDIED, Intent.DETAIL) and _asks_its_effect(sentence):
        effect = {"intent": Intent.WHAT_IF, "topic": "loadings", "mood": Mood.HYPOTHETICAL, "changes": last.changes}
        return understood.model_copy(update=effect)
    if not isinstance(understood, Frame) or not (_points_back(sentence) or (understood.changes and _adds(sentence))):
        return understood
    if understood.intent is Intent.DETAIL and understood.topic in _OF_ELEMENTS:
        topic = {"intent": Intent.WHAT_IF, "topic": _OF_ELEMENTS[understood.topic]}
        return understood.model_copy(update={**topic, "mood": Mood.HYPOTHETICAL, "changes": last.changes})
    if understood.intent in _TOPICS and not understood.elements:
        topic = {"intent": Intent.WHAT_IF, "topic": _TOPICS[understood.intent]}
        return understood.model_copy(update={**topic, "mood": Mood.HYPOTHETICAL, "changes": last.changes})
    if understood.intent not in _STUDIED:
        return understood
    anew = {c.element or c.group for c in understood.changes}
    kept = tuple(c for c in last.changes if (c.element or c.group) not in anew)
    named = understood.elements if sentence.mentions else ()  # 'is it N-1 secure in that case': what is out already fails no more
    return understood.model_copy(update={"changes": (*kept, *understood.changes), "elements": named})


def _asks_its_effect(sentence: Sentence) -> bool:
    """'How would that change line 54?': of the change studied last; none of its own is spoken."""
    words = [t.word for t in sentence.tokens if t.word[0].isalnum()]
    asked = words[:1] in (["how"], ["what"]) and words[1:2] in (["would"], ["will"], ["does"], ["did"])
    return asked and words[2:3] in (["that"], ["this"]) and bool(sentence.mentions)


def _points_back(sentence: Sentence) -> bool:
    """'In that case', 'for the same situation', 'what are the losses then?'."""
    words = [t.word for t in sentence.tokens if t.word[0].isalnum()]
    if words[-1:] == ["then"] or (sentence.asks and "then" in words[2:]):
        return True
    if words[:2] in (["is", "that"], ["is", "this"], ["would", "that"]) and not sentence.mentions:
        return True  # 'is that N-1 secure?'
    if words[:1] == ["and"] and len(words) <= _FRAGMENT and not sentence.mentions:
        return True  # 'and the voltages?'
    before = zip(sentence.tokens, sentence.tokens[1:], strict=False)
    return any(a.word in _POINTING and b.lemma in _SITUATIONS for a, b in before)


def _adds(sentence: Sentence) -> bool:
    text = f" {' '.join(t.word for t in sentence.tokens)} "
    return any(f" {words} " in text for words in _ADDING)
