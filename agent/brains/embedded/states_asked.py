"""'Which lines are switched off?', 'are any loads shed?': a state of some elements of a kind, no change of one."""

from collections.abc import Sequence

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_ASKING = word_class("states_asked.asking")
_ACTING = frozenset({"to", "i", "we", "you", "and", "please"})
_SUPPOSING = frozenset({"if", "when", "after", "with", "would", "should", "must", "can", "could", "need", "have"})


def asks_for_a_state(sentence: Sentence, spoken: Sequence[Spoken]) -> bool:
    """Every change is a participle without an object, of elements that the sentence asks for by their kind."""
    participles = all(s.change.needs_target and _is_predicate(sentence, s) for s in spoken)
    asked = bool(sentence.kinds) and not sentence.mentions and sentence.tokens[0].word in _ASKING
    return bool(spoken) and participles and asked and sentence.words.isdisjoint(_SUPPOSING) and not sentence.has("hypothetical")


def _is_predicate(sentence: Sentence, one: Spoken) -> bool:
    """A form of 'be' stands before it: 'are switched off', 'are shed'; 'which lines tripped' is told of the past."""
    use = one.use
    if use is None or use.form not in ("ed", "base") or sentence.tokens[use.start - 1].word in _ACTING:
        return False
    return any(t.lemma == "be" for t in sentence.tokens[sentence.bounds(use.start)[0] : use.start])
