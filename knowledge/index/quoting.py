"""Which sentences of a passage answer the question? At most two, word for word."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from knowledge.index.sentences import sentences
from knowledge.index.tokens import concepts, tokens
from knowledge.index.words import Words

AT_MOST = 2
_ENOUGH = 0.25  # share of the question's words with which a sentence is chosen by words alone
_WORTH_ADDING = 0.25  # a second sentence is quoted when it adds at least this share of the first one's worth


Likeness = Callable[[Sequence[str]], Sequence[float] | None]


def unknown(_: Sequence[str]) -> None:
    """Nothing is known of what sentences mean."""


def quote(text: str, question: str, words: Words, likeness: Likeness = unknown) -> str:
    """The sentences that have most of the question, in the order of the text; its beginning where nothing is asked.

    `likeness`: cosines of sentences with the question, or None; asked only where the words leave open which one answers.
    Sentences that do not follow each other are joined by "…".
    """
    told = sentences(text)
    wanted = {token: words.rarity(token) for token in concepts(question)}
    if not wanted:
        return " ".join(told[:AT_MOST])
    first = _best(told, wanted, likeness)
    rest = {token: rarity for token, rarity in wanted.items() if token not in _has(told[first])}
    gains = [_worth(sentence, rest) for sentence in told]
    second = max((at for at in range(len(told)) if at != first), key=lambda at: (gains[at], -abs(at - first)), default=first)
    chosen = sorted({first, second}) if gains[second] >= _WORTH_ADDING * sum(wanted.values()) else [first]
    joint = " " if chosen[-1] - chosen[0] <= 1 else " … "
    return joint.join(told[at] for at in chosen)


def _best(told: Sequence[str], wanted: dict[str, float], likeness: Likeness) -> int:
    """By the share of the question's words; with the meaning where no sentence has enough of them."""
    worth = [_worth(sentence, wanted) / sum(wanted.values()) for sentence in told]
    if max(worth) < _ENOUGH and (alike := likeness(told)) is not None:
        worth = [share + cosine for share, cosine in zip(worth, alike, strict=True)]
    return max(range(len(told)), key=lambda at: (worth[at], -at))


def _worth(sentence: str, wanted: dict[str, float]) -> float:
    has = _has(sentence)
    return sum(rarity for token, rarity in wanted.items() if token in has)


@lru_cache(maxsize=20_000)
def _has(sentence: str) -> frozenset[str]:
    return frozenset(tokens(sentence))
