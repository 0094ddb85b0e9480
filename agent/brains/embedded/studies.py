"""A change that is imagined or asked about, as a frame: a what-if, an N-1 after it, or an N-1 of the elements named."""

from agent.brains.embedded.frame import Ask, Change, Frame, Intent, Mood, Refusal, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.outage_choice import busbar_outage
from agent.brains.embedded.outages_in_general import speaks_in_general
from agent.brains.embedded.queries import query
from agent.brains.embedded.replies import ask_amount, example, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from agent.brains.embedded.voltage_bands import band_asked
from grid_models.twin.registry import ElementKind, Registry

_GIVEN = word_class("studies.given")
_AFFECTING = word_class("studies.affecting")  # 'does opening line 14 make N-1 worse': a change, not the outage
_NEXT = word_class("studies.next")
_TOPICS = (("lost_load", "lost_load"), ("voltage", "voltages"), ("loading", "loadings"), ("losses", "losses"), ("exchange", "balance"))


def study(sentence: Sentence, changes: tuple[Change, ...], registry: Registry) -> Understood:
    """The frame of a study with changes, or what keeps it from being one."""
    frame = query(Intent.WHAT_IF, sentence, registry).model_copy(
        update={
            "changes": changes,
            "mood": Mood.HYPOTHETICAL,
            "topic": next((topic for concept, topic in _TOPICS if sentence.has(concept)), ""),
        }
    )
    if not any(c.kind == "set_voltage" for c in changes):  # a voltage that is set bounds nothing
        frame = frame.model_copy(update={"band": band_asked(sentence, registry)})
    problem = name_problem(sentence, frame)
    if problem is not None:
        return problem
    return completed_study(_as_n1(sentence, frame, registry), registry)


def completed_study(frame: Frame, registry: Registry) -> Understood:
    """The frame when nothing is missing and the twin can do it; else a question or a refusal."""
    for change in frame.changes:
        if change.unit == "unsupported":
            return Refusal(text=say("more_load"))
        if change.needs_target:
            return Ask(text=say("which_element", example=example(registry)), missing="element", frame=frame)
        if change.needs_amount:
            return Ask(text=ask_amount(change), missing="value", frame=frame)
    if frame.intent is Intent.N1 and frame.method == "fast_decoupled":
        return Refusal(text=say("no_method"))
    return busbar_outage(frame, registry) if frame.intent is Intent.WHAT_IF else frame


def _as_n1(sentence: Sentence, frame: Frame, registry: Registry) -> Frame:
    """Every outage on top of a change, or the outages that N-1 is asked of; anything else stays a what-if."""
    outages = tuple(c.element for c in frame.changes if c.kind == "open" and c.element)
    only_outages = len(outages) == len(frame.changes)
    if only_outages and sentence.has("outages:pairs") and len(outages) > 1 and (len(outages) == 2 or _GIVEN.isdisjoint(sentence.words)):
        pairs = {"intent": Intent.N1, "elements": outages, "changes": (), "level": 2}
        return frame.model_copy(update=pairs) if len(outages) > 2 else frame  # of two there is one pair: a what-if
    if only_outages and sentence.has("n1") and (_GIVEN | _AFFECTING).isdisjoint(sentence.words) and not _speaks_of_next_outage(sentence):
        return frame.model_copy(update={"intent": Intent.N1, "elements": outages, "changes": ()})
    if any(c.described for c in frame.changes) and not sentence.has("n1", "outages:pairs") and not _speaks_of_next_outage(sentence):
        return frame  # 'what if the most loaded line trips': that one, of no kind in general
    if speaks_in_general(sentence) or _speaks_of_next_outage(sentence):
        n1 = query(Intent.N1, sentence, registry)
        if only_outages and n1.classes == ("busbars",) and all(_is_bus(n, registry) for n in outages):
            return frame  # 'if bus 8 is lost to a busbar fault': that one
        return n1.model_copy(update={"changes": frame.changes, "elements": (), "mood": Mood.HYPOTHETICAL})
    return frame


def _is_bus(name: str, registry: Registry) -> bool:
    return any(e.kind is ElementKind.BUS for e in registry.exact(name))


def _speaks_of_next_outage(sentence: Sentence) -> bool:
    """'... what is the worst next outage?', 'if one more element fails'."""
    return any(
        hit.concept == "outage" and not _NEXT.isdisjoint(t.word for t in sentence.tokens[max(hit.start - 2, 0) : hit.start])
        for hit in sentence.hits
    )
