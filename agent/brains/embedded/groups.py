"""All loads, the wind, the generation: which group does a sentence scale, and by how much, also without a verb ('20 % more load')?"""

import re
from collections.abc import Iterable, Iterator, Sequence

from agent.brains.embedded.amounts import Sign
from agent.brains.embedded.branch_words import is_own_load
from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.frame import Change
from agent.brains.embedded.numbers import fraction_at
from agent.brains.embedded.objects import stretch
from agent.brains.embedded.sentence import Hit, Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind

_GROUPS = {"wind": "wind", "pv": "pv", "load": "loads", "generation": "generation"}
_ORDER = ("wind", "pv", "load", "generation")  # 'wind generation' is wind
_MORE = word_class("groups.more")
_LESS = word_class("groups.less")
_MULTIPLE = {"double": 2.0, "twice": 2.0, "triple": 3.0, "threefold": 3.0}
_IMAGINED = frozenset({"if", "suppose", "assume", "assuming", "with", "imagine"})
_IDLE = word_class("groups.idle")
_OF_SOURCE = 4  # words: 'wind at half of its output'
_LINKING = word_class("groups.linking")


def group_in(sentence: Sentence, use: VerbUse, areas: Sequence[str] = ()) -> str | None:
    """The group a verb is about, an area where one is named."""
    inside = stretch(sentence, use)
    said = sentence.text.casefold()
    for area in sorted(areas, key=len, reverse=True):  # 'HV1_MV2.101' before 'HV1'
        if re.search(rf"\barea:? ?{re.escape(area.casefold())}\b", said):
            return f"area:{area}"
    found = {h.concept for h in sentence.hits if h.start in inside}
    return next((_GROUPS[name] for name in _ORDER if name in found), None)


def loose_scalings(sentence: Sentence, verbs: Iterable[int] = ()) -> Iterator[Change]:
    """Scalings without a verb: 'no wind', 'half the wind', 'twice the load', '20 % more load', 'load at 120 %', 'demand up by a fifth'.

    `verbs`: tokens that say a change already ('Sgen 64 generates 50 MW').
    """
    spent, sources = set(verbs), list[int]()
    for name in _ORDER:
        for hit in (h for h in sentence.hits if h.concept == name and not (name == "load" and is_own_load(sentence, h))):
            own = name == "generation" and any(0 < hit.start - source <= _OF_SOURCE for source in sources)  # the 'output' of the wind
            change = None if hit.start in spent or own else _before(sentence, hit) or _after(sentence, hit)
            if change:
                spent |= set(range(hit.start, hit.end + 1))  # the generation of 'wind generation' is no other
                sources += [hit.start] if name in ("wind", "pv") else []
                yield change
                break


def loose_tap(sentence: Sentence) -> Iterator[Change]:
    """A tap position that is imagined without a verb: 'what would tap 4 of trafo 1 do', 'with trafo 1 at tap 4'."""
    trafos = [m for m in sentence.mentions if m.kinds == (ElementKind.TRANSFORMER,) and len(m.elements) == 1]
    tap = next((i for i, t in enumerate(sentence.tokens) if t.lemma == "tap" and not sentence.mention_at(i)), None)
    if tap is None or len(trafos) != 1 or sentence.words.isdisjoint({*_IMAGINED, "would"}):
        return
    quantity = next((q for q in sentence.quantities if tap < q.start <= tap + 3 and q.unit in ("", "step")), None)
    if quantity is not None:
        yield Change(kind="set_tap", element=trafos[0].elements[0], amount=quantity.value, unit="step")


def _before(sentence: Sentence, hit: Hit) -> Change | None:
    tokens, group, i = sentence.tokens, _GROUPS[hit.concept], hit.start - 1
    while i >= 0 and tokens[i].word in _IDLE:
        i -= 1
    if i < 0:
        return None
    word = tokens[i].word
    if word in ("no", "zero", "without") and group != "loads":
        return Change(kind="scale", group=group, amount=0.0, unit="factor")
    if word in _MULTIPLE:
        return Change(kind="scale", group=group, amount=_MULTIPLE[word], unit="factor")
    share = fraction_at(tokens, i)
    if share and share[1] <= hit.start:
        return Change(kind="scale", group=group, amount=share[0], unit="factor")
    sign = 1 if word in _MORE else -1 if word in _LESS else 0
    quantity = next((q for q in sentence.quantities if q.end == (i if sign else i + 1) and q.unit in ("percent", "times", "mw")), None)
    if quantity is None or (quantity.unit == "mw" and not sign) or quantity.relation in ("above", "below"):
        return None
    unit = "factor" if quantity.unit == "times" else quantity.unit
    return Change(kind="scale", group=group, amount=quantity.value, unit=unit, by=1 if sign > 0 else -1 if sign < 0 else 0)


def _after(sentence: Sentence, hit: Hit) -> Change | None:
    """'Load at 120 %', 'the wind was only half of today', 'load x 1.25'."""
    tokens, group = sentence.tokens, _GROUPS[hit.concept]
    i, sign = _to_the_amount(sentence, hit.end)
    if i < len(tokens) and tokens[i].word in ("x", "*", "times"):
        factor = next((q for q in sentence.quantities if q.start == i + 1 and not q.unit), None)
        return Change(kind="scale", group=group, amount=factor.value, unit="factor") if factor else None
    share = fraction_at(tokens, i) if i < len(tokens) else None
    if share and (sign or i > hit.end):
        unit, amount = ("percent", 100.0 * share[0]) if sign else ("factor", share[0])
        return Change(kind="scale", group=group, amount=amount, unit=unit, by=sign)
    quantity = next((q for q in sentence.quantities if q.start == i and q.unit in ("percent", "times", "mw")), None)
    if quantity is None or (quantity.unit == "mw" and sentence.words.isdisjoint(_IMAGINED)):
        return None
    following = tokens[quantity.end].word if quantity.end < len(tokens) else ""
    sign = sign or (1 if following in _MORE or tokens[i].word[0] == "+" else -1 if following in _LESS or tokens[i].word[0] == "-" else 0)
    unit = "factor" if quantity.unit == "times" else quantity.unit
    return Change(kind="scale", group=group, amount=abs(quantity.value), unit=unit, by=sign)


def _to_the_amount(sentence: Sentence, i: int) -> tuple[int, Sign]:
    """The token where an amount may stand, behind 'is', 'at only', 'up by', and the direction on the way."""
    sign: Sign = 0
    while i < len(sentence.tokens):
        word = sentence.tokens[i].word
        beside = next((h for h in sentence.hits if h.start == i + 1 and h.concept in _GROUPS), None) if word == "and" else None
        if beside is None and word not in _LINKING | _MORE | _LESS:
            break
        sign = 1 if word in _MORE else -1 if word in _LESS else 0 if word in ("to", "at") else sign  # 'up to 110 %' is 110 %
        i = beside.end if beside else i + 1
    return i, sign
