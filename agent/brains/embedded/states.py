"""Where does a sentence say that an element is out or in service: 'line 14 is out', 'with line 14 open', 'without line 14'?"""

from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_OUT = word_class("states.out")
_IN = word_class("states.in")
_NEED_SERVICE = frozenset(("in", "on", "down", "back"))  # 'on bus 5' and 'in the north' say nothing about service
_SETTING = ("verb:set", "verb:put", "verb:raise", "verb:lower")
_SKIPPED = word_class("states.skipped")


def state_at(sentence: Sentence, i: int) -> tuple[str, int] | None:
    """(be_out or be_in, token of the word that says so) when such a statement begins at token i."""
    word = sentence.tokens[i].word
    if word == "without":
        named = i + 2 if i + 2 < len(sentence.tokens) and sentence.tokens[i + 1].word == "the" else i + 1
        return ("be_out", i) if named < len(sentence.tokens) and sentence.mention_at(named) else None
    if sentence.tokens[i].lemma == "be":
        return _predicate(sentence, i + 1)
    subject_end = i - 1 if i and sentence.tokens[i - 1].word in ("both", "all") else i  # 'with line 14 and line 15 both open'
    kept = i > 1 and sentence.tokens[i - 1].word in ("it", "them") and sentence.tokens[i - 2].lemma in ("leave", "keep")
    meaning = _meaning(sentence, i) if kept or any(m.end == subject_end for m in sentence.mentions) else None
    return (meaning, i) if meaning else None


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
    if word == "on" and not sentence.words.isdisjoint(("what", "which", "where")):
        return None  # 'what tap is trafo 3 on?'
    if word == "down" and any(h.concept in _SETTING and h.start < i for h in sentence.hits):
        return None  # 'tap trafo 2 down'
    if word in _NEED_SERVICE and not (following in ("service", "operation") or not following[0].isalnum()):
        return None
    return "be_out" if word in _OUT else "be_in" if word in _IN else None
