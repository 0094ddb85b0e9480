"""A branch that is named by its ends alone: 'the 16-19 line', 'both 89-92 circuits', 'tie 26-27', 'what flows from 4 to 14'."""

from dataclasses import replace

from agent.brains.embedded.bare_numbers import is_switched
from agent.brains.embedded.identifiers import DASHES, unit_follows
from agent.brains.embedded.kinds import KindWord, Mention, kind_at
from agent.brains.embedded.numbers import ordinal
from agent.brains.embedded.phrases import Phrases
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind
from grid_models.twin.resolve import Resolution

_BRANCHES = (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING)
_JOINTS = word_class("ends_alone.joints")  # 'the corridor between 16 and 19'
_FLOWING = word_class("ends_alone.flowing")
_COUNTED = word_class("ends_alone.counted")  # '2-3 remedies'
_NUMBERED = word_class("ends_alone.numbered")  # 'tap 3-4'
_TIMES = word_class("ends_alone.times")
_CIRCUITS = frozenset({"circuit", "cct", "ckt"})
_LONGEST_ENDS = 8  # tokens of 'HV1 Bus 149 and HV1 Bus 150'


def branch_by_ends(phrases: Phrases, i: int) -> Mention | None:
    """The branch whose ends, or whose word for a connection, begin at token i; None where the numbers mean anything else."""
    pair = i
    while phrases.lemma(pair) in _JOINTS:
        pair += 1
    kind = kind_at(phrases.tokens, pair) if pair > i else None  # 'tie line 26-27'
    if kind and set(kind.kinds) <= set(_BRANCHES):
        pair = kind.end
    return _written_pair(phrases, i, pair) or _said_between(phrases, i, pair)


def _written_pair(phrases: Phrases, start: int, i: int) -> Mention | None:
    """'16-19', '89-92 (2)', '21/22 line', '16 to 19 line': whole numbers of two ends, and nothing that makes a range or a count of them."""
    link = phrases.word(i + 1)
    if not (phrases.is_number(i) and phrases.is_number(i + 2)) or link not in (*DASHES, "/", "to"):
        return None
    end = i + 3
    if phrases.word(end) == "(" and phrases.is_number(end + 1) and phrases.word(end + 2) == ")":
        end += 3
    kind = kind_at(phrases.tokens, end)
    branch = kind if kind and set(kind.kinds) <= set(_BRANCHES) else None
    if (link in ("/", "to") and branch is None and start == i) or _is_amount(phrases, i, end) or (kind is not None and branch is None):
        return None
    return _joined(phrases, start, end, phrases.written(i, end).replace("/", "-").replace(" to ", "-"), branch)


def _is_amount(phrases: Phrases, i: int, end: int) -> bool:
    """'10-15 minutes', 'tap 3-4', '2-3 remedies', '2016-08-12', '14:00-15:00'."""
    around = {phrases.word(i - 1), phrases.word(end)}
    counted = end < len(phrases.tokens) and phrases.tokens[end].form == "s" and phrases.lemma(end) in _COUNTED
    timed = phrases.lemma(end) in _TIMES
    return unit_follows(phrases.tokens, end) or counted or timed or phrases.lemma(i - 1) in _NUMBERED or bool(around & {*DASHES, ":", "/"})


def _joined(phrases: Phrases, start: int, end: int, pair: str, kind: KindWord | None) -> Mention | None:
    """The circuits between two ends; one that a kind word names but that is not there is unknown, never another."""
    word = " ".join(phrases.word(k) for k in range(kind.start, kind.end)) if kind else "branch"
    kinds = kind.kinds if kind else _BRANCHES
    found = phrases.resolved(f"{word} {pair}", kinds)
    listed = phrases.word(start - 1) in ("the", "and", ",", "&", "all", "both")
    if kind and kind.plural and not found.candidates and not (found.element and listed):
        return None  # 'five or six lines'
    there = is_named_by(pair, found) or (phrases.lemma(start) in _JOINTS and (found.element or found.candidates))
    if not (kind or there or (is_switched(phrases, start) and _has_names_by_ends(phrases))):
        return None
    together = (kind is not None and kind.plural) or phrases.word(start - 1) in ("both", "all")
    return phrases.meant(start, kind.end if kind else end, found, kinds, all_of_them=together)


def is_named_by(pair: str, found: Resolution) -> bool:
    """Do the branches found carry these ends in their names? Where names carry numbers of their own, '8-10' is a range."""
    one, other = (part.strip() for part in pair.split("(")[0].replace("\u2013", "-").split("-", 1))
    names = [e.name for e in ((found.element,) if found.element else found.candidates)]
    return any(f" {a}-{b}" in name for name in names for a, b in ((one, other), (other, one)))


def _has_names_by_ends(phrases: Phrases) -> bool:
    return any(e.name.endswith(")") for e in phrases.registry.of_kind(*_BRANCHES))


