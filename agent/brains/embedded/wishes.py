"""From spoken changes to what is to be done: propose, study, keep, or ask. Only a clear request is ever proposed."""

from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Mood, Refusal, Understood
from agent.brains.embedded.kind_asked import kind_asked
from agent.brains.embedded.names import alternatives, guess, name_problem
from agent.brains.embedded.reasons import reason_of
from agent.brains.embedded.replies import ask_amount, example, listing, say, words_of
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.times import CLOCK, TIME_OF_DAY
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_LATER = word_class("wishes.later")
_FEW = 8


def act(sentence: Sentence, changes: tuple[Change, ...], registry: Registry) -> Understood:
    """A clear request: a proposal when complete, a question back when something is missing."""
    once = tuple(dict.fromkeys(changes))  # 'take it out, I need it isolated' is one opening
    frame = Frame(intent=Intent.ACT, mood=Mood.REQUEST, changes=once, reason=reason_of(sentence.text))
    unsettled = _unsettled(sentence, frame)
    if unsettled is not None:
        return unsettled
    mistyped = guess(sentence)
    if mistyped:
        text = say("confirm_guess", names=listing(mistyped.elements), phrase=mistyped.phrase, what=words_of(changes))
        return Ask(text=text, missing="confirm", frame=frame, candidates=mistyped.elements)
    if any(c.kind == "scale" for c in changes):  # a plant cannot be scaled: a park has to be named
        return Ask(text=say("which_park"), missing="element", frame=frame)
    if not _LATER.isdisjoint(sentence.words) or CLOCK.search(sentence.text) or TIME_OF_DAY.search(sentence.text):
        return Ask(text=say("later", what=words_of(changes)), missing="mood", frame=frame)
    if any(c.needs_target for c in changes):
        return which(frame, registry, kind_asked(sentence))
    return completed(frame, registry)


def completed(frame: Frame, registry: Registry) -> Understood:
    """The frame when every change has its element and amount; else the question that brings the next missing part."""
    if any(c.unit == "unsupported" for c in frame.changes):
        return Refusal(text=say("more_load"))
    for change in frame.changes:
        if change.needs_target:
            return which(frame, registry)
        if frame.mood is not Mood.REQUEST:
            return Ask(text=say("mood", what=words_of(frame.changes)), missing="mood", frame=frame)
        if change.needs_amount:
            text = ask_amount(change)
            return Ask(text=text, missing="value", frame=frame)
    return frame


def which(frame: Frame, registry: Registry, kind: str | None = None) -> Ask:
    """Ask for the element; where only a few of the kind exist they are offered."""
    names = tuple(e.name for e in registry.elements if e.kind == kind) if kind else ()
    if 0 < len(names) <= _FEW:
        return Ask(text=say("which_of", names=listing(names)), missing="element", frame=frame, candidates=names)
    return Ask(text=say("which_element", example=example(registry)), missing="element", frame=frame)


def ask_mood(sentence: Sentence, changes: tuple[Change, ...], registry: Registry, key: str = "mood") -> Understood:
    """Neither clearly a request nor clearly a study."""
    frame = Frame(intent=Intent.ACT, mood=Mood.UNCLEAR, changes=changes, reason=reason_of(sentence.text))
    unsettled = _unsettled(sentence, frame)
    if unsettled is not None:
        return unsettled
    if any(c.needs_target for c in changes):
        return which(frame, registry, kind_asked(sentence))
    return Ask(text=say(key, what=words_of(changes)), missing="mood", frame=frame)


def keep(changes: tuple[Change, ...], then: Frame | None = None) -> Frame:
    """The person spoke against it: nothing is done, and the answer says so."""
    return Frame(intent=Intent.KEEP, mood=Mood.NEGATED, kept=changes, then=then)


def _unsettled(sentence: Sentence, frame: Frame) -> Understood | None:
    """What a name still leaves open: it is unknown, fits several elements, or stands beside another with 'or'."""
    problem = name_problem(sentence, frame)
    return one_of(sentence, frame) if problem is None else problem


def one_of(sentence: Sentence, frame: Frame) -> Ask | None:
    """An order with 'or' between its elements: which one is asked, never both done."""
    names = alternatives(sentence, frozenset(c.element for c in frame.changes if c.element))
    return _which_of_these(frame, names) if names else None


def _which_of_these(frame: Frame, names: tuple[str, ...]) -> Ask:
    """The frame waits with its element open; 'open line 14 or close line 15' has to be said anew."""
    opened = tuple(dict.fromkeys(c.model_copy(update={"element": None}) for c in frame.changes))
    waiting = frame.model_copy(update={"changes": opened}) if len(opened) == 1 else None
    return Ask(text=say("alternatives", names=listing(names)), missing="element", frame=waiting, candidates=names)
