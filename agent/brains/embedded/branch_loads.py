"""Is the load of a line or a transformer ordered? It follows from the grid: what would relieve it can be shown, never commanded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from agent.brains.embedded.branch_words import speaks_of_flow, speaks_of_tap
from agent.brains.embedded.candidates import VerbUse, candidates
from agent.brains.embedded.celsius import temperatures
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.durations import hours_asked
from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Mood
from agent.brains.embedded.kinds import Mention
from agent.brains.embedded.mood import moods
from agent.brains.embedded.objects import clause_end
from agent.brains.embedded.replies import listing, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.verbs import verb_uses
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind, Registry

_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING})
_RELIEVING = word_class("branch_words.relieving")
_MOVING = word_class("branch_words.moving")
_ONWARD = word_class("branch_words.onward")
_WISHED_FOR = {"less": "lower", "more": "raise"}
_WISHING = frozenset({"want", "need", "like", "wish", "prefer"})
_FLOWS = ("load", "loading", "flow", "current", "thermal:heat")
_OTHER_OBJECTS = ("generation", "wind", "pv", "thermal:cooling")
_OWN = frozenset({"its", "it", "their", "them"})
_ACTS = ("raise", "lower", "set", "scale")
_BEFORE_OBJECT = frozenset({"the", "a", "some", "more", "less", "of", "its", "their", "any", "present", "all"})
_STATES = ("adj", "state")


@dataclass(frozen=True)
class LoadOrder:
    """`elements`: the branches whose load is spoken of. `use`: the verb, its `right` ending with its clause."""

    elements: tuple[str, ...]
    mood: Mood
    use: VerbUse


def load_order(sentence: Sentence, registry: Registry, pointed: Sequence[str]) -> LoadOrder | None:
    """The first use of a verb that is to change the load of a branch. `pointed`: what 'it' means."""
    for use in _uses(sentence):
        elements = _branches(sentence, use, registry, pointed)
        if elements and not speaks_of_tap(sentence, use) and _is_of_load(sentence, use, elements, registry):
            return LoadOrder(elements, moods(sentence, (use,))[0], use)
    return None


def others(spoken: Sequence[Spoken], order: LoadOrder) -> tuple[Spoken, ...]:
    """The changes beside the order: neither made of its verb nor the 'down' of 'cool trafo 3 down'."""
    return tuple(s for s in spoken if s.use is None or not _is_within(s.use, order.use))


def stands_alone(sentence: Sentence, order: LoadOrder, beside: Sequence[Spoken]) -> bool:
    """Nothing else is to be done, or it is joined by 'and'; 'open line 14 to relieve it' and 'relieve it by opening it' only do that."""
    rest = [s.use for s in beside if s.mood not in (Mood.NEGATED, Mood.REPORT)]
    if any(use is None or use.form != "base" for use in rest):
        return False
    return all(sentence.tokens[max(use.start, order.use.start) - 1].word in ("and", "then") for use in rest if use)


def answered(order: LoadOrder) -> Ask:
    """That it follows from the grid, and the question that shows what can be done instead."""
    less = order.use.act != "raise"
    asked = tuple(say("load_help_less", element=n) if less else say("load_help_more", element=n) for n in order.elements)
    text = say("load_follows", element=listing(order.elements, "and"), help=" or ".join(f'"{q}"' for q in asked))
    frame = Frame(intent=Intent.EXPLAIN, elements=order.elements[:1], topic="relief" if less else "")
    return Ask(text=text, missing="choice", choices=asked, frame=frame)


def forbidden(order: LoadOrder) -> tuple[Change, ...]:
    """What is kept when somebody speaks against it."""
    return tuple(Change(kind="set_tap", element=name) for name in order.elements)


def is_thermal_study(sentence: Sentence, order: LoadOrder) -> bool:
    """'Hold trafo 3 at 110 % for four hours': only a study of heat knows of the time or the air."""
    timed = hours_asked(sentence.text) is not None or temperatures(sentence.text).ambient_celsius is not None
    return order.use.act in ("move", "set") and timed


def _uses(sentence: Sentence) -> Iterator[VerbUse]:
    """Verbs of changing, of relieving and of moving, each with its own clause."""
    known = verb_uses(sentence)
    fallen = {u.start for u in known if u.act == "event"}  # 'drop line 14' is its outage
    acting = {u.start: u for u in candidates(sentence) if u.act in _ACTS and u.form not in _STATES and u.start not in fallen}
    ends = [u.start for u in known if u.form not in _STATES]
    for i, token in enumerate(sentence.tokens):
        if sentence.mention_at(i) or any(h.start <= i < h.end and h.concept == "thermal:cooling" for h in sentence.hits):
            continue
        act = acting[i].act if i in acting else _other_act(sentence, i)
        if act is None:
            continue
        form = acting[i].form if i in acting else token.form
        low = max([sentence.bounds(i)[0], *(u.end for u in known if u.end <= i)]) if form == "ed" else i  # the subject of a passive
        use = VerbUse(act, token.lemma, form, i, i + 1, (low, i), (i + 1, min([sentence.bounds(i)[1], *(k for k in ends if k > i)])))
        yield replace(use, right=(i + 1, clause_end(sentence, use)))


def _other_act(sentence: Sentence, i: int) -> str | None:
    """Relieving and moving, which change nothing elsewhere, and the wish for 'less load on trafo 3'."""
    token = sentence.tokens[i]
    if token.word in _WISHED_FOR and not _WISHING.isdisjoint(t.lemma for t in sentence.tokens[:i]) and _is_flow_at(sentence, i + 1):
        return _WISHED_FOR[token.word]
    return "relieve" if token.lemma in _RELIEVING else "move" if token.lemma in _MOVING else None


def _is_flow_at(sentence: Sentence, i: int) -> bool:
    return any(h.start == i and h.concept in _FLOWS for h in sentence.hits)


def _branches(sentence: Sentence, use: VerbUse, registry: Registry, pointed: Sequence[str]) -> tuple[str, ...]:
    """What the verb is about, where that is lines and transformers alone: named behind it, in front of a passive, or pointed to."""
    behind = [m for m in sentence.mentions if use.end <= m.start < use.right[1] and not m.excluded and not _begins_clause(sentence, m)]
    owning = any(sentence.tokens[i].word in _OWN for i in range(*use.right))
    before = [m for m in sentence.mentions if m.start < use.start and not m.excluded]
    if use.form == "ed" and (subject := [m for m in before if m.start >= use.left[0]][-1:]):
        behind = subject  # 'we need sgen 64 throttled, line 54 is getting full'
    found = behind or (before[-1:] if owning else [m for m in before if m.start >= use.left[0]][-1:])
    names = _names(found) or (tuple(pointed) if owning and not found else ())
    kinds = [e.kind for name in names for e in registry.exact(name)]
    return names if kinds and set(kinds) <= _BRANCHES else ()


def _begins_clause(sentence: Sentence, mention: Mention) -> bool:
    """The line 12 of 'loads grow by 15 % and line 12 is out': a subject of its own."""
    before = sentence.tokens[mention.start - 1].word if mention.start else ""
    return before in ("and", ",", "while") and mention.end < len(sentence.tokens) and sentence.tokens[mention.end].lemma == "be"


def _names(mentions: Sequence[Mention]) -> tuple[str, ...]:
    """None at all where one of them is unknown or fits several: that is said elsewhere."""
    return tuple(n for m in mentions for n in m.elements) if all(m.elements for m in mentions) else ()


def _is_of_load(sentence: Sentence, use: VerbUse, elements: Sequence[str], registry: Registry) -> bool:
    """Relieving always is; lowering a line can be nothing else; setting and moving need a load, a flow or an amount of it, and where to."""
    if use.act == "relieve":
        return True
    subject = max((m.end for m in sentence.mentions if use.left[0] <= m.start < use.start), default=use.end)
    if any(subject <= h.start < use.right[1] and h.concept in _OTHER_OBJECTS for h in sentence.hits):
        return False  # 'reduce the wind, trafo 3 is overloaded', 'turn down its cooling', 'beside trafo 3 the wind is doubled'
    said = speaks_of_flow(sentence, use)
    if use.act != "move":
        lines = all(e.kind is ElementKind.LINE for name in elements for e in registry.exact(name))
        return said or (use.act in ("raise", "lower") and lines)
    return said and _moves(sentence, use) and any(sentence.tokens[i].word in _ONWARD for i in range(*use.right))


def _moves(sentence: Sentence, use: VerbUse) -> bool:
    """Is what is moved or held a load, an amount of it, or the branch itself: not 'take a look at the loading of line 54'?"""
    i, end = use.end, use.right[1]
    while i < end and sentence.tokens[i].word in _BEFORE_OBJECT:
        i += 1
    starts = (*(m.start for m in sentence.mentions), *(q.start for q in sentence.quantities if q.unit))
    return i in starts or _is_flow_at(sentence, i)


def _is_within(inner: VerbUse, outer: VerbUse) -> bool:
    return inner.start == outer.start or (inner.form in _STATES and outer.end <= inner.start <= outer.right[1])