def _said_between(phrases: Phrases, start: int, i: int) -> Mention | None:
    """'The corridor between 16 and 19', 'flowing from bus 4 to bus 14': only a branch that is there."""
    if phrases.word(i) not in ("between", "from", "joining", "connecting", "linking"):
        return None
    around = (*range(max(i - 3, 0), i), *range(i + 4, min(i + _LONGEST_ENDS + 4, len(phrases.tokens))))
    flowing = any(phrases.lemma(k) in _FLOWING for k in around)
    said = {phrases.lemma(k) for k in range(i, min(i + _LONGEST_ENDS, len(phrases.tokens)))}
    if said & {"area", "zone", "region"} or not (i > start or flowing or (phrases.is_number(i - 1) and phrases.lemma(i - 2) in _CIRCUITS)):
        return None
    for end in range(i + 4, min(i + _LONGEST_ENDS, len(phrases.tokens)) + 1):
        if unit_follows(phrases.tokens, end) or not {"and", "to"} & {phrases.word(k) for k in range(i + 2, end - 1)}:
            continue
        found = phrases.resolved(f"branch between {phrases.written(i + 1, end)}", _BRANCHES)
        if found.element or found.candidates:
            return phrases.meant(start, end, found, _BRANCHES, all_of_them=i > start)
    return None


def between_buses(phrases: Phrases, one: Mention, other: Mention) -> Mention | None:
    """'Bus 16 - bus 19', 'bus 16 to bus 19 flow': the branch that joins two buses named one after the other, where it is spoken of."""
    buses = one.kinds == other.kinds == (ElementKind.BUS,) and len(one.elements) == len(other.elements) == 1
    if not buses or other.start != one.end + 1 or phrases.word(one.end) not in (*DASHES, "to", "/"):
        return None
    before = next((k for k in (kind_at(phrases.tokens, max(one.start - 1, 0)),) if k and k.end == one.start), None)
    kind = before or kind_at(phrases.tokens, other.end)
    branch = kind if kind and set(kind.kinds) <= set(_BRANCHES) else None
    flowing = any(phrases.lemma(k) in _FLOWING for k in (*range(max(one.start - 4, 0), one.start), *range(other.end, other.end + 3)))
    if not (branch or flowing or phrases.word(one.end) in DASHES):
        return None
    kinds = branch.kinds if branch else _BRANCHES
    found = phrases.resolved(f"branch between {one.elements[0]} and {other.elements[0]}", kinds)
    start, end = (before.start if before and branch else one.start), (kind.end if branch and not before and kind else other.end)
    return phrases.meant(start, end, found, kinds) if found.element or found.candidates else None


def counts_circuits(phrases: Phrases, i: int, end: int) -> bool:
    """'Circuit 2 of 89-90', 'circuit 2 between 89 and 90': the number counts circuits, it is no line's own."""
    return phrases.lemma(i) in _CIRCUITS and phrases.word(end) in ("of", "between", "from")


def numbered_circuit(phrases: Phrases, mention: Mention) -> Mention:
    """'Line 89-90 circuit 2', 'the second circuit between ...', 'circuit 2 of ...': the one of several that fit."""
    fitting = mention.candidates or mention.elements
    if mention.unknown or not set(mention.kinds) <= set(_BRANCHES) or (not mention.candidates and not fitting[0].endswith(")")):
        return mention
    if phrases.word(mention.end) in ("both", "all") and phrases.lemma(mention.end + 1) in _CIRCUITS:
        return replace(mention, end=mention.end + 2, elements=fitting, candidates=())
    if mention.candidates and _all_circuits_before(phrases, mention.start):
        return replace(mention, elements=fitting, candidates=())
    number, end = _circuit_after(phrases, mention.end) or (_circuit_before(phrases, mention.start), mention.end)
    if not number:
        return mention
    by_name = any(n.endswith(")") for n in fitting)
    named = tuple(n for n in fitting if n.endswith(f"({number})")) if by_name else fitting[number - 1 : number]
    phrase = phrases.written(mention.start, end)
    return replace(mention, end=end, phrase=phrase, elements=named, candidates=(), nearest=() if named else fitting)


def _all_circuits_before(phrases: Phrases, start: int) -> bool:
    """'The two circuits of', 'circuits between', 'which circuit of': no single one is meant."""
    k = start - 2
    if phrases.word(start - 1) not in ("of", "between") or phrases.lemma(k) not in _CIRCUITS:
        return False
    return phrases.tokens[k].form == "s" or phrases.word(k - 1) in ("which", "what", "each", "either")


def _circuit_after(phrases: Phrases, end: int) -> tuple[int, int] | None:
    """(number, token after it) of 'circuit 2', 'no. 2', '#2'."""
    named = phrases.lemma(end) in {*_CIRCUITS, "no.", "no", "number", "#"}
    return (int(phrases.word(end + 1)), end + 2) if named and phrases.is_number(end + 1) else None


def _circuit_before(phrases: Phrases, start: int) -> int:
    """The 2 of 'second circuit between', 'circuit 2 of (line)'; 0 if none."""
    k = start - 1
    while phrases.word(k) in ("of", "the", "between", "from"):
        k -= 1
    if k < 0:
        return 0
    if phrases.is_number(k) and phrases.lemma(k - 1) in _CIRCUITS:
        return int(phrases.word(k))
    return ordinal(phrases.tokens[k - 1 if phrases.lemma(k) in _CIRCUITS and k else k]) or 0
