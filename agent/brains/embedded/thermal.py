"""A question about how hot a transformer gets, what it can carry and for how long, or how much of its life is left, as a frame."""

from collections.abc import Sequence

from agent.brains.embedded.celsius import temperatures
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.features import top_count
from agent.brains.embedded.frame import Change, Heating, Intent, Mood, Refusal, Understood
from agent.brains.embedded.lookup_evidence import by_standard
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.queries import query
from agent.brains.embedded.replies import say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.thermal_changes import imagined, orders_cooling
from agent.brains.embedded.thermal_evidence import asks_of_heat, aspect
from agent.brains.embedded.thermal_said import TRANSFORMERS, completed_heating, heating_said, is_transformer, which_transformer
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_POINTING = word_class("thermal.pointing")
_DEFINITE = word_class("thermal.definite")
# what may speak of heat, too, and is no question of it
ELSEWHERE = ("live:alarm", "live:acknowledge", "live:measured", "live:estimated", "off_topic")
_NOT_ONLY_PAST = ("thermal:life", "thermal:ageing", "thermal:lasting", "thermal:aged")  # 'how much has it aged in the last year'


def thermal(sentence: Sentence, spoken: Sequence[Spoken], registry: Registry, pointed: Sequence[str] | None) -> Understood | None:
    """The frame of such a question, what it lacks, or None. `pointed`: what 'it' means; empty where it is unclear, None without 'it'."""
    if sentence.has(*ELSEWHERE) or (_asks_of_standard(sentence)):
        return None
    if orders_cooling(sentence, spoken):
        return Refusal(text=say("no_cooling_order"))
    changes = imagined(sentence, spoken)
    if changes is None:
        return None
    heating = heating_said(sentence, changes)
    if not asks_of_heat(sentence, heating, changes, registry, pointed):
        return None
    if sentence.has("live:past") and heating.horizon_hours is None and not sentence.has(*_NOT_ONLY_PAST):
        return Refusal(text=say("no_trend"))
    return thermal_frame(sentence, changes, heating, registry, pointed)


def _asks_of_standard(sentence: Sentence) -> bool:
    """A standard is named and no transformer is, unless it is the method to study them by."""
    return sentence.has("knowledge:source", "knowledge:ruling") and not sentence.mentions and not by_standard(sentence)


def thermal_frame(
    sentence: Sentence, changes: tuple[Change, ...], heating: Heating, registry: Registry, pointed: Sequence[str] | None
) -> Understood:
    """The frame, or what is missing for it. A transformer that fails is not the one that heats up."""
    changed = {c.element for c in changes}
    named = [n for m in sentence.mentions if not m.excluded for n in m.elements if n not in changed]
    about = tuple(dict.fromkeys(named or pointed or ()))
    own = tuple(n for n in about if is_transformer(n, registry))
    frame = query(Intent.THERMAL, sentence, registry).model_copy(
        update={
            "elements": own or about[:1],
            "topic": aspect(sentence, heating),
            "changes": changes,
            "mood": Mood.HYPOTHETICAL if changes else Mood.UNCLEAR,
            "heating": heating,
            "threshold": temperatures(sentence.text).limit,
            "top": None if heating.horizon_hours else top_count(sentence),
            "method": None,
            "minimum_kv": None,
        }
    )
    problem = name_problem(sentence, frame)
    if problem is not None:
        return problem
    if not frame.elements and _means_one(sentence, heating, pointed):
        return which_transformer(frame, registry)
    return completed_heating(frame, sentence, registry)


def _means_one(sentence: Sentence, heating: Heating, pointed: Sequence[str] | None) -> bool:
    """'Can it carry 130 %' and 'how hot is the transformer' mean one that nobody has named."""
    kinds = [k for k in sentence.kinds if set(k.kinds) <= TRANSFORMERS]
    definite = any(not k.plural and k.start and sentence.tokens[k.start - 1].word in _DEFINITE for k in kinds)
    free = not kinds and not sentence.mentions  # 'each transformer' and 'transformers' leave nothing open
    pointing = pointed == () or not sentence.words.isdisjoint(_POINTING)
    return definite or (free and pointing) or (free and (heating.load_percent is not None or heating.cooling_lost))
