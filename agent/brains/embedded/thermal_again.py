"""'How much life does it cost?', 'and at 40 degrees?', 'and trafo 4?': the last question about a transformer's heat, varied."""

from collections.abc import Sequence

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Frame, Heating, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.thermal import ELSEWHERE
from agent.brains.embedded.thermal_changes import imagined, orders_cooling
from agent.brains.embedded.thermal_evidence import asks_for_help, asks_how_long, aspect, speaks_of_heat
from agent.brains.embedded.thermal_said import completed_heating, heating_said, is_transformer, merged
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind, Registry

_OPENERS = word_class("thermal_again.openers")
_NOW = frozenset({"now", "currently", "presently"})
_LONGEST = 12  # words: a longer sentence says itself what it wants
_FRAGMENT = 4
_BARE = 3


def heated_again(last: Frame, sentence: Sentence, spoken: Sequence[Spoken], registry: Registry) -> Understood | None:
    """The last frame with what is said anew in its place; None where the sentence is no variation of it."""
    changes = imagined(sentence, spoken)
    if changes is None or sentence.has(*ELSEWHERE) or orders_cooling(sentence, spoken) or len(sentence.tokens) > _LONGEST:
        return None
    changed = {c.element for c in changes}
    named = tuple(dict.fromkeys(n for m in sentence.mentions if not m.excluded for n in m.elements if n not in changed))
    said, opened = heating_said(sentence, changes), _is_opened(sentence)
    if not _is_variation(last, sentence, said, bool(named or changes), opened) or any(not is_transformer(n, registry) for n in named):
        return None
    whole = any(ElementKind.TRANSFORMER in k.kinds and k.plural for k in sentence.kinds)
    heating = merged(last.heating, said)
    if "how long" in sentence.text.lower() and said.horizon_hours is None:
        heating = heating.model_copy(update={"horizon_hours": None})
    frame = last.model_copy(
        update={
            "elements": named or (() if whole else last.elements),
            "changes": changes or tuple(c for c in last.changes if c.element not in named),
            "heating": heating,
            "topic": _topic(sentence, said, heating) or last.topic,
            "then": None,
        }
    )
    return name_problem(sentence, frame) or completed_heating(frame, sentence, registry)


def _topic(sentence: Sentence, said: Heating, heating: Heating) -> str:
    """What is asked anew; '' where only a value is replaced, which keeps what was asked before."""
    if not (_of_heat(sentence) or _why(sentence) or said.load_percent is not None or asks_how_long(sentence)):
        return ""
    return aspect(sentence, heating if asks_how_long(sentence) else said)


def _is_variation(last: Frame, sentence: Sentence, said: Heating, replaces: bool, opened: bool) -> bool:
    """Opened by 'and', or short: anything of heat; a whole sentence: one that speaks of heat, names nothing and does not ask for now."""
    kinds = bool(sentence.kinds)
    carried = (said.load_percent is not None or asks_how_long(sentence)) and sentence.has("thermal:bear")
    held_before = last.heating is not None and last.heating.load_percent is not None
    asks_on = _of_heat(sentence) or _why(sentence) or (carried and held_before)
    if opened:
        return replaces or said != Heating() or asks_on or kinds
    if replaces or kinds or not _NOW.isdisjoint(sentence.words):
        return False
    return asks_on


def _is_opened(sentence: Sentence) -> bool:
    """'And ...', 'with ...', '140 %', 'what about ...', 'what if the fans ...'."""
    text = " ".join(t.word for t in sentence.tokens)
    short = len(sentence.tokens) <= _FRAGMENT and bool(sentence.quantities) and not sentence.mentions
    starts = text.startswith(("what about", "how about", "the same "))
    return sentence.tokens[0].word in _OPENERS or short or starts or (text.startswith("what if") and sentence.has("thermal:cooling"))


def _of_heat(sentence: Sentence) -> bool:
    return speaks_of_heat(sentence) or (asks_for_help(sentence) and not sentence.mentions and not sentence.has("loading"))


def _why(sentence: Sentence) -> bool:
    """'Why?', 'and when?', 'how long?'"""
    words = [t.word for t in sentence.tokens if t.word.isalpha()]
    return len(words) <= _BARE and not {"why", "when", "how"}.isdisjoint(words) and not sentence.has("loading", "voltage", "load")
