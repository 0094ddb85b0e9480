"""Is it heat, load for a time, or life of a transformer that a sentence speaks of? And what of it, first of all?"""

import re
from collections.abc import Sequence
from itertools import pairwise

from agent.brains.embedded.frame import Change, Heating
from agent.brains.embedded.held_load import held_load
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.thermal_said import TRANSFORMERS, is_transformer
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_MODAL = word_class("thermal.modal")
_POINTING = word_class("thermal.pointing")
_ANY = word_class("thermal.any")
_HELPING = word_class("thermal.helping")
_REACHING = word_class("thermal.reaching")
_LASTING = word_class("thermal.lasting")
_REST = word_class("thermal.rest")
_TIME_LEFT = re.compile(
    r"\bhow (?:long|much (?:longer|time)|many (?:years|months))\b[^?.;]*"
    r"\b(?:left(?! (?:open|closed|alone|off|on|out)\b)|to (?:live|run)|remain(?:s|ing)?)\b"
)
_ENDS = frozenset({"before", "until", "till"})
_HOTTEST = ("hottest", "warmest")
_STRONG = ("thermal:heat", "thermal:overheat", "thermal:life", "thermal:ageing")
_WEAK = ("thermal:lasting", "thermal:aged", "thermal:paper", "thermal:cooling")
_OF_TIME = ("when", "how")
_OF_NOW = ("thermal:heat", "thermal:overheat", "thermal:warm")


def asks_of_heat(
    sentence: Sentence, heating: Heating, changes: Sequence[Change], registry: Registry, pointed: Sequence[str] | None = None
) -> bool:
    """Heat, life or ageing of whatever is named; warmth, age or paper of a transformer; a load that it is to carry."""
    others = _others(sentence, changes, registry, pointed)
    about = _speaks_of_transformer(sentence, changes, registry, pointed)
    if sentence.has(*_STRONG):
        return about or not (others and changes)  # what a change does to a line is seen in its loading
    if about:
        loaded = heating.ambient_celsius is not None or _is_held(sentence, heating) or lacks_load(sentence, heating)
        loaded = loaded or _bears_a_change(sentence, heating, changes, registry) or _helps_it(sentence)
        return (
            loaded
            or speaks_of_heat(sentence)
            or _lasts(sentence)
            or _reaches_limit(sentence)
            or _asks_of_replacing(sentence)
            or _is_left(sentence)
        )
    if changes or not (others or not (sentence.mentions or sentence.kinds)):
        return False
    timed = heating.horizon_hours is not None or heating.ambient_celsius is not None or asks_how_long(sentence)
    pronoun = not others and not sentence.words.isdisjoint(_POINTING)
    return heating.cooling_lost or ((timed or pronoun) and _is_held(sentence, heating) and sentence.has("thermal:bear"))


def speaks_of_heat(sentence: Sentence) -> bool:
    """A word for heat, age, paper or cooling; the 'thermal' of a 'thermal limit' is none."""
    ratings = {h.start for h in sentence.hits if h.concept == "rating"}
    heated = any(h.concept == "thermal:heated" and ratings.isdisjoint((h.start, h.end)) for h in sentence.hits)
    return heated or sentence.has(*_STRONG, *_WEAK, "thermal:warm")


def aspect(sentence: Sentence, heating: Heating) -> str:
    """What of it the answer begins with, the most special first."""
    shown = (
        ("why", sentence.has("cause") or _makes(sentence)),
        ("relief", asks_for_help(sentence)),
        ("polymerisation", sentence.has("thermal:paper") and not sentence.has("thermal:life")),
        ("ageing", sentence.has("thermal:ageing") and not sentence.has("thermal:life")),
        ("years", _asks_of_rest(sentence)),
        ("life", sentence.has("thermal:life", "thermal:lasting")),
        ("ageing", sentence.has("thermal:aged")),
        ("how_long", asks_how_long(sentence) and (heating.load_percent is not None or lacks_load(sentence, heating))),
        ("carry", heating.load_percent is not None or lacks_load(sentence, heating)),
        ("when", sentence.tokens[0].word == "when" or {"days", "many"} <= sentence.words),
        ("temperature", sentence.has("thermal:heat") or not sentence.words.isdisjoint(_HOTTEST)),
        ("cooling", sentence.has("thermal:cooling")),
        ("first", not sentence.words.isdisjoint(_ANY) and any(set(k.kinds) <= TRANSFORMERS for k in sentence.kinds)),
    )
    return next((name for name, is_asked in shown if is_asked), "")


def asks_for_help(sentence: Sentence) -> bool:
    """'What would relieve it', 'how can I keep it from overheating', 'what would help'."""
    return _asks_what_helps(sentence) or sentence.has("relief", "unbuilt:remedial")


def _asks_what_helps(sentence: Sentence) -> bool:
    return not sentence.words.isdisjoint(_HELPING) and "what" in sentence.words and "you" not in sentence.words


def _helps_it(sentence: Sentence) -> bool:
    """'What would help trafo 4 if trafo 3 is out': the transformer is the verb's object, and its loading is not what is asked."""
    helped = {i + 1 for i, t in enumerate(sentence.tokens) if t.word in _HELPING}
    objects = any(m.start in helped and m.kinds and set(m.kinds) <= TRANSFORMERS for m in sentence.mentions)
    return objects and _asks_what_helps(sentence) and not sentence.has("loading", "overload", "voltage", "losses")


