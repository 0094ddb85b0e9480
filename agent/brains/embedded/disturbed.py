"""What fails in a question about a disturbance, and what is changed first?"""

from collections.abc import Sequence

from agent.brains.embedded.attitudes import of_mood
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.effects_asked import without_effects
from agent.brains.embedded.frame import Change, Frame, Intent, Mood
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.spread_said import rating_factor
from grid_models.twin.registry import ElementKind, Registry

_ORDERED = (Mood.REQUEST, Mood.CONDITIONAL, Mood.NEGATED)
_OUT = frozenset({"out", "off", "offline"})
_FAILS = frozenset(
    {
        ElementKind.LINE,
        ElementKind.TRANSFORMER,
        ElementKind.THREE_WINDING,
        ElementKind.GENERATOR,
        ElementKind.INFEED,
        ElementKind.BUS,
    }
)


def is_ordered(spoken: Sequence[Spoken]) -> bool:
    """Is something to be done, or not, with an element or a group? Then no study of a disturbance hides it."""
    return any(c.element or c.group or c.described for c in of_mood(spoken, *_ORDERED))


def failures(sentence: Sentence, spoken: Sequence[Spoken], registry: Registry) -> tuple[tuple[str, ...], tuple[Change, ...]]:
    """(what fails at once, what is changed first). What is out already is a change where something else is lost; without a verb
    whatever is named and can fail does."""
    spoken = without_effects(sentence, spoken)
    switched = [s for s in spoken if s.change.kind == "open" and (s.change.element or s.change.described)]
    events = [s for s in switched if s.use is not None and s.use.act == "event"]
    if not events and not (_is_given(sentence, switched) and _free_to_fail(sentence, switched, registry)):
        events = switched
    failing = [s.change for s in events]
    rest = [s.change for s in spoken if s.change not in failing and not _is_incomplete(s.change) and not _of_ratings(sentence, s.change)]
    changed = {c.element for c in rest}
    names = [c.element for c in failing if c.element]
    if not failing:
        named = (n for m in sentence.mentions if not m.excluded for n in m.elements)
        names = [n for n in named if n not in changed and any(e.kind in _FAILS for e in registry.exact(n))]
    rest += [c for c in _out_already(sentence, registry) if c.element not in {*names, *changed}]
    described = tuple(c for c in failing if c.described)
    return tuple(dict.fromkeys(names)), tuple(dict.fromkeys((*described, *rest)))


def _is_given(sentence: Sentence, switched: Sequence[Spoken]) -> bool:
    """'While line 12 is out', 'with line 12 open': a state, of which nothing starts."""
    return bool(switched) and all(s.use is not None and s.use.act == "be_out" for s in switched)


def _free_to_fail(sentence: Sentence, switched: Sequence[Spoken], registry: Registry) -> bool:
    """Is something else named, as in 'the cascade from line 54'?"""
    out = {s.change.element for s in switched}
    others = (n for m in sentence.mentions if not m.excluded for n in m.elements if n not in out)
    return sentence.has("cascade:spread") and any(e.kind in _FAILS for n in others for e in registry.exact(n))


def failed_before(last: Frame | None) -> tuple[str, ...]:
    """'And would that cascade?' after a study of outages: those."""
    if last is None:
        return ()
    if last.intent is Intent.WHAT_IF:
        return tuple(c.element for c in last.changes if c.kind == "open" and c.element)
    return (
        last.elements if last.intent in (Intent.CASCADE, Intent.FREQUENCY) or (last.intent is Intent.N1 and len(last.elements) == 1) else ()
    )


def _out_already(sentence: Sentence, registry: Registry) -> list[Change]:
    """'With line 12 already out', 'line 12 being off': no verb, yet it is out before anything fails."""
    out = [m for m in sentence.mentions if not m.excluded and not _OUT.isdisjoint(t.word for t in sentence.tokens[m.end : m.end + 3])]
    return [Change(kind="open", element=n) for m in out for n in m.elements if any(e.kind in _FAILS for e in registry.exact(n))]


def _is_incomplete(change: Change) -> bool:
    return change.needs_target or change.needs_amount


def _of_ratings(sentence: Sentence, change: Change) -> bool:
    return change.kind == "scale" and rating_factor(sentence) is not None and not sentence.has("load", "generation", "wind", "pv")
