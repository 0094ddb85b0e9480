"""A question about frequency after a loss of power, as a frame."""

from collections.abc import Sequence

from agent.brains.embedded.cascade_evidence import speaks_of_cascade
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.disturbance_amounts import leaves_open
from agent.brains.embedded.disturbances import PowerLoss
from agent.brains.embedded.disturbed import failed_before, is_ordered
from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Refusal, Understood
from agent.brains.embedded.frequency_evidence import asks_of_frequency, frequency_aspect, speaks_of_present
from agent.brains.embedded.kinds import Mention
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.power_lost import power_said
from agent.brains.embedded.replies import say
from agent.brains.embedded.sentence import Sentence
from grid_models.twin.registry import ElementKind, Registry
from grid_models.twin.resolve import resolve

ELSEWHERE = ("live:alarm", "live:acknowledge", "live:past", "off_topic", "knowledge:source", "knowledge:ruling", "unbuilt:faults")
SOURCES = frozenset({ElementKind.GENERATOR, ElementKind.INFEED})
_LONGEST_S, _MOST_GWS, _HIGHEST_DAMPING, _MOST_LOSSES = 600.0, 10_000.0, 20.0, 50  # as tools/frequency_args.py


def frequency(
    sentence: Sentence, spoken: Sequence[Spoken], registry: Registry, pointed: Sequence[str] | None, last: Frame | None
) -> Understood | None:
    """The frame of such a question, what it lacks, or None. `pointed`: what 'it' means; `last`: what was studied before."""
    elsewhere = any(h.concept in ELSEWHERE and not _of_damping(sentence, h.start) for h in sentence.hits)
    if elsewhere or speaks_of_cascade(sentence) or is_ordered(spoken):
        return None
    names = lost_elements(sentence, registry) or tuple(pointed or ()) or _lost_before(sentence, last, registry)
    said = power_said(sentence, registry.model.frequency_hz, element_lost=bool(names))
    if not asks_of_frequency(sentence, said, named=bool(names)):
        return None
    return frequency_frame(sentence, said, names, registry)


def frequency_frame(sentence: Sentence, said: PowerLoss, names: tuple[str, ...], registry: Registry) -> Understood:
    """The frame, or what is missing for it."""
    frame = Frame(
        intent=Intent.FREQUENCY,
        topic=frequency_aspect(sentence),
        elements=names,
        power=said,
        mood=Mood.HYPOTHETICAL,
        yes_no=sentence.asks,
    )
    problem = name_problem(sentence, frame)
    return problem or (Refusal(text=say("one_power")) if leaves_open(sentence.text) else completed_frequency(frame, registry))


def lost_elements(sentence: Sentence, registry: Registry) -> tuple[str, ...]:
    """The elements that are named."""
    return tuple(dict.fromkeys(n for m in sentence.mentions if not m.excluded for n in _sources(sentence, m, registry)))


def _sources(sentence: Sentence, mention: Mention, registry: Registry) -> tuple[str, ...]:
    """'The bus 38 unit' is the machine at that bus."""
    behind = next((k for k in sentence.kinds if k.start == mention.end and SOURCES.intersection(k.kinds)), None)
    if behind is None or mention.kinds != (ElementKind.BUS,):
        return mention.elements
    found = [resolve(registry, f"{sentence.tokens[behind.start].word} at {name}").element for name in mention.elements]
    return tuple(e.name for e in found if e is not None) or mention.elements


def _lost_before(sentence: Sentence, last: Frame | None, registry: Registry) -> tuple[str, ...]:
    """'What does the frequency do then?' after a study of an outage of sources; what is measured now is not asked of them."""
    names = failed_before(last)
    asked = sentence.has("frequency:response", "frequency:frequency") and not speaks_of_present(sentence)
    return names if asked and names and all(e.kind in SOURCES for n in names for e in registry.exact(n)) else ()


def completed_frequency(frame: Frame, registry: Registry) -> Understood:
    """The frame when nothing is missing; else the question that brings it, or why it cannot be studied."""
    said = frame.power or PowerLoss()
    if len(frame.elements) > 1:
        return Ask(text=say("one_loss"), missing="element", frame=frame.model_copy(update={"elements": ()}), candidates=frame.elements)
    kinds = {e.kind for n in frame.elements for e in registry.exact(n)}
    if kinds and not kinds <= SOURCES | {ElementKind.LOAD}:
        return Refusal(text=say("no_power_lost", element=frame.elements[0]))
    if _is_out_of_range(said):
        return Refusal(text=say("frequency_range"))
    if not frame.elements and not said.is_named:
        return Ask(text=say("which_loss"), missing="value", frame=frame)
    return frame


def _is_out_of_range(said: PowerLoss) -> bool:
    damping, energy = (
        said.damping_percent_per_hz or 0.0,
        max(said.inertia_gws or 0.0, said.synthetic_gws or 0.0, said.grid_forming_gws or 0.0),
    )
    beyond = (said.horizon_s or 0.0) > _LONGEST_S or energy > _MOST_GWS or damping > _HIGHEST_DAMPING or len(said.losses) > _MOST_LOSSES
    nothing = 0.0 in (said.loss_mw, said.inertia_gws, said.load_mw, said.lost_load_mw, said.horizon_s, said.droop)
    return beyond or nothing or any(later.mw <= 0.0 for later in said.losses)


def _of_damping(sentence: Sentence, i: int) -> bool:
    """The damping of loads is given; that of oscillations is another study."""
    return sentence.tokens[i].lemma in ("damping", "damp")
