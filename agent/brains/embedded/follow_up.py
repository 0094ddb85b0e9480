"""'And line 15?', 'same for trafo 2', 'no, I meant 21', 'and 30 %?': the last question again with something replaced."""

from collections.abc import Sequence
from dataclasses import replace

from agent.brains.embedded.again import watched_again
from agent.brains.embedded.cascade_again import spread_again
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.evidence import evidence
from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Understood
from agent.brains.embedded.frequency_again import frequency_again
from agent.brains.embedded.kind_asked import kind_asked
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.outage_choice import kinds_that_fail
from agent.brains.embedded.references import referred
from agent.brains.embedded.replies import listing, say, words_of
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.studies import completed_study
from agent.brains.embedded.thermal_again import heated_again
from agent.brains.embedded.variation import varied
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry, normalised
from grid_models.twin.resolve import resolve

_OPENERS = (
    "and",
    "what about",
    "how about",
    "same",
    "the same",
    "do the same",
    "also",
    "likewise",
    "now",
    "no",
    "i mean",
    "i meant",
    "sorry",
    "rather",
    "or",
    "ok and",
    "okay and",
    "but",
    "both",
    "only",
    "just",
)
_ALONE = word_class("again.alone")
_ADDING = word_class("again.adding")
_CORRECTING = ("no", "i mean", "i meant", "sorry", "rather")
_REPEATABLE = (
    Intent.EXPLAIN,
    Intent.DETAIL,
    Intent.WHAT_IF,
    Intent.N1,
    Intent.LOADINGS,
    Intent.VOLTAGES,
    Intent.COUNT,
    Intent.LIST,
    Intent.ACT,
)
_OWN_VARIATIONS = {Intent.THERMAL: heated_again, Intent.CASCADE: spread_again, Intent.FREQUENCY: frequency_again}
_IMAGINED = (Mood.HYPOTHETICAL, Mood.QUESTION)
_SHORT = 6  # words beside the names
_OWN_MEANING = 1.6  # evidence, names not counted, with which a sentence stands on its own


def follow_up(sentence: Sentence, spoken: Sequence[Spoken], memory: Memory, registry: Registry) -> Understood | None:
    """The last frame with elements, amount, count or kind replaced; None when the sentence stands on its own."""
    last = memory.latest.frame if memory.latest else None
    vary = _OWN_VARIATIONS.get(last.intent) if last is not None else None
    if last is not None and vary is not None and (other := vary(last, sentence, spoken, registry)) is not None:
        return other
    again = watched_again(last, sentence, registry) if last is not None and not any(s.use is not None for s in spoken) else None
    if again is not None:
        return again
    text = " ".join(t.word for t in sentence.tokens)
    fragment = len(sentence.tokens) <= 4 and not sentence.mentions and bool(sentence.kinds or sentence.quantities)
    opener = "" if fragment else next((o for o in sorted(_OPENERS, key=len, reverse=True) if text == o or text.startswith(f"{o} ")), None)
    if last is not None and opener is not None and (with_changes := _with_changes(last, sentence, spoken)) is not None:
        return with_changes
    repeats = opener is not None or (last is not None and last.intent is Intent.TOPOLOGY and "instead" in sentence.words)
    if last is not None and repeats and not any(s.use is not None for s in spoken) and name_problem(sentence) is None:
        repeated = varied(last, sentence, registry)
        if repeated is not None:
            return repeated
    if (
        last is None
        or opener is None
        or last.intent not in _REPEATABLE
        or any(s.use is not None for s in spoken)
        or _stands_alone(sentence)
    ):
        return None
    problem = name_problem(sentence)
    if problem is not None:
        return problem
    names = _names(sentence, memory, registry, correcting=opener in _CORRECTING)
    if names and last.changes and not _ADDING.isdisjoint(sentence.words):
        names = tuple(dict.fromkeys((*(c.element for c in last.changes if c.element), *names)))
    named = _with_names(last, names) if names else None
    if named is not None and named.intent is Intent.ACT:
        named = _with_amount(named, sentence) or named  # 'and sgen 64 to 90'
    frame = named if names else _with_amount(last, sentence) or _with_count(last, sentence)
    if frame is None:
        return None
    if frame.intent is Intent.ACT:
        frame = frame.model_copy(update={"reason": words_of(frame.changes)})
        same = [c.amount for c in frame.changes] == [c.amount for c in last.changes]
        ellipsis = names and same
        text = say("confirm_ellipsis", element=listing(names, "and")) if ellipsis else say("confirm_value", what=words_of(frame.changes))
        return Ask(text=text, missing="confirm", frame=frame)
    return completed_study(frame, registry) if frame.changes else frame


