"""Numbers in figures and in words: '12', 'twelve', 'a dozen', 'half', 'a third', 'twenty five'."""

import re
from collections.abc import Sequence

from agent.brains.embedded.figures import WORDS
from agent.brains.embedded.text import Token

_SCALES = {"hundred": 100.0, "thousand": 1000.0}
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
    whole = _in_words(tokens, i)
    return whole and (_with_decimals(tokens, *whole) or whole)


def _in_words(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """'twenty five', 'one hundred and twenty', 'a thousand', 'fifteen hundred': the whole of it, never a piece."""
    first = 1.0 if tokens[i].word == "a" and _word(tokens, i + 1) in _SCALES else WORDS.get(tokens[i].word)
    if first is None:
        return None
    total, part, k = 0.0, first, i + 1
    while k < len(tokens):
        word = tokens[k].word
        follows = WORDS.get(_word(tokens, k + 1), 1000.0) < 100 if word == "and" and (part >= 100 or total) else False
        if word in _SCALES:
            part *= _SCALES[word]
            total, part = (total + part, 0.0) if word == "thousand" else (total, part)
        elif follows:
            part += WORDS[tokens[k + 1].word]
            k += 1
        elif _may_follow(WORDS.get(word), part):
            part += WORDS[word]
        else:
            break
        k += 1
    return total + part, k


def _may_follow(value: float | None, part: float) -> bool:
    """Ones after tens, tens and ones after hundreds: 'twenty five', but 'five six' are two numbers."""
    return value is not None and ((value < 10 <= part and part % 10 == 0 and part >= 20) or (value < 100 <= part and part % 100 == 0))


def _with_decimals(tokens: Sequence[Token], whole: float, end: int) -> tuple[float, int] | None:
    """'one point two', 'zero point nine five'."""
    digits = ""
    k = end + 1
    while _word(tokens, end) == "point" and k < len(tokens) and 0 <= WORDS.get(tokens[k].word, -1.0) < 10:
        digits, k = digits + f"{WORDS[tokens[k].word]:.0f}", k + 1
    return (whole + float(f"0.{digits}"), k) if digits else None


def _word(tokens: Sequence[Token], i: int) -> str:
    return tokens[i].word if i < len(tokens) else ""


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
