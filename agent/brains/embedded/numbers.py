"""Numbers in figures and in words: '12', 'twelve', 'a dozen', 'half', 'a third', 'twenty five'."""

import re
from collections.abc import Sequence

from agent.brains.embedded.text import Token

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
WORDS: dict[str, float] = {
    **{word: float(i) for i, word in enumerate(_ONES.split())},
    **{word: 10.0 * i for i, word in enumerate(_TENS.split(), start=2)},
    "hundred": 100.0,
    "dozen": 12.0,
}
FRACTIONS: dict[str, float] = {
    "half": 1 / 2,
    "third": 1 / 3,
    "thirds": 1 / 3,
    "quarter": 1 / 4,
    "quarters": 1 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
}
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
    if following == "hundred":
        return value * 100.0, i + 2
    return value, i + 1


def fraction_at(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """The same for a share: 'half', 'a third', 'two thirds', 'three quarters'."""
    word = tokens[i].word
    if word in ("half", "quarter"):  # "third" alone is an ordinal
        return FRACTIONS[word], i + 1
    following = tokens[i + 1].word if i + 1 < len(tokens) else ""
    if word in ("a", "one", "by") and following in FRACTIONS:
        return FRACTIONS[following], i + 2
    if word in ("two", "three") and following in ("thirds", "quarters"):
        return WORDS[word] * FRACTIONS[following], i + 2
    return None


def ordinal(token: Token) -> int | None:
    """1 for 'first' and '1st'; None for anything else."""
    match = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", token.word)
    return int(match.group(1)) if match else ORDINALS.get(token.word)


_UNDER_TEN = "|".join(_ONES.split()[1:10])
# a number in running text, in figures or in words: '2.5', '1,5', 'twenty five', 'two'
SAID = rf"(?:\d+(?:[.,]\d+)?|(?:{'|'.join(_TENS.split())})(?:[ -](?:{_UNDER_TEN}))?|{'|'.join(sorted(WORDS, key=len, reverse=True))})"


def said(text: str) -> float:
    """The value of what SAID matched."""
    if text[0].isdigit():
        return float(text.replace(",", "."))
    return sum(WORDS[word] for word in re.split(r"[ -]", text))
