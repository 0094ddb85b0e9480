"""Is the question about the live grid: its measurements, its past, its alarms? Ahead of studies, which know nothing of them."""

from collections.abc import Mapping, Sequence

from agent.brains.embedded.alerts import acknowledges, alarm_frame, switched
from agent.brains.embedded.attitudes import of_mood
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.estimates import estimate_frame
from agent.brains.embedded.frame import Frame, Intent, Mood, Understood
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.trends import past_of, trend
from grid_models.twin.registry import ElementKind, Registry

LIVE = (Intent.ESTIMATE, Intent.HISTORY, Intent.ALARMS)
_CLEAR, _MARGIN = 1.9, 0.5  # as data/intents.yaml decides


def watched(
    sentence: Sentence,
    spoken: Sequence[Spoken],
    scores: Mapping[Intent, float],
    memory: Memory,
    registry: Registry,
    pointed: Sequence[str] = (),
) -> Understood | None:
    """The frame of such a question where the words clearly speak for one; None for anything else, and whenever a change is ordered."""
    if acknowledges(sentence):
        return Frame(intent=Intent.ACKNOWLEDGE)
    if of_mood(spoken, Mood.REQUEST, Mood.CONDITIONAL, Mood.NEGATED) and any(not s.change.needs_target for s in spoken):
        return None
    spoken = [s for s in spoken if not _is_attribute(sentence, s)]
    past = switched(sentence, spoken) or trend(sentence, spoken, memory, registry, pointed)
    if past is not None:
        return past
    imagined = any(s.change.element or s.change.group for s in spoken) or "if" in sentence.words
    best = max(scores, key=lambda intent: scores[intent])
    others = max(score for intent, score in scores.items() if intent is not best)
    if best not in LIVE or imagined or scores[best] < _CLEAR or scores[best] - others < _MARGIN:
        return None
    return live_frame(best, sentence, registry, pointed)


def _is_attribute(sentence: Sentence, one: Spoken) -> bool:
    """'Open alarms', 'is the meter off': a state of the alarm or the meter, no position of the element named beside it."""
    if one.use is None:
        return False
    adjective = any(h.concept == "live:alarm" and h.start == one.use.end for h in sentence.hits)
    return adjective or (one.use.act in ("be_out", "be_in") and sentence.has("live:measured"))


def live_frame(intent: Intent, sentence: Sentence, registry: Registry, pointed: Sequence[str] = ()) -> Understood:
    """The frame of one of the live questions once the intent is known."""
    if intent is Intent.ESTIMATE:
        return estimate_frame(sentence, registry, pointed)
    position = any(k.kinds == (ElementKind.SWITCH,) for k in sentence.kinds)  # no value that is kept: its changes are alarms
    return alarm_frame(sentence, pointed) if intent is Intent.ALARMS or position else past_of(sentence, registry, pointed)
