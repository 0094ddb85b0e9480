"""What is said of a transformer's heat: load, ambient temperature, time, growth, lost cooling; and what cannot be taken as said."""

import re
from collections.abc import Sequence
from typing import Literal

from agent.brains.embedded.celsius import temperatures
from agent.brains.embedded.durations import LONGEST_HOURS, hours_asked
from agent.brains.embedded.frame import Ask, Change, Frame, Heating, Refusal, Understood
from agent.brains.embedded.held_load import held_load
from agent.brains.embedded.replies import listing, say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.shares_of_rating import with_share
from agent.brains.embedded.studies import completed_study
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind, Registry

_LOST = word_class("thermal.lost")
_SEASONS = word_class("thermal.seasons")
_FEW = 8
_MOST_PERCENT, _MOST_CELSIUS, _GROWTH = 400.0, 60.0, (-20.0, 50.0)  # as tools/thermal_args.py
TRANSFORMERS = frozenset({ElementKind.TRANSFORMER, ElementKind.THREE_WINDING})
_METHODS: tuple[tuple[Literal["ieee_clause_7", "ieee_annex_g"], re.Pattern[str]], ...] = (  # of IEEE C57.91; IEC 60076-7 else
    ("ieee_annex_g", re.compile(r"\bannex g\b")),
    ("ieee_clause_7", re.compile(r"\bclause (?:7|seven)\b|\bieee\b|\bc57\.91\b")),
)
_COOLING: tuple[tuple[Literal["ONAN", "ONAF", "OF", "OD"], re.Pattern[str]], ...] = (
    ("ONAN", re.compile(r"\bonan\b")),
    ("ONAF", re.compile(r"\bonaf\b")),
    ("OD", re.compile(r"\bod(?:af|an|wf)\b")),
    ("OF", re.compile(r"\bof(?:af|an|wf)\b")),  # 'of' alone is a word
)
_OF_LIFE = ("life", "years", "ageing", "polymerisation")


def heating_said(sentence: Sentence, changes: Sequence[Change] = ()) -> Heating:
    """The arguments that the words of one sentence give; `changes` own their amounts."""
    scaled = frozenset(c.amount for c in changes if c.amount is not None)
    held = held_load(sentence, scaled)
    return Heating(
        load_percent=held.percent,
        ambient_celsius=temperatures(sentence.text).ambient_celsius,
        horizon_hours=hours_asked(sentence.text),
        growth_percent_per_year=held.growth,
        method=method_said(sentence),
        cooling_lost=cooling_lost(sentence),
        cooling=next((name for name, pattern in _COOLING if pattern.search(sentence.text.lower())), None),
    )


def method_said(sentence: Sentence) -> Literal["ieee_clause_7", "ieee_annex_g"] | None:
    return next((name for name, pattern in _METHODS if pattern.search(sentence.text.lower())), None)


def cooling_lost(sentence: Sentence) -> bool:
    return sentence.has("thermal:cooling") and any(not _LOST.isdisjoint((t.word, t.lemma)) for t in sentence.tokens)


def is_transformer(name: str, registry: Registry) -> bool:
    return any(e.kind in TRANSFORMERS for e in registry.exact(name))


def completed_heating(frame: Frame, sentence: Sentence, registry: Registry) -> Understood:
    """The frame when nothing is missing; else the question that brings it, or why it cannot be asked."""
    frame = with_share(frame, sentence, registry)
    heating, said = frame.heating or Heating(), temperatures(sentence.text)
    other = next((n for n in frame.elements if not is_transformer(n, registry)), None)
    if other is not None:
        return Refusal(text=say("transformers_only", element=other))
    if held_load(sentence, frozenset(c.amount for c in frame.changes if c.amount is not None)).several:
        return Refusal(text=say("one_load"))
    if said.shifted:
        return Refusal(text=say("ambient_shift"))
    if (heating.horizon_hours or 0.0) > LONGEST_HOURS:
        if frame.topic not in _OF_LIFE or heating.load_percent is not None:
            return Refusal(text=say("too_far"))
        frame = frame.model_copy(update={"heating": heating.model_copy(update={"horizon_hours": None})})
    if _is_out_of_range(heating):
        return Refusal(text=say("thermal_range"))
    if heating.ambient_celsius is None and (not _SEASONS.isdisjoint(sentence.words) or "heat wave" in sentence.text.lower()):
        return Ask(text=say("which_ambient"), missing="value", frame=frame)
    if frame.topic in ("how_long", "carry") and heating.load_percent is None:
        return Ask(text=say("which_load"), missing="value", frame=frame)
    return completed_study(frame, registry)


def _is_out_of_range(heating: Heating) -> bool:
    """Beyond the study's own bounds: load, ambient temperature, growth, or no time at all."""
    ambient, growth = heating.ambient_celsius or 0.0, heating.growth_percent_per_year or 0.0
    beyond = (heating.load_percent or 0.0) > _MOST_PERCENT or abs(ambient) > _MOST_CELSIUS or not _GROWTH[0] <= growth <= _GROWTH[1]
    return beyond or heating.horizon_hours == 0.0


def which_transformer(frame: Frame, registry: Registry) -> Ask:
    """Ask for the transformer; a few are offered."""
    names = tuple(e.name for e in registry.elements if e.kind in TRANSFORMERS)
    offered = f" There are {listing(names, 'and')}." if 0 < len(names) <= _FEW else ""
    return Ask(text=say("which_transformer", names=offered), missing="element", frame=frame, candidates=names if offered else ())


def answered(asked: Ask, frame: Frame, sentence: Sentence, registry: Registry) -> Understood | None:
    """The value that was asked back, by its unit or alone: '35 °C', 'minus 10', '130 %', '140'."""
    said = heating_said(sentence)
    bare = [q.value for q in sentence.quantities if not q.unit]
    field = "ambient_celsius" if asked.text == say("which_ambient") else "load_percent"
    if field == "load_percent" and with_share(frame, sentence, registry) is not frame:
        return completed_heating(frame, sentence, registry)
    value = getattr(said, field)
    if value is None:
        value = bare[0] if len(bare) == 1 else None
    if value is None:
        return None
    heating = merged(frame.heating, said).model_copy(update={field: value})
    return completed_heating(frame.model_copy(update={"heating": heating}), sentence, registry)


def merged(before: Heating | None, said: Heating) -> Heating:
    """What was said before, with what is said now in its place."""
    return (before or Heating()).model_copy(update={k: v for k, v in said if v not in (None, False)})
