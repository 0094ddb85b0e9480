"""Which sentences of a passage answer the question? At most two, word for word."""

from collections.abc import Sequence
from functools import lru_cache

from knowledge.index.sentences import sentences
from knowledge.index.tokens import concepts, tokens
from knowledge.index.words import Words

AT_MOST = 2
_WORTH_ADDING = 0.25  # a second sentence is quoted when it adds at least this share of the first one's worth


def quote(text: str, question: str, words: Words, cosines: Sequence[float] = ()) -> str:
    """The sentences that have most of the question, in the order of the text; its beginning where they have nothing of it.

    `cosines`: of the sentences with the question, where the meaning is known. Sentences that do not follow each other are joined by "…".
    """
    told = sentences(text)
    wanted = {token: words.rarity(token) for token in concepts(question)}
    if not wanted:
        return " ".join(told[:AT_MOST])
    first = _best(told, wanted, cosines)
    rest = {token: rarity for token, rarity in wanted.items() if token not in _has(told[first])}
    gains = [_worth(sentence, rest) for sentence in told]
    second = max((at for at in range(len(told)) if at != first), key=lambda at: (gains[at], -abs(at - first)), default=first)
    chosen = sorted({first, second}) if gains[second] >= _WORTH_ADDING * max(sum(wanted.values()), 1e-9) else [first]
    joint = " " if chosen[-1] - chosen[0] <= 1 else " … "
    return joint.join(told[at] for at in chosen)


def _best(told: Sequence[str], wanted: dict[str, float], cosines: Sequence[float]) -> int:
    """Words and meaning count alike: share of the question's words, and cosine."""
    total = sum(wanted.values())
    worth = [_worth(sentence, wanted) / total + (cosines[at] if cosines else 0.0) for at, sentence in enumerate(told)]
    return max(range(len(told)), key=lambda at: (worth[at], -at))


def _worth(sentence: str, wanted: dict[str, float]) -> float:
    has = _has(sentence)
    return sum(rarity for token, rarity in wanted.items() if token in has)


@lru_cache(maxsize=20_000)
def _has(sentence: str) -> frozenset[str]:
    return frozenset(tokens(sentence))