def _with_changes(last: Frame, sentence: Sentence, spoken: Sequence[Spoken]) -> Frame | None:
    """'And with line 7 open?': the same question with the grid changed, where nothing else is said."""
    told = {i for m in sentence.mentions for i in range(m.start, m.end)}
    words = [t for i, t in enumerate(sentence.tokens) if i not in told and t.word[0].isalnum()]
    plain = len(words) <= _SHORT and all(s.change.kind == "scale" or not sentence.kinds for s in spoken)
    imagined = bool(spoken) and all(s.mood in _IMAGINED and not (s.change.needs_target or s.change.needs_amount) for s in spoken)
    if last.intent not in (Intent.TOPOLOGY, Intent.EXPLAIN, Intent.N1) or not plain or not imagined:
        return None
    return last.model_copy(update={"changes": tuple(dict.fromkeys(s.change for s in spoken)), "then": None})


def _stands_alone(sentence: Sentence) -> bool:
    scores = evidence(sentence)
    apart = (Intent.DETAIL, Intent.THANKS, Intent.GREETING)  # 'no, I meant 3' is no courtesy
    return max(score for intent, score in scores.items() if intent not in apart) >= _OWN_MEANING


def _names(sentence: Sentence, memory: Memory, registry: Registry, *, correcting: bool) -> tuple[str, ...]:
    """The elements named; in a correction a bare number stands for the last element's neighbour in number: 'I meant 21'."""
    named = tuple(n for m in sentence.mentions for n in m.elements if not m.excluded)
    changed = tuple(c.element for c in memory.latest.frame.changes if c.element) if memory.latest and memory.latest.frame else ()
    if len(changed) > 1 and not _ALONE.isdisjoint(sentence.words):  # 'the second one by itself'
        memory = replace(memory, listed=changed, about=())
    pointed = () if sentence.mentions else referred(sentence, range(len(sentence.tokens)), memory, registry) or ()
    if named or pointed or not memory.about:
        return named or pointed
    bare = [q for q in sentence.quantities if not q.unit and q.value.is_integer() and q.value >= 0]
    if len(bare) != 1 or not (correcting or len(sentence.tokens) <= 3):
        return ()
    last = memory.about[-1]
    stem = " ".join(normalised(last).split()[:-1])
    found = resolve(registry, f"{stem} {int(bare[0].value)}", [e.kind for e in registry.exact(last)])
    return (found.element.name,) if found.element else ()


def _with_names(last: Frame, names: tuple[str, ...]) -> Frame | None:
    if last.intent is Intent.EXPLAIN:
        return last.model_copy(update={"elements": names[:1], "then": None})
    targets = [c for c in last.changes if c.element]
    if targets:
        kinds = {c.kind for c in targets}
        if len(kinds) > 1:
            return None
        changes = tuple(targets[0].model_copy(update={"element": name}) for name in names)
        return last.model_copy(update={"changes": changes, "then": None, "condition": None})
    if last.intent in (Intent.DETAIL, Intent.N1):
        return last.model_copy(update={"elements": names, "then": None})
    return None


def _with_amount(last: Frame, sentence: Sentence) -> Frame | None:
    """'And 30 %?' after a scaling or a set-point."""
    change = next((c for c in last.changes if c.amount is not None), None)
    quantity = next((q for q in sentence.quantities if q.unit in ("percent", "mw", "step", "pu", "times", "")), None)
    if change is None or quantity is None or (quantity.unit and quantity.unit != change.unit and quantity.unit != "percent"):
        return None
    new = change.model_copy(update={"amount": quantity.value, "unit": quantity.unit or change.unit})
    return last.model_copy(update={"changes": tuple(new if c is change else c for c in last.changes), "then": None})


def _with_count(last: Frame, sentence: Sentence) -> Frame | None:
    """'And the transformers?', 'and the top 10?'"""
    kind = kind_asked(sentence)
    number = next((int(q.value) for q in sentence.quantities if not q.unit and q.value.is_integer() and q.value >= 1), None)
    if last.intent not in (Intent.LOADINGS, Intent.VOLTAGES, Intent.COUNT, Intent.LIST, Intent.N1) or (kind is None and number is None):
        return None
    classes = kinds_that_fail(sentence, any_kind=True) if last.intent is Intent.N1 else ()
    return last.model_copy(update={"kind": kind or last.kind, "top": number or last.top, "classes": classes or last.classes, "then": None})
