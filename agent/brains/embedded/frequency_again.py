"""'And with 30 GWs?', 'how much load is shed?', '500 MW': the last question for frequency, varied or completed."""

from collections.abc import Sequence

from agent.brains.embedded.cascade_again import is_opened
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.disturbances import PowerLoss
from agent.brains.embedded.disturbed import is_ordered
from agent.brains.embedded.frame import Frame, Understood
from agent.brains.embedded.frequency import ELSEWHERE, completed_frequency, lost_elements
from agent.brains.embedded.frequency_evidence import asks_of_frequency, frequency_aspect
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.power_lost import power_said
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_MORE = word_class("disturbed_again.more") | {"another", "later"}
_POINTING = frozenset({"it", "that", "then"})
_OTHER_STUDIES = ("overload", "loading", "voltage", "losses", "n1", "cascade:spread")
_LONGEST = 14  # words: a longer sentence says itself what it wants
_SHORT = 9  # of a question that names nothing


def frequency_again(last: Frame, sentence: Sentence, spoken: Sequence[Spoken], registry: Registry) -> Understood | None:
    """The last frame with what is said anew in its place; None where the sentence is no variation of it."""
    if sentence.has(*ELSEWHERE, *_OTHER_STUDIES) or is_ordered(spoken) or len(sentence.tokens) > _LONGEST:
        return None
    before, names = last.power or PowerLoss(), lost_elements(sentence, registry)
    said = power_said(sentence, before.frequency_hz or registry.model.frequency_hz, element_lost=_is_added(sentence))
    topic, varies = frequency_aspect(sentence), said != PowerLoss() or bool(names)
    asks_on = bool(topic) and (not _POINTING.isdisjoint(sentence.words) or len(sentence.tokens) <= _SHORT)
    speaks = asks_of_frequency(sentence, said, named=False) and not names
    if not ((is_opened(sentence) and (varies or topic)) or asks_on or speaks):
        return None
    frame = last.model_copy(
        update={
            "elements": _elements(last, names, said),
            "power": merged(before, said, bool(names)),
            "topic": topic or last.topic,
            "then": None,
        }
    )
    return name_problem(sentence, frame) or completed_frequency(frame, registry)


def answered_loss(frame: Frame, sentence: Sentence, registry: Registry) -> Understood | None:
    """What was asked back: '450 MW', '450', 'Sgen 54', 'the largest infeed'."""
    names, said = lost_elements(sentence, registry), power_said(sentence, registry.model.frequency_hz)
    bare = [q.value for q in sentence.quantities if not q.unit]
    if not names and not said.is_named and len(bare) == 1:
        said = said.model_copy(update={"loss_mw": bare[0]})
    if not names and said == PowerLoss():
        return None
    power = merged(frame.power or PowerLoss(), said, bool(names))
    return name_problem(sentence) or completed_frequency(
        frame.model_copy(update={"elements": names or frame.elements, "power": power}), registry
    )


def merged(before: PowerLoss, said: PowerLoss, named: bool) -> PowerLoss:
    """What was said before, with what is said now in its place; another first loss takes the place of the first."""
    update = {k: v for k, v in said if v not in (None, ()) and v != getattr(PowerLoss(), k)}
    if said.loss_mw is not None or said.lost_load_mw is not None or said.largest is not None or named:
        update = {"loss_mw": None, "lost_load_mw": None, "largest": None, **update}
    for whose in ("reserve", "fast"):
        if whose in update:
            update[whose] = getattr(before, whose).model_copy(update={k: v for k, v in getattr(said, whose) if v is not None})
    return before.model_copy(update=update)


def _elements(last: Frame, names: tuple[str, ...], said: PowerLoss) -> tuple[str, ...]:
    replaced = said.loss_mw is not None or said.lost_load_mw is not None or said.largest is not None
    return names or (() if replaced else last.elements)


def _is_added(sentence: Sentence) -> bool:
    """'And another 200 MW 10 s later' comes on top."""
    return not _MORE.isdisjoint(sentence.words)