def asks_how_long(sentence: Sentence) -> bool:
    words = [t.word for t in sentence.tokens]
    return any(a == "how" and b in ("long", "many") for a, b in pairwise(words)) or "how much time" in " ".join(words)


def lacks_load(sentence: Sentence, heating: Heating) -> bool:
    """'How long can trafo 3 be overloaded', 'what load can it carry for an hour', '400 MVA for an hour': to be asked as a share."""
    if held_load(sentence).percent is not None:
        return False
    timed = heating.horizon_hours is not None or heating.ambient_celsius is not None
    bears = timed and sentence.has("thermal:bear") and not sentence.words.isdisjoint(_MODAL)
    sought = sentence.has("load", "loading") and not sentence.words.isdisjoint(("what", "which", "much"))
    return (asks_how_long(sentence) and sentence.has("overload")) or (bears and (sought or bool(held_load(sentence).unit)))


def _speaks_of_transformer(sentence: Sentence, changes: Sequence[Change], registry: Registry, pointed: Sequence[str] | None) -> bool:
    """Of one that stays in service: what is taken out does not heat up."""
    out = {c.element for c in changes if c.kind == "open"}
    staying = [m for m in sentence.mentions if not m.elements or not out.issuperset(m.elements)]
    kinds = [*(m.kinds for m in staying), *(k.kinds for k in sentence.kinds)]
    return any(k and set(k) <= TRANSFORMERS for k in kinds) or any(is_transformer(n, registry) for n in pointed or ())


def _others(sentence: Sentence, changes: Sequence[Change], registry: Registry, pointed: Sequence[str] | None) -> list[str]:
    """Elements that the question is about and that are no transformers."""
    changed = {c.element for c in changes}
    named = [n for m in sentence.mentions for n in m.elements if n not in changed and not is_transformer(n, registry)]
    return named or [n for n in pointed or () if not is_transformer(n, registry)]


def _is_held(sentence: Sentence, heating: Heating) -> bool:
    """A load that is asked for or imagined; 'trafos above 80 %' and 'is trafo 3 at 78 %?' look at the present one."""
    if heating.load_percent is None:
        return False
    bounded = any(q.unit == "percent" and q.relation == "above" for q in sentence.quantities)
    if (bounded and sentence.words.isdisjoint(("can", "could", "may"))) or "been" in sentence.words:
        return False
    limits = heating.horizon_hours is not None or heating.ambient_celsius is not None or heating.cooling_lost
    imagined_load = not sentence.words.isdisjoint(_MODAL) and sentence.has("thermal:bear", "loading", "load")
    return limits or imagined_load or asks_how_long(sentence)


def _bears_a_change(sentence: Sentence, heating: Heating, changes: Sequence[Change], registry: Registry) -> bool:
    """'Can trafo 3 carry it for two hours if trafo 4 is out': only heat knows of the two hours."""
    changed = {c.element for c in changes}
    bears = any(n not in changed and is_transformer(n, registry) for m in sentence.mentions for n in m.elements)
    return bears and bool(changes) and heating.horizon_hours is not None and sentence.has("thermal:bear")


def _lasts(sentence: Sentence) -> bool:
    """'How long will trafo 3 last', 'will it survive another ten years'."""
    lasting = any(t.lemma in _LASTING for t in sentence.tokens)
    return lasting and (asks_how_long(sentence) or any(t.lemma == "year" for t in sentence.tokens))


def _is_left(sentence: Sentence) -> bool:
    """'How long has trafo 2 got left': its years; with a load, warmth or 'before it trips' it is another time."""
    loaded = any(q.unit == "percent" for q in sentence.quantities) or sentence.has(*_OF_NOW, "overload", "thermal:cooling")
    return not loaded and sentence.words.isdisjoint(_ENDS) and bool(_TIME_LEFT.search(sentence.text.lower()))


def _asks_of_rest(sentence: Sentence) -> bool:
    """How much of its life is left, not what a load takes of it."""
    rest = any(not _REST.isdisjoint((t.word, t.lemma)) for t in sentence.tokens)
    return (
        _lasts(sentence) or _is_left(sentence) or _asks_of_replacing(sentence) or (sentence.has("thermal:life", "thermal:lasting") and rest)
    )


def _asks_of_replacing(sentence: Sentence) -> bool:
    """'Should we replace trafo 1', 'which one has to be replaced first': the years that are left say so; 'replace trafo 1' is an order."""
    asked = sentence.asks or not (_ANY | _MODAL).isdisjoint([sentence.tokens[0].word]) or sentence.tokens[0].word in _OF_TIME
    return sentence.has("thermal:replacing") and asked and not sentence.has(*_OF_NOW)


def _reaches_limit(sentence: Sentence) -> bool:
    """'When will trafo 5 reach its limit': in time, where 'does it exceed its rating' is about now."""
    reaching = any(t.lemma in _REACHING for t in sentence.tokens) and not sentence.words.isdisjoint(("limit", "limits"))
    return reaching and not sentence.words.isdisjoint(("when", "until", "soon", "long", "many"))


def _makes(sentence: Sentence) -> bool:
    """'What makes trafo 3 so warm', 'what is making it hot'."""
    return sentence.tokens[0].word == "what" and any(t.lemma == "make" for t in sentence.tokens[1:3])
