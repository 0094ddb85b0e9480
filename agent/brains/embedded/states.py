"""Where does a sentence say that an element is out or in service: 'line 14 is out', 'with line 14 open', 'without line 14'?"""

from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_OUT = word_class("states.out")
_IN = word_class("states.in")
_NEED_SERVICE = frozenset(("in", "on", "down", "back"))  # 'on bus 5' and 'in the north' say nothing about service
_SETTING = ("verb:set", "verb:put", "verb:raise", "verb:lower")
_SERVICE = frozenset({"service", "operation"})
_MAINTENANCE = frozenset({"maintenance", "repair", "outage", "overhaul"})
_WORKS = _MAINTENANCE - {"outage"} | {"inspection", "revision", "service"}
_DURING = frozenset({"during", "throughout"})
_PRONOUNS = frozenset({"it", "them", "both"})
_SKIPPED = word_class("states.skipped")
_OF_SEVERAL = frozenset({"both", "all"})


def state_at(sentence: Sentence, i: int) -> tuple[str, int] | None:
    """(be_out or be_in, token of the word that says so) when such a statement begins at token i."""
    word = sentence.tokens[i].word
    if word in _DURING:
        return ("be_out", i) if _works_on(sentence, i + 1) else None
    if word == "without":
        if i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].word in _PRONOUNS:
            return "be_out", i
        named = i + 2 if i + 2 < len(sentence.tokens) and sentence.tokens[i + 1].word == "the" else i + 1
        return ("be_out", i) if named < len(sentence.tokens) and sentence.mention_at(named) else None
    if sentence.tokens[i].lemma == "be":
        return _predicate(sentence, i + 1)
    subject = i
    if subject and sentence.tokens[subject - 1].word in _OF_SEVERAL:  # 'line 3 and line 5, both out'
        subject -= 2 if sentence.tokens[max(subject - 2, 0)].word == "," else 1
    kept = i > 1 and sentence.tokens[i - 1].word in ("it", "them") and sentence.tokens[i - 2].lemma in ("leave", "keep")
    meaning = _meaning(sentence, i) if kept or any(m.end == subject for m in sentence.mentions) else None
    return (meaning, i) if meaning else None


def _works_on(sentence: Sentence, i: int) -> bool:
    """'The maintenance of line 14', 'repairs on trafo 2'."""
    if i < len(sentence.tokens) and sentence.tokens[i].word in ("the", "planned"):
        i += 1
    words = [t.lemma for t in sentence.tokens[i : i + 2]]
    named = i + 3 if [t.word for t in sentence.tokens[i + 2 : i + 3]] == ["the"] else i + 2
    return len(words) == 2 and words[0] in _WORKS and words[1] in ("of", "on", "at") and sentence.mention_at(named) is not None


def _predicate(sentence: Sentence, i: int) -> tuple[str, int] | None:
    """The state after a form of 'be', the subject skipped where it stands between ('is line 14 open')."""
    end, negative = sentence.bounds(i)[1] if i < len(sentence.tokens) else i, False
    while i < end and (sentence.mention_at(i) or sentence.tokens[i].word in (*_SKIPPED, "not", ",", "it", "that", "they")):
        negative |= sentence.tokens[i].word == "not"
        i += 1
    meaning = _meaning(sentence, i) if i < end else None
    if meaning is None:
        return None
    opposite = {"be_out": "be_in", "be_in": "be_out"}
    return (opposite[meaning] if negative else meaning), i


def _meaning(sentence: Sentence, i: int) -> str | None:
    word = sentence.tokens[i].word
    following = sentence.tokens[i + 1].word if i + 1 < len(sentence.tokens) else "."
    service = {t.word for t in sentence.tokens[i + 2 : i + 3]} & _SERVICE
    if word == "back" and following in ("in", "into", "to") and service:
        return "be_in"
    if word in ("on", "under", "in") and following in _MAINTENANCE:
        return "be_out"
    if word == "on" and not sentence.words.isdisjoint(("what", "which", "where")):
        return None  # 'what tap is trafo 3 on?'
    moved = any(h.concept in _SETTING and h.start < i for h in sentence.hits) or any(t.lemma == "get" for t in sentence.tokens[:i])
    if word == "down" and moved:
        return None  # 'tap trafo 2 down', 'get line 14 down'
    if word in _NEED_SERVICE and (following == "°" or (following[0].isalnum() and following not in ("service", "operation"))):
        return None
    return "be_out" if word in _OUT else "be_in" if word in _IN else None
