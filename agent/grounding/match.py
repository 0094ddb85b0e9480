"""Does a fact of this turn say what a claim says? Value, unit, subject and field must agree."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from agent.answer import Evidence
from agent.grounding.claims import Claim
from agent.grounding.facts import Fact
from agent.grounding.formats import COUNT, Unit, agrees, convert
from agent.grounding.numerals import Reading
from agent.grounding.paths import BESIDE_UNIT
from agent.grounding.words import DIRECTION, ENDS, MARKED, POWERS, QUANTITIES, SUPERLATIVE, TIMES, words_of_field, words_of_text

_WHOLES = ("cases", "of_buses", "branches")
_AFTER = re.compile(r"\bafter\s+$")
_HEAD = re.compile(r"\b([a-z-]+)\s+(?:(?:is|are|was|were|of|at|to|by|becomes?|be|now|about|amounts?|total(?:s|led)?)\s+)+$", re.IGNORECASE)
_NEEDS_ITS_WORD = ("id", "tap", "tap_min", "tap_max", "step", "max_step", "severity")  # small whole numbers that count nothing


def supported_by(claim: Claim, facts: Sequence[Fact]) -> Evidence | None:
    """The evidence for a claim, or None. A claim without a subject may be any element's, when its words fit."""
    candidates = list(_of_equal_value(claim, facts))
    for subject in claim.subjects or (frozenset[str](),):
        for fact, reading in candidates:
            if _fits(claim, subject, fact, facts):
                unit = claim.unit or fact.unit
                return Evidence(text=claim.numeral.text, value=reading.value, unit=unit.name, tool_call=fact.call, path=fact.path)
    return None


def has_value(claim: Claim, facts: Sequence[Fact]) -> bool:
    """Whether any fact holds this number, whatever it is about."""
    return any(True for _ in _of_equal_value(claim, facts))


def _of_equal_value(claim: Claim, facts: Iterable[Fact]) -> Iterator[tuple[Fact, Reading]]:
    for fact in facts:
        for reading in claim.numeral.readings:
            if says(fact.value, fact.unit, reading, claim.unit):
                yield fact, reading
                break


def says(value: float, unit: Unit, reading: Reading, written: Unit | None) -> bool:
    """Equal after conversion and rounding. Without a unit only a count, or a number with decimals, can be meant."""
    if written is None:
        return (unit is COUNT or reading.decimals > 0) and agrees(value, reading.value, reading.decimals)
    converted = convert(value, unit, written)
    return converted is not None and agrees(converted, reading.value, reading.decimals)


def _fits(claim: Claim, subject: frozenset[str], fact: Fact, facts: Sequence[Fact]) -> bool:
    field = fact.path.rpartition(".")[2]
    explained = fact.words & claim.words
    if claim.whole:
        return fact.unit is COUNT and (field in (*_WHOLES, "total") or fact.path.startswith(("counts.", "length(")))
    if claim.part and field in _WHOLES:
        return False
    if fact.unit.name == "kV" and "nominal" in fact.words:
        return True  # a voltage level, said of whatever stands at it
    if field in _NEEDS_ITS_WORD and not explained:
        return False
    if "slack" in fact.words and claim.words & DIRECTION and not explained & DIRECTION:
        return False
    if "limit" in explained and not subject & fact.subjects and any(_own_limit(f, subject, fact) for f in facts):
        return False
    if _opposite(claim, fact) or _of_another_quantity(claim, subject, fact, facts):
        return False

    def beaten(among: Callable[[Fact], bool], by: Callable[[Fact], bool]) -> bool:
        """Whether a fact of the same unit, and of another value, is what the words say rather."""
        rivals = (f for f in facts if f.unit == fact.unit and among(f) and by(f))
        return any(_comparable(fact, f) and not _same(claim, f) for f in rivals)

    def better(rival: Fact) -> bool:
        return _better(claim, rival, fact)

    if not subject:
        total = bool(fact.subjects) and fact.path.startswith("length(")  # one case's count is not what "0 outages overload a branch" tells
        return not (beaten(lambda f: True, better) or (total and beaten(lambda f: not f.subjects, lambda f: _as_well(claim, f, explained))))
    if subject & fact.subjects:
        return not beaten(lambda f: bool(f.subjects & fact.subjects & subject), better)
    if not _told_of(claim, subject, fact, explained) or beaten(lambda f: f.scope == fact.scope, better):
        return False
    total = fact.unit is COUNT and not fact.subjects and "[" not in fact.path
    if total and beaten(lambda f: bool(subject & (f.subjects | f.mentioned)), lambda f: f.words & claim.words >= explained):
        return False  # "losing it leaves 20 violations": it leaves 7, all of them 20
    return not beaten(lambda f: not f.subjects, lambda f: f.words & claim.words > explained)


