"""Is every element of a kind meant at once: 'all three external grids are lost', 'every infeed at the same time'?"""

import re

from agent.brains.embedded.kinds import KindWord
from agent.brains.embedded.numbers import number_at
from agent.brains.embedded.sentence import Sentence
from grid_models.twin.registry import Registry

_BEFORE = 4  # words between 'all' and its kind: 'all of our three infeeds'
_AT_ONCE = re.compile(r"\b(?:at once|together|simultaneously|at the same (?:time|moment))\b", re.IGNORECASE)
_ONE_OF = frozenset({"any", "each", "one", "single", "which", "whichever", "worst", "either"})


def all_of_a_kind(sentence: Sentence, registry: Registry) -> tuple[str, ...]:
    """Their names; () where one of them is meant, or where another number is said than there are."""
    if not _ONE_OF.isdisjoint(sentence.words):
        return ()
    for kind in sentence.kinds:
        names = tuple(e.name for e in registry.elements if e.kind in kind.kinds)
        if kind.plural and _is_whole(sentence, kind, len(names)):
            return names
        if _AT_ONCE.search(sentence.text) and any(t.word == "every" for t in sentence.tokens[max(kind.start - _BEFORE, 0) : kind.start]):
            return names
    return ()


def _is_whole(sentence: Sentence, kind: KindWord, count: int) -> bool:
    """'All' or 'both' stands before the kind, and a number beside it is theirs."""
    before = sentence.tokens[max(kind.start - _BEFORE, 0) : kind.start]
    words = [t.word for t in before]
    if "both" in words:
        return count == 2
    if "all" not in words:
        return False
    said = [n[0] for i in range(words.index("all") + 1, len(words)) if (n := number_at(before, i))]
    return not said or said == [float(count)]
