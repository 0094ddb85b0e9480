"""'And in DC?', 'and the worst pair?', 'the path to bus 9 instead': the last study again by another method, depth, kind or end."""

from collections.abc import Sequence

from agent.brains.embedded.features import features
from agent.brains.embedded.frame import Frame, Intent, Refusal
from agent.brains.embedded.outage_choice import kinds_that_fail, method_asked
from agent.brains.embedded.places import places_in
from agent.brains.embedded.replies import say
from agent.brains.embedded.sentence import Sentence
from grid_models.twin.registry import Registry

_FLOWS = (Intent.STATE, Intent.LOADINGS, Intent.VOLTAGES, Intent.LOSSES, Intent.BALANCE, Intent.WHAT_IF)
_LONGEST = 8  # words: a longer sentence says itself what it wants
_METRICS = {"length": ("length", "km", "distance"), "impedance": ("impedance", "electrically", "electrical")}


def varied(last: Frame, sentence: Sentence, registry: Registry) -> Frame | Refusal | None:
    """The last frame varied; None where the sentence varies nothing or says a whole study of its own."""
    if len(sentence.tokens) > _LONGEST or sentence.has("power_flow"):
        return None
    if last.intent is Intent.TOPOLOGY:
        return _other_metric(last, sentence) or _other_end(last, sentence, registry)
    if sentence.mentions:
        return None
    method = method_asked(sentence)
    if last.intent is Intent.N1 and method == "fast_decoupled":
        return Refusal(text=say("no_method"))
    if (method or "ac" in sentence.words) and last.intent in (*_FLOWS, Intent.N1):
        return last.model_copy(update={"method": method, "then": None})
    return _other_outages(last, sentence) if last.intent is Intent.N1 else None


def _other_outages(last: Frame, sentence: Sentence) -> Frame | None:
    """Pairs, or another kind of element that fails."""
    if sentence.has("outages:pairs"):
        return last.model_copy(update={"level": 2, "classes": (), "groups": (), "elements": (), "kind": None, "then": None})
    classes = kinds_that_fail(sentence, any_kind=True)
    if classes and not features(sentence) & {"loading", "voltage", "count"}:
        return last.model_copy(update={"level": 1, "classes": classes, "groups": (), "elements": (), "kind": None, "then": None})
    return None


def _other_metric(last: Frame, sentence: Sentence) -> Frame | None:
    metric = next((m for m, words in _METRICS.items() if not sentence.words.isdisjoint(words)), None)
    return last.model_copy(update={"metric": metric}) if metric and last.topic == "path" and not sentence.mentions else None


def _other_end(last: Frame, sentence: Sentence, registry: Registry) -> Frame | None:
    """'From bus 3' is the beginning of a path, any other name its end; elsewhere the name takes the place of the last."""
    named = [(m.start, n) for m in sentence.mentions for n in m.elements if not m.excluded]
    ends = [*named, *((p.start, p.name) for p in places_in(sentence, registry))]
    if not ends or not last.elements:
        return None
    names = tuple(dict.fromkeys(n for _, n in sorted(ends)))
    if last.topic != "path" and sentence.has("topology:path") and len(names) == 1:  # 'and the path to bus 9' after its neighbours
        return last.model_copy(update={"topic": "path", "elements": (last.elements[0], names[0])})
    if last.topic != "path" or len(names) > 1:
        return last.model_copy(update={"elements": names[: 2 if last.topic in ("path", "ties") else 1]})
    return last.model_copy(update={"elements": _path(last.elements, names[0], _from(sentence, ends[0][0]))})


def _from(sentence: Sentence, start: int) -> bool:
    return any(t.word == "from" for t in sentence.tokens[max(start - 2, 0) : start])


def _path(old: Sequence[str], name: str, is_start: bool) -> tuple[str, ...]:
    return (name, old[-1]) if is_start else (old[0], name)
