"""What does a text claim with each of its numbers: of which element, and of what?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.grounding.formats import UNIT_PATTERN, Unit, unit_named
from agent.grounding.layout import Stretch, stretches
from agent.grounding.names import Mention, Span, covered
from agent.grounding.neighbours import BREAK, Neighbours
from agent.grounding.numerals import Numeral, find_numerals
from agent.grounding.words import words_of_text

_FIRMLY = re.compile(r"\s*(?:(?:of|in)\s+\w+\s+)?(?:on|at|in)\s+(?:the\s+)?|\s*\(")  # "78.6 % on X", "78.6 % (X)"
_LOOSELY = re.compile(r"\s*(?:[a-z]+\s+){0,4}(?:of|for|by|through|across|when|if|after)\s+(?:the\s+)?")
_PRONOUN = re.compile(r"\W*(?:it|its|this|that|they|their|these|both)\b", re.IGNORECASE)
_RANK = re.compile(r"\W*(?:rank|no|nr|place|position|#)?\W*", re.IGNORECASE)  # the head of a column that only counts its rows
_HEAD_UNIT = re.compile(rf"[\[(,]\s*({UNIT_PATTERN})\s*[\])]?\s*$|\s({UNIT_PATTERN})\s*$")


@dataclass(frozen=True)
class Claim:
    """`subjects`: the elements it may speak of, the likeliest first, none where the text names none.

    `attached`: nothing parts the number from the name before it. `part` and `whole`: the 20 and the 104 of "20 of 104".
    """

    numeral: Numeral
    unit: Unit | None
    subjects: tuple[frozenset[str], ...]
    attached: bool
    part: bool
    whole: bool
    words: frozenset[str]
    before: str
    after: str


def find_claims(text: str, mentions: Sequence[Mention], masked: Sequence[Span], *, in_words: bool = False) -> Iterator[Claim]:
    """Every number outside the masked spans and the names, with the subject and the words that belong to it."""
    named = covered(len(text), (m.span for m in mentions))
    silent = covered(len(text), masked)
    found = find_numerals(text, in_words=in_words)
    numerals = [n for n in found if not any(silent[slice(*n.span)]) and not any(named[slice(*n.span)])]
    # Names hidden: the "Load" of "HV1 Load 7" is no word about a number.
    blank = "".join("\x00" if hidden else letter for letter, hidden in zip(text, named, strict=True))
    for stretch in stretches(text):
        here = Neighbours(blank, stretch.span, [n for n in numerals if stretch.span[0] <= n.span[0] < stretch.span[1]])
        ranks = stretch.head is not None and stretch.span[0] == (stretch.first or (0, 0))[0] and _RANK.fullmatch(text, *stretch.head)
        for i in range(0 if ranks else len(here.numerals)):
            yield _claim(blank, stretch, here, i, mentions)


def _claim(text: str, stretch: Stretch, here: Neighbours, i: int, mentions: Sequence[Mention]) -> Claim:
    numeral = here.numerals[i]
    head = text[slice(*stretch.head)] if stretch.head else ""
    first = text[slice(*stretch.first)] if stretch.first and stretch.first != stretch.span else ""
    subjects, attached = _subjects(text, stretch, numeral.span, here.end_of_gap(i), mentions)
    before, after = here.words_around(i)
    return Claim(
        numeral=numeral,
        unit=here.unit(i) or _unit_in(head),
        subjects=subjects,
        attached=attached,
        part=here.is_whole(i + 1),
        whole=here.is_whole(i),
        words=(words_of_text(f"{before} {after}") - {"limit"}) | words_of_text(f"{head} | {first}") | here.words_of_place(i),
        before=before,
        after=after,
    )


def _unit_in(head: str) -> Unit | None:
    found = _HEAD_UNIT.search(head.rstrip(" *"))
    return unit_named(found[1] or found[2]) if found else None


def _subjects(text: str, stretch: Stretch, at: Span, end: int, mentions: Sequence[Mention]) -> tuple[tuple[frozenset[str], ...], bool]:
    """The element named nearest before, unless the number is told to stand on another one; else what the context names."""
    area = stretch.row or stretch.span
    before = [m for m in mentions if area[0] <= m.span[0] < at[0]]
    after = [m for m in mentions if at[1] <= m.span[0] < area[1]]
    if after and after[0].span[0] < end and not stretch.row:
        gap = text[at[1] : after[0].span[0]]
        if _FIRMLY.fullmatch(gap):
            return (after[0].elements,), True
        if _LOOSELY.fullmatch(gap) and before:
            return (after[0].elements, before[-1].elements), False
    if before:
        return (before[-1].elements,), not (stretch.row or BREAK.search(text, before[-1].span[1], at[0]))
    if after:
        return (after[0].elements,), False
    return _from_context(text, stretch, mentions), False


def _from_context(text: str, stretch: Stretch, mentions: Sequence[Mention]) -> tuple[frozenset[str], ...]:
    """A cell's column head, the line above a list, or the sentence that "it" refers to."""
    earlier = stretch.previous if _PRONOUN.match(text, *stretch.span) else None
    for span in (stretch.head, stretch.above, earlier):
        found = [m.elements for m in mentions if span and span[0] <= m.span[0] < span[1]]
        if found:
            return tuple(found)
    return ()
