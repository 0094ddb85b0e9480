"""The numbers after a kind word: '3, 5 and 8-10', '5-6', 'no. 14', 'one to three'."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.brains.embedded.figures import WORDS
from agent.brains.embedded.kinds import kind_at
from agent.brains.embedded.numbers import number_at
from agent.brains.embedded.quantities import unit_at
from agent.brains.embedded.text import Token

_IDLE = frozenset({"no", "no.", "nr", "nr.", "number", "#", "numbers", "nos"})
_SEPARATORS = frozenset({",", "and", "&", "or", "/", "+", "plus", "v", "vs", "versus"})
_THROUGH = frozenset({"to", "through", "thru", "till", "until"})
DASHES = frozenset({"-", "\u2013", "\u2212"})
_WIDEST_RANGE = 60
_COUNTED = frozenset({"run", "sample", "trial", "time", "simulation", "step", "outage", "case"})


@dataclass(frozen=True)
class Identifiers:
    """`items` as written after the kind word ('3', '5-6'); tokens up to `end`; `inner` were not written: they lie inside a range."""

    items: tuple[str, ...]
    end: int
    alternatives: bool = False
    inner: frozenset[str] = frozenset()


def unit_follows(tokens: Sequence[Token], i: int) -> bool:
    """Is the number before token i a quantity ('20 MW', '90 %') and no identifier?"""
    found = unit_at(tokens, i)
    return found is not None and found[0] != "step"


def identifiers(
    tokens: Sequence[Token], i: int, *, plural: bool, is_pair: Callable[[str], bool] = lambda pair: False
) -> Identifiers | None:
    """The identifiers from token i on; None when there is none. `is_pair` says whether '5-6' names a branch by its ends."""
    items: list[str] = []
    inner: frozenset[str] = frozenset()
    alternatives = False
    while i < len(tokens) and tokens[i].word in _IDLE:
        i += 1
    if _hyphenated(tokens, i):
        i += 1
    end = i
    while (one := _one(tokens, i, plural=plural, listed=bool(items), is_pair=is_pair)) is not None:
        items += one.items
        inner |= one.inner
        end = i = one.end
        while i < len(tokens) and tokens[i].word in _SEPARATORS:
            alternatives |= tokens[i].word == "or"
            i += 1
        if i == end:
            break
    return Identifiers(tuple(dict.fromkeys(items)), end, alternatives, inner) if items else None


def _hyphenated(tokens: Sequence[Token], i: int) -> bool:
    """'SGEN-64': the hyphen joins the number to its word; in 'line -1' it is a sign."""
    joined = 0 < i < len(tokens) - 1 and tokens[i].start == tokens[i - 1].end and tokens[i + 1].start == tokens[i].end
    return joined and tokens[i].word in DASHES


def _one(tokens: Sequence[Token], i: int, *, plural: bool, listed: bool, is_pair: Callable[[str], bool]) -> Identifiers | None:
    first = _integer(tokens, i, listed, plural)
    if first is None:
        spelt = number_at(tokens, i) if i < len(tokens) and not (listed or plural) else None  # 'line fifty four'
        both = spelt is not None and spelt[1] == i + 2 and 20 < spelt[0] < 100 and not unit_follows(tokens, i + 2)
        return Identifiers((str(int(spelt[0])),), i + 2) if spelt and both else None
    link = tokens[i + 1].word if i + 1 < len(tokens) else ""
    second = _integer(tokens, i + 2, False, plural) if link in DASHES | _THROUGH else None
    if second is None or (link in _THROUGH and not (plural or listed or (link == "to" and is_pair(f"{first}-{second}")))):
        return Identifiers((str(first),), i + 1)
    pair = f"{first}-{second}{_circuit(tokens, i + 3)}"
    end = i + 3 + (3 if "(" in pair else 0)
    if (link in DASHES and (is_pair(pair) or (not plural and not listed))) or (link == "to" and not plural and not listed):
        return Identifiers((pair,), end)
    if first < second <= first + _WIDEST_RANGE:
        between = frozenset(str(n) for n in range(first + 1, second))
        return Identifiers(tuple(str(n) for n in range(first, second + 1)), i + 3, inner=between)
    return Identifiers((pair,), end)


def _circuit(tokens: Sequence[Token], i: int) -> str:
    """' (2)' of a parallel circuit 'line 5-6 (2)'."""
    words = [t.word for t in tokens[i : i + 3]]
    return f" ({words[1]})" if len(words) == 3 and words[0] == "(" and words[2] == ")" and words[1].isdigit() else ""


def _integer(tokens: Sequence[Token], i: int, listed: bool, plural: bool) -> int | None:
    """The whole number at token i unless it is a quantity or a count ('and 5 transformers')."""
    if i >= len(tokens) or unit_follows(tokens, i + 1):
        return None
    word = tokens[i].word
    if word.lstrip("-").isdigit() and word[0] == "-" and i > 0:
        return None
    if not word.isdigit():
        spelt = word in WORDS and word not in ("hundred", "dozen") and not listed and not plural
        return int(WORDS[word]) if spelt and _ends_phrase(tokens, i + 1) else None
    following = kind_at(tokens, i + 1) if i + 1 < len(tokens) and listed else None
    counted = listed and any(t.form == "s" and t.lemma in _COUNTED for t in tokens[i + 1 : i + 4])  # ', 300 Monte Carlo runs'
    return None if counted or (following and following.plural) else int(word)


def _ends_phrase(tokens: Sequence[Token], i: int) -> bool:
    """A number word is an identifier only where nothing is counted with it: 'line three', not 'line two thirds'."""
    return (
        i >= len(tokens)
        or not tokens[i].text[0].isalpha()
        or tokens[i].lemma
        in (
            "and",
            "or",
            "to",
            "trip",
            "fail",
            "be",
            "open",
            "close",
            "out",
            "go",
            "drop",
            "please",
            "now",
            "off",
            "on",
            "if",
            "because",
            "by",
            "for",
        )
    )
