"""'Do not trip Sgen 64, but what if it goes by itself?': what is asked besides a prohibition?"""

from collections.abc import Sequence

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Frame, Intent, Mood, Understood
from agent.brains.embedded.objects import object_mentions
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_OPENING = word_class("besides.opening")  # 'but', 'just', 'and': stand before the question, mean nothing in it
_ASKING = word_class("besides.asking")
_IMAGINING = word_class("besides.imagining")
NOTHING_ASKED = (Intent.ACT, Intent.KEEP, Intent.DECIDE, Intent.UNBUILT, Intent.OFF_TOPIC, Intent.HELP, Intent.THANKS, Intent.GREETING)
_WANTING, _ONLY = frozenset({"need", "want", "like"}), frozenset({"only", "just", "merely"})
_SHORTEST = 3  # words of a question


def asked_besides(sentence: Sentence, spoken: Sequence[Spoken]) -> str | None:
    """The text behind the last prohibition, where nothing is ordered; None where nothing more is said."""
    uses = [s.use for s in spoken if s.mood is Mood.NEGATED and s.use is not None]
    if not uses or any(s.mood in (Mood.REQUEST, Mood.CONDITIONAL) for s in spoken):
        return None
    start = _clause_begins(sentence, max(_prohibition_ends(sentence, use) for use in uses))
    while start < len(sentence.tokens) and (sentence.tokens[start].word in _OPENING or not sentence.tokens[start].word[0].isalnum()):
        start += 1
    rest = sentence.tokens[start:]
    asks = rest[:1] and (rest[0].word in _ASKING or any(t.word == "?" for t in rest) or _wants_to_know(sentence, start))
    if not asks or sum(t.word[0].isalnum() for t in rest) < _SHORTEST:
        return None
    return sentence.text[rest[0].start :]


def _prohibition_ends(sentence: Sentence, use: VerbUse) -> int:
    """Behind the verb and its objects; what follows 'just tell me' in 'don't switch, just tell me whether line 14 is in use' is none."""
    limit = _clause_begins(sentence, use.end)
    return max((m.end for m in object_mentions(sentence, use) if m.end <= limit), default=use.end)


def _wants_to_know(sentence: Sentence, start: int) -> bool:
    """'I only want to know whether line 14 is in use', 'I only need its loading'."""
    opening = [t.word for t in sentence.tokens[start : start + 7]]
    wanting = "know" in opening or (not _WANTING.isdisjoint(opening) and not _ONLY.isdisjoint(opening))
    return bool(opening) and opening[0] in ("i", "we") and wanting and "not" not in opening


def is_of_forbidden(asked: Sentence, understood: Understood) -> bool:
    """'... but what if we did', '... just whether the others could cover for it': is the question what the forbidden would do?"""
    vague = not isinstance(understood, Frame) or understood.intent in (*NOTHING_ASKED, Intent.DETAIL)
    return vague and not asked.mentions and not _IMAGINING.isdisjoint(asked.words)


def _clause_begins(sentence: Sentence, i: int) -> int:
    """The next clause: behind a full stop, or where an opening word or a question follows a comma, a dash or nothing."""
    while i < len(sentence.tokens):
        token = sentence.tokens[i]
        if token.ends_sentence or token.word == ";" or (token.word in _OPENING and token.word not in ("and", "or")):
            return i
        follows = sentence.tokens[i + 1].word if i + 1 < len(sentence.tokens) else ""
        if token.word in (",", "-", ":", "and") and (follows in _OPENING or follows in _ASKING or _wants_to_know(sentence, i + 1)):
            return i
        i += 1
    return i
