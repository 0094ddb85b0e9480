"""Numbers in figures and in words: '12', 'twelve', 'a dozen', 'half', 'a third', 'twenty five'."""

import re
from collections.abc import Sequence

from agent.brains.embedded.figures import WORDS
from agent.brains.embedded.text import Token

FRACTIONS: dict[str, float] = {
    "half": 1 / 2,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 1 / 4,
    "quarters": 1 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
}
_SPANS = frozenset({"hour", "minute", "second", "day", "year"})
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
ORDINALS: dict[str, int] = {word: i for i, word in enumerate(_ORDINALS.split(), start=1)}


def number_at(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """(value, index of the token after it) of the number that begins at token i; None when none does."""
    token = tokens[i]
    if token.is_number:
        return float(token.word), i + 1
    if token.word in ("minus", "negative") and i + 1 < len(tokens) and (rest := number_at(tokens, i + 1)):
        return -rest[0], rest[1]
    if token.word not in WORDS:
        return None
    value, following = WORDS[token.word], tokens[i + 1].word if i + 1 < len(tokens) else ""
    if value >= 20 and following in WORDS and WORDS[following] < 10:
        return value + WORDS[following], i + 2
    return value, i + 1


def fraction_at(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """The same for a share: 'half', 'a third', 'two thirds', 'three quarters'."""
    word = tokens[i].word
    if _is_of_time(tokens, i + 1):
        return None
    if word in ("half", "quarter"):  # "third" alone is an ordinal
        return FRACTIONS[word], i + 1
    following = tokens[i + 1].word if i + 1 < len(tokens) else ""
    if word in ("a", "one", "by") and following in FRACTIONS:
        return FRACTIONS[following], i + 2
    if word in ("two", "three") and following in ("thirds", "quarters"):
        return WORDS[word] * FRACTIONS[following], i + 2
    return None


def _is_of_time(tokens: Sequence[Token], i: int) -> bool:
    """'The past half hour', 'a quarter of an hour'."""
    while i < len(tokens) and tokens[i].word in ("a", "an", "of", *FRACTIONS):
        i += 1
    return i < len(tokens) and tokens[i].lemma in _SPANS


def ordinal(token: Token) -> int | None:
    """1 for 'first' and '1st'; None for anything else."""
    match = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", token.word)
    return int(match.group(1)) if match else ORDINALS.get(token.word)
