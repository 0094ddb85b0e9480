"""Which changes of the grid go along with a question about a transformer's heat, and which words only sound like one?"""

from collections.abc import Sequence

from agent.brains.embedded.attitudes import of_mood
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Change, Mood
from agent.brains.embedded.held_load import held_load
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind

_ORDERED = (Mood.REQUEST, Mood.CONDITIONAL, Mood.NEGATED)
_PARTS = ("thermal:cooling", "thermal:paper", "thermal:insulation")
_HEATING = ("thermal:heat", "thermal:overheat", "thermal:warm", "thermal:insulation", "thermal:aged")
_CLAUSES = word_class("thermal.clauses")
_NEAR = 5  # words
_HOLDING = ("set", "put")
_WHOLE = frozenset({"all", "total", "system", "grid", "network", "every", "overall", "whole"})


def imagined(sentence: Sentence, spoken: Sequence[Spoken]) -> tuple[Change, ...] | None:
    """The changes to be studied first; None where something is ordered, forbidden or waits for a condition."""
    switching = [s for s in spoken if not (_of_a_part(sentence, s) or _of_life(sentence, s))]
    meant = [s for s in switching if not (_of_its_load(sentence, s) or _is_growth(sentence, s))]
    if of_mood(meant, *_ORDERED):
        return None
    meant = [s for s in meant if not _is_what_heats(sentence, s)]
    whole = (s.change for s in meant if not s.change.needs_target and (s.change.kind == "scale" or not s.change.needs_amount))
    return tuple(dict.fromkeys(whole))


def orders_cooling(sentence: Sentence, spoken: Sequence[Spoken]) -> bool:
    """'Switch the fans of trafo 3 off': nothing that is done to the transformer."""
    return any(s.mood is Mood.REQUEST and _of_a_part(sentence, s) for s in spoken)


def _of_a_part(sentence: Sentence, one: Spoken) -> bool:
    """'The fans of trafo 3 fail', 'trafo 3 loses its pumps', 'before its insulation fails': the transformer stays where it is."""
    if one.use is None:
        return False
    for hit in (h for h in sentence.hits if h.concept in _PARTS):
        first, last = (one.use.end, hit.start) if hit.start >= one.use.end else (hit.end, one.use.start)
        between = sentence.tokens[first:last]
        if len(between) <= _NEAR and _CLAUSES.isdisjoint(t.word for t in between):
            return True
    return False


def _is_what_heats(sentence: Sentence, one: Spoken) -> bool:
    """The trafo 3 of 'would opening trafo 4 overheat trafo 3': named after the heat, where the change has its own element before."""
    if one.use is None or one.change.element is None:
        return False
    starts = [m.start for m in sentence.mentions if m.start >= one.use.end]
    own = [m.start for m in sentence.mentions if one.change.element in m.elements]
    heats = [h.start for h in sentence.hits if h.concept in _HEATING]
    return bool(own) and any(starts and starts[0] < heat < own[0] for heat in heats)


def _of_life(sentence: Sentence, one: Spoken) -> bool:
    """'Loss of life of trafo 3', 'how much life does trafo 3 lose': nothing is switched."""
    if one.use is None or one.use.verb not in ("lose", "loss", "burn", "use", "cost"):
        return False
    near = (*sentence.tokens[max(one.use.start - _NEAR, 0) : one.use.start], *sentence.tokens[one.use.end : one.use.end + _NEAR])
    return any(t.lemma in ("life", "lifetime") for t in near)


def _of_its_load(sentence: Sentence, one: Spoken) -> bool:
    """'Run trafo 3 at 130 %' sets no tap, '125 % load' of a transformer scales no loads of the grid."""
    about = any(ElementKind.TRANSFORMER in k for k in _kinds(sentence))
    share = held_load(sentence).percent
    if one.change.kind == "set_tap":
        return not sentence.has("tap") and (one.mood is not Mood.REQUEST or (share is not None and sentence.asks))
    held = one.use is None or one.use.act in _HOLDING  # 'hold 110 % load', 'load trafo 2 to 120 %'
    loads = one.change.kind == "scale" and one.change.group == "loads" and held
    plural = any(h.concept == "load" and sentence.tokens[h.start].form == "s" for h in sentence.hits)
    return about and loads and one.change.by == 0 and share is not None and not plural and sentence.words.isdisjoint(_WHOLE)


def _is_growth(sentence: Sentence, one: Spoken) -> bool:
    growth = held_load(sentence).growth
    return growth is not None and one.change.kind == "scale" and one.change.amount == abs(growth)


def _kinds(sentence: Sentence) -> list[tuple[ElementKind, ...]]:
    return [m.kinds for m in sentence.mentions] + [k.kinds for k in sentence.kinds]