def _of_another_quantity(claim: Claim, subject: frozenset[str], fact: Fact, facts: Sequence[Fact]) -> bool:
    """ "Loaded to 0.534 kA": in front of the number stands what the element's loading is called, and that is in another unit."""
    if claim.unit and claim.unit.quantity != "time" and _AFTER.search(claim.before):
        return True  # "after 49.6 Hz"
    head = _HEAD.search(claim.before)
    named = words_of_text(claim.before) & QUANTITIES | (words_of_text(head[1]) & POWERS if head else frozenset())
    ends = words_of_text(claim.after) & ENDS
    near = [f for f in facts if f.call == fact.call and f.unit != fact.unit and (f.subjects & subject if subject else not f.subjects)]
    return (bool(named) and not own_words(fact) & named and any(own_words(f) & named for f in near)) or (
        bool(ends) and not fact.words & ends and any(f.words & ends for f in near)
    )


def _own_limit(fact: Fact, subject: frozenset[str], other: Fact) -> bool:
    """A limit that is told of the subject itself: then no other limit is meant."""
    return fact.call == other.call and bool(fact.subjects & subject) and fact.path.rpartition(".")[2] in ("limit", "allowed")


def own_words(fact: Fact) -> frozenset[str]:
    """What the field itself is called; a list's name is not said of every field of its rows."""
    field = fact.path.removesuffix(")").rpartition(".")[2]
    return fact.words if field in BESIDE_UNIT else words_of_field(field) & fact.words


def _opposite(claim: Claim, fact: Fact) -> bool:
    """Whether the text says highest and the fact lowest, or the other way round."""
    said, true = claim.words & SUPERLATIVE, fact.words & SUPERLATIVE
    return len(said) == 1 and len(true) == 1 and said != true


def _comparable(fact: Fact, other: Fact) -> bool:
    """Facts of one call compete for a claim; those of two calls where they are the same field before and after a change."""
    return other.call == fact.call or (other.path == fact.path and bool(other.words & TIMES) and bool(fact.words & TIMES))


def _told_of(claim: Claim, subject: frozenset[str], fact: Fact, explained: frozenset[str]) -> bool:
    """Whether a value that is not the subject's own can still be told in a sentence about it: the words must say what it is."""
    if "limit" in explained:
        return True  # a limit may be told beside whatever it limits
    if not explained or not (fact.words & SUPERLATIVE <= explained or "before" in explained):
        return False
    if subject & fact.mentioned:
        return True
    if subject & fact.context:
        return not fact.subjects or bool(explained & SUPERLATIVE)
    return not fact.subjects and not claim.attached


def _same(claim: Claim, fact: Fact) -> bool:
    return any(says(fact.value, fact.unit, reading, claim.unit) for reading in claim.numeral.readings)


def _as_well(claim: Claim, rival: Fact, explained: frozenset[str]) -> bool:
    """Whether the words fit another fact no worse, and nothing in its name speaks against it."""
    return rival.words & claim.words >= explained and not (rival.words - claim.words) & MARKED


def _better(claim: Claim, rival: Fact, fact: Fact) -> bool:
    """Whether the words fit another field of another value better: "lost load" said of the lost generation."""
    explained, by_rival = fact.words & claim.words, rival.words & claim.words
    if by_rival == explained:
        return (rival.words - claim.words) & MARKED < (fact.words - claim.words) & MARKED
    return by_rival > explained
