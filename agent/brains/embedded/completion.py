"""The assistant asked back: does the next message answer it? Then the plan that was begun is completed; else it is a new question."""

from agent.brains.embedded.cascades import completed_cascade
from agent.brains.embedded.changes import spoken_changes
from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Mood, Refusal, Understood
from agent.brains.embedded.frequency import completed_frequency
from agent.brains.embedded.frequency_again import answered_loss
from agent.brains.embedded.names import unknown
from agent.brains.embedded.numbers import fraction_at, ordinal
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.reasons import joined_reason
from agent.brains.embedded.replies import say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.studies import completed_study
from agent.brains.embedded.thermal_said import answered, completed_heating
from agent.brains.embedded.vocabulary import word_class
from agent.brains.embedded.wishes import completed, keep
from grid_models.twin.registry import Registry, normalised

_YES = word_class("completion.yes")
_SUBMIT = word_class("corrections.submit_key")
_NO = word_class("completion.no")
_PROPOSE = word_class("completion.propose")
_STUDY = word_class("completion.study")
_UNITS = {
    "set_p": ("mw", "percent"),
    "shed_load": ("mw", "percent"),
    "set_tap": ("step",),
    "set_shunt": ("step",),
    "set_voltage": ("pu", "kv"),
    "set_q": ("mvar",),
    "scale": ("percent", "times", "mw"),
}
_ENDS = 2  # of a path
_DOWN = word_class("completion.down")
_UP = word_class("completion.up")


def complete(asked: Ask, sentence: Sentence, registry: Registry) -> Understood | str | None:
    """The completed frame (or the next question); a whole question when one was chosen; None when the message is something new."""
    if asked.missing == "choice":
        return _choice(asked, sentence)
    if asked.frame is None:
        return None
    if _is_new(asked, sentence, registry):
        return None
    if _said_no(sentence) and asked.missing != "value":
        return keep(())
    answers = {"value": _value, "element": _element, "mood": _mood, "confirm": _confirm}
    return answers[asked.missing](asked, asked.frame, sentence, registry)


def _is_new(asked: Ask, sentence: Sentence, registry: Registry) -> bool:
    """A message with a change, its own element and (where needed) amount stands on its own; so does one with many other words."""
    spoken = spoken_changes(sentence, registry)
    whole = any(not (s.change.needs_target or s.change.needs_amount) for s in spoken)
    if asked.missing in ("mood", "confirm") and spoken:
        same = {c.element for c in asked.frame.changes} if asked.frame else set()
        return any(s.change.element and s.change.element not in same for s in spoken)
    return whole or (sentence.asks and len(sentence.tokens) > 5)


def _said_no(sentence: Sentence) -> bool:
    return bool(sentence.tokens) and sentence.tokens[0].word in _NO and not sentence.mentions and not sentence.quantities


def _finished(frame: Frame, registry: Registry, sentence: Sentence) -> Understood:
    frame = frame.model_copy(update={"reason": joined_reason(frame.reason, sentence.text)}) if frame.reason else frame
    return completed(frame, registry) if frame.intent is Intent.ACT else completed_study(frame, registry) if frame.changes else frame


def _value(asked: Ask, frame: Frame, sentence: Sentence, registry: Registry) -> Understood | None:
    if _said_no(sentence) and not sentence.quantities:
        return keep(())
    change = next((c for c in frame.changes if c.needs_amount), None)
    if frame.intent is Intent.FREQUENCY:
        return answered_loss(frame, sentence, registry)
    if frame.intent is Intent.THERMAL and change is None:
        return answered(asked, frame, sentence, registry)
    if change is None:
        return None
    filled = _with_amount(change, sentence)
    return _finished(_replaced(frame, change, filled), registry, sentence) if filled else None


def _with_amount(change: Change, sentence: Sentence) -> Change | None:
    """'20 MW', 'to 20', 'by 10 MW', 'two steps down', 'half'."""
    down, up = not _DOWN.isdisjoint(sentence.words), not _UP.isdisjoint(sentence.words)
    quantity = _fitting(change, sentence.quantities)
    if quantity is None:
        share = next((s for i in range(len(sentence.tokens)) if (s := fraction_at(sentence.tokens, i))), None)
        return (
            change.model_copy(update={"amount": 100.0 * share[0], "unit": "percent"})
            if share and change.kind in ("set_p", "scale")
            else None
        )
    relative = quantity.relation == "by" or ((down or up) and quantity.relation != "to")
    unit = "factor" if quantity.unit == "times" else quantity.unit or change.unit or _UNITS[change.kind][0]
    sign = 0 if not relative else -1 if down else 1 if up else change.by or -1
    return change.model_copy(update={"amount": abs(quantity.value) if relative else quantity.value, "unit": unit, "by": sign})


def _fitting(change: Change, quantities: tuple[Quantity, ...]) -> Quantity | None:
    return next((q for q in quantities if q.unit in ("", *_UNITS.get(change.kind, ()))), None)


