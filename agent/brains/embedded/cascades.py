"""A question about what a loss sets off if nobody acts, as a frame."""

from collections.abc import Sequence

from agent.brains.embedded.cascade_evidence import cascade_aspect, speaks_of_cascade, speaks_of_more
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.disturbances import Spread
from agent.brains.embedded.disturbed import failed_before, failures, is_ordered
from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Refusal, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.outage_choice import method_asked
from agent.brains.embedded.replies import example, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.spread_said import spread_said
from agent.brains.embedded.studies import completed_study
from agent.brains.embedded.together import all_of_a_kind
from grid_models.twin.registry import Registry

_LONGEST_MINUTES, _MOST_SAMPLES, _MOST_OUTAGES, _HIGHEST_FACTOR = 1440.0, 100_000, 20, 10.0  # as tools/cascade_args.py
ELSEWHERE = ("live:alarm", "live:acknowledge", "live:past", "off_topic")


def cascade(
    sentence: Sentence, spoken: Sequence[Spoken], registry: Registry, pointed: Sequence[str] | None, last: Frame | None
) -> Understood | None:
    """The frame of such a question, what it lacks, or None. `pointed`: what 'it' means; `last`: what was studied before."""
    certain = speaks_of_cascade(sentence)
    if sentence.has(*ELSEWHERE) or is_ordered(spoken) or not (certain or speaks_of_more(sentence)):
        return None
    understood = cascade_frame(sentence, spoken, registry, pointed, last)
    lacks_all = isinstance(understood, Ask) and understood.frame is not None and not understood.frame.elements and not sentence.mentions
    studied = sentence.has("n1", "outages:pairs")  # of every outage, or every pair
    return None if lacks_all and (studied or not certain) else understood


def cascade_frame(
    sentence: Sentence, spoken: Sequence[Spoken], registry: Registry, pointed: Sequence[str] | None, last: Frame | None
) -> Understood:
    """The frame, or what is missing for it."""
    names, changes = failures(sentence, spoken, registry)
    names = names or all_of_a_kind(sentence, registry) or tuple(pointed or ()) or (() if sentence.mentions else failed_before(last))
    method = method_asked(sentence)
    frame = Frame(
        intent=Intent.CASCADE,
        topic=cascade_aspect(sentence),
        elements=names,
        changes=changes,
        mood=Mood.HYPOTHETICAL,
        method="dc" if method == "dc" else "fast_decoupled" if method else None,
        spread=spread_said(sentence),
        yes_no=sentence.asks,
    )
    return name_problem(sentence, frame) or completed_cascade(frame, registry)


def completed_cascade(frame: Frame, registry: Registry) -> Understood:
    """The frame when nothing is missing; else the question that brings it, or why it cannot be simulated."""
    said = frame.spread or Spread()
    if frame.method == "fast_decoupled":
        return Refusal(text=say("cascade_method"))
    beyond = max(said.horizon_minutes or 0.0, said.reaction_minutes or 0.0) > _LONGEST_MINUTES or said.horizon_minutes == 0.0
    factor, samples = said.rating_factor or 1.0, said.samples or 1
    if (
        beyond
        or not 0.0 < factor <= _HIGHEST_FACTOR
        or said.rating_factor == 0.0
        or samples > _MOST_SAMPLES
        or len(frame.elements) > _MOST_OUTAGES
    ):
        return Refusal(text=say("cascade_range"))
    if not frame.elements and not any(c.described for c in frame.changes):
        return Ask(text=say("which_outages", example=example(registry)), missing="element", frame=frame)
    return completed_study(frame, registry)
