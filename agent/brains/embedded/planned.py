"""'Line 22 will be disconnected this afternoon; we would like to know whether the limits are kept': a question about what is planned."""

from collections.abc import Sequence

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_PLANNING = word_class("planned.planning")
_ASKING = word_class("planned.asking")


def asks_of_the_planned(sentence: Sentence, uses: Sequence[VerbUse]) -> bool:
    """Another sentence of the message asks, or what is announced is followed by a question told indirectly."""
    if not uses:
        return False
    return _another_asks(sentence, uses) or (_is_announced(sentence, uses) and _asks_indirectly(sentence, uses))


def _another_asks(sentence: Sentence, uses: Sequence[VerbUse]) -> bool:
    """'The crew will take line 30 out. Would anything be overloaded?'"""
    ends = [i for i, t in enumerate(sentence.tokens) if t.word == "?"]
    asking = {sentence.bounds(i)[0] for i in ends}
    return bool(asking - {sentence.bounds(use.start)[0] for use in uses})


def _is_announced(sentence: Sentence, uses: Sequence[VerbUse]) -> bool:
    """'Will be disconnected', 'we intend to switch off', 'is going to be out'."""
    return any(_PLANNING & {t.lemma, t.word} for use in uses for t in sentence.tokens[sentence.bounds(use.start)[0] : use.start])


def _asks_indirectly(sentence: Sentence, uses: Sequence[VerbUse]) -> bool:
    """'... so tell us whether', '... we want to know how'."""
    return any(t.word in _ASKING for t in sentence.tokens[min(use.end for use in uses) :])
