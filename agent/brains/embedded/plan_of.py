"""Several steps in one message as one chain of frames; what a later step calls 'them' or 'the worst' an earlier one finds."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Refusal, Understood
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.references import PLACEHOLDERS
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.steps import Step
from grid_models.twin.registry import Registry

One = Callable[[Sentence, Memory], Understood]
_WHOLE = (Intent.N1, Intent.ALARMS, Intent.LOSSES, Intent.LOADINGS, Intent.VOLTAGES)
_OF_LOSSES = (Intent.FREQUENCY, Intent.CASCADE, Intent.THERMAL)  # one study takes several losses and amounts, one after another
_RANKING = frozenset({"high", "low", "critical", "list", "count", "detail"})  # concepts that need something to rank
_OF_FLOW = (Intent.LOADINGS, Intent.VOLTAGES, Intent.LOSSES, Intent.BALANCE)
_SUPPOSING = frozenset({"if", "when", "would", "happens"})
_LISTS = (Intent.LOADINGS, Intent.VOLTAGES, Intent.LIST, Intent.COUNT, Intent.STATE, Intent.N1)


def plan_of(steps: Sequence[Step], whole: Sequence[Spoken], memory: Memory, one: One, registry: Registry, piece: Sentence) -> Frame | None:
    """The chain; None where the steps are no plan and the message is to be read as one piece.

    A change in the first step belongs to all: it is a study of its own. `piece` is the message, `whole` its changes; an order
    in a step counts only where it is one there, too, so that a 'what if' in front of the steps is not lost.
    """
    frames: list[Frame] = []
    for k, step in enumerate(steps):
        read_step = read(step.text, registry)
        found = one(read_step, memory if not k else _after(frames[-1], memory))
        found = _of_the_found(found) if k else found
        if not isinstance(found, Frame):
            return _ended(frames, found) if frames and step.sure and _is_said(found) else None
        frame = _remedy(found) if k else found
        if not k and frame.intent not in _OF_LOSSES and read_step.quantities and _is_of_losses(piece, memory, one):
            return None  # '300 MW go, then 150 MW more: how far does the frequency fall?'
        if k == 1 and frame.intent in _OF_FLOW and not step.sure and _solves(frames[0], read(steps[0].text, registry)):
            frames = [frame.model_copy(update={"method": frames[0].method})]  # 'solve a DC load flow and list the losses' is one study
            continue
        if not _belongs(frame, step, frames, whole) or (k and frame.intent in _WHOLE and not _has_subject(read_step, frame.intent)):
            return None
        frames.append(frame)
    return joined(frames)


def _solves(frame: Frame, step: Sentence) -> bool:
    """A power flow as such, of which nothing is asked yet."""
    return frame.intent is Intent.STATE and step.has("power_flow", "method:dc", "method:fast_decoupled")


def _is_of_losses(piece: Sentence, memory: Memory, one: One) -> bool:
    whole = one(piece, memory)
    return isinstance(whole, Frame) and whole.intent in _OF_LOSSES


def _after(before: Frame, memory: Memory) -> Memory:
    """What 'it' and 'them' mean in the next step."""
    forbidden = tuple(c.element for c in before.kept if c.element)
    named = (before.elements or forbidden) if before.intent not in _LISTS else ()
    return replace(memory, latest=None, about=named or PLACEHOLDERS[:1], listed=PLACEHOLDERS, told=None)


def _belongs(frame: Frame, step: Step, before: Sequence[Frame], whole: Sequence[Spoken]) -> bool:
    """Is this a step of a plan, and not a part of one request that was torn apart?"""
    if not before:
        return not frame.changes and frame.intent not in (Intent.OFF_TOPIC, Intent.GREETING, Intent.THANKS)
    if frame.intent in (Intent.OFF_TOPIC, Intent.KEEP, Intent.GREETING):
        return False
    if frame.intent is Intent.ACT:
        return step.sure and all(any(s.mood is Mood.REQUEST and s.change.kind == c.kind for s in whole) for c in frame.changes)
    if frame.intent in _OF_LOSSES and frame.intent is before[-1].intent and not (frame.elements or frame.changes):
        return False  # '...; hot spot and life used?' asks what of the same study
    told = frame.intent is Intent.DETAIL and frame.elements[:1] == PLACEHOLDERS[:1]  # the values of a list stand in the list
    own = not told and frame.intent is not before[-1].intent and (bool(frame.elements) or frame.intent in _WHOLE or _imagines(frame, step))
    return step.sure or own


def _imagines(frame: Frame, step: Step) -> bool:
    """'... and what happens if it trips'; 'and which of them are open' imagines nothing."""
    return frame.intent is Intent.WHAT_IF and not _SUPPOSING.isdisjoint(step.text.casefold().split())


def _has_subject(step: Sentence, intent: Intent) -> bool:
    """'... and list the worst three' ranks what the step before finds; 'and list the voltages' is a step."""
    if intent is Intent.N1:
        return step.has("n1", "outage", "outages:pairs", "robust")
    told = {c for c in step.concepts if not c.startswith(("particle:", "verb:"))} - _RANKING
    return bool(step.kinds or step.mentions or told)


def _of_the_found(found: Understood) -> Understood:
    """'... and what to do about the worst': which branch is asked back alone, and known where a step before finds it."""
    frame = found.frame if isinstance(found, Ask) and found.missing == "element" else None
    wanting = frame is not None and frame.intent is Intent.EXPLAIN and not frame.elements
    return frame.model_copy(update={"elements": PLACEHOLDERS[:1]}) if frame is not None and wanting else found


def _is_said(found: Understood) -> bool:
    """A step that cannot be done for a reason worth telling; not one that was merely not understood."""
    return isinstance(found, Refusal) or (isinstance(found, Ask) and found.missing in ("element", "value"))


def _ended(frames: Sequence[Frame], found: Understood) -> Frame | None:
    if isinstance(found, Frame):
        return None
    return joined(frames, Refusal(text=found.text, candidates=found.candidates))


def _remedy(frame: Frame) -> Frame:
    """'And what to do about the worst': what would relieve what the step before found."""
    if frame.intent is not Intent.UNBUILT or frame.topic != "remedial":
        return frame
    return Frame(intent=Intent.EXPLAIN, topic="relief", elements=PLACEHOLDERS[:1])


def joined(frames: Sequence[Frame], ending: Refusal | None = None) -> Frame | None:
    """The frames as one chain, in their order; `ending` says why it ends."""
    chain: Frame | Refusal | None = ending
    for frame in reversed(frames):
        chain = frame.model_copy(update={"then": chain} if frame.then is None else {})
    return chain if isinstance(chain, Frame) else None