def _element(asked: Ask, frame: Frame, sentence: Sentence, registry: Registry) -> Understood | None:
    for mention in sentence.mentions:
        if mention.unknown:
            return unknown(mention)
    named = tuple(n for m in sentence.mentions for n in m.elements) or _chosen(asked.candidates, sentence)
    if not named:
        candidates = next((m.candidates for m in sentence.mentions if m.candidates), ())
        return Ask(text=asked.text, missing="element", frame=frame, candidates=candidates) if candidates else None
    if frame.topic == "path" and len(named) + len(frame.elements) < _ENDS:
        return Ask(text=asked.text, missing="element", frame=frame.model_copy(update={"elements": named}))
    if frame.intent is Intent.THERMAL:
        return completed_heating(frame.model_copy(update={"elements": named}), sentence, registry)
    if frame.intent is Intent.CASCADE:
        return completed_cascade(frame.model_copy(update={"elements": named}), registry)
    if frame.intent is Intent.FREQUENCY:
        return completed_frequency(frame.model_copy(update={"elements": named}), registry)
    if not frame.changes:
        return frame.model_copy(update={"elements": (*frame.elements, *named)[:_ENDS] if frame.topic == "path" else named})
    open_changes = [c for c in frame.changes if c.needs_target] or [c for c in frame.changes if c.kind == "scale"]
    if not open_changes:  # the ambiguous name was left out of the changes altogether
        return None
    changes: list[Change] = []
    for change in frame.changes:
        kind = "set_p" if change.kind == "scale" and frame.intent is Intent.ACT else change.kind
        changes += (
            [_with_said(change.model_copy(update={"element": n, "group": None, "kind": kind}), sentence) for n in named]
            if change is open_changes[0]
            else [change]
        )
    return _finished(frame.model_copy(update={"changes": tuple(changes)}), registry, sentence)


def _with_said(change: Change, sentence: Sentence) -> Change:
    """'HV1 Trafo 1, position 3': the amount that was still missing, too."""
    return (_with_amount(change, sentence) or change) if change.needs_amount else change


def _chosen(candidates: tuple[str, ...], sentence: Sentence) -> tuple[str, ...]:
    """'the second', 'HV1', '57': which of the candidates that were offered?"""
    for token in sentence.tokens:
        rank = ordinal(token)
        if rank and rank <= len(candidates):
            return (candidates[rank - 1],)
        if token.word == "last" and candidates:
            return candidates[-1:]
    if candidates and {"both", "all"} & sentence.words:
        return candidates
    words = {t for t in normalised(sentence.text).split() if any(c.isalnum() for c in t)}
    fitting = tuple(
        c
        for c in candidates
        if words & set(normalised(c).split()) and all(w in normalised(c).split() for w in words if any(d.isdigit() for d in w))
    )
    return fitting if len(fitting) == 1 else ()


def _mood(asked: Ask, frame: Frame, sentence: Sentence, registry: Registry) -> Understood | None:
    words = sentence.words
    if words & _STUDY and not words & {"propose", "proposal"}:
        if frame.intent is Intent.DETAIL:
            return Frame(
                intent=Intent.WHAT_IF, mood=Mood.HYPOTHETICAL, changes=tuple(Change(kind="open", element=n) for n in frame.elements)
            )
        return completed_study(frame.model_copy(update={"intent": Intent.WHAT_IF, "mood": Mood.HYPOTHETICAL}), registry)
    if frame.intent is Intent.DETAIL:
        return frame if words & {"present", "value", "values", "now", "yes"} else None
    if words & (_PROPOSE | _YES) and not words & {"not", "never"}:
        return completed(frame.model_copy(update={"mood": Mood.REQUEST}), registry)
    return None


def _confirm(asked: Ask, frame: Frame, sentence: Sentence, registry: Registry) -> Understood | None:
    return completed(frame.model_copy(update={"mood": Mood.REQUEST}), registry) if sentence.words & (_YES | _SUBMIT) else None


def _choice(asked: Ask, sentence: Sentence) -> str | Refusal | Frame | None:
    """One of the offered questions, by its place or by its own words."""
    if not asked.choices:
        return None
    if _said_no(sentence) and len(sentence.tokens) <= 3:
        return keep(()) if asked.frame else Refusal(text=say("off_topic"))
    for token in sentence.tokens:
        rank = ordinal(token) or (int(token.word) if token.word.isdigit() and len(sentence.tokens) <= 2 else None)
        if rank and rank <= len(asked.choices):
            return asked.choices[rank - 1]
    if len(sentence.tokens) <= 2 and sentence.words & _YES:
        return asked.choices[0]
    return None


def _replaced(frame: Frame, old: Change, new: Change) -> Frame:
    return frame.model_copy(update={"changes": tuple(new if c is old else c for c in frame.changes)})
