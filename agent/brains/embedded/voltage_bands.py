"""Within which voltages are the buses to be judged: a band, one limit, or so many percent around the nominal voltage?"""

from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_UPPER, _LOWER = word_class("voltages.upper"), word_class("voltages.lower")
_LIMITS = frozenset({"limit", "bound", "threshold", "ceiling", "floor", "maximum", "minimum"})
_OVER, _UNDER = frozenset({"above", "over"}), frozenset({"below", "under"})
_NOMINAL = frozenset({"nominal", "rated"})
Band = tuple[float | None, float | None]


def band_asked(sentence: Sentence, registry: Registry) -> Band | None:
    """Lower and upper limit in pu, None where a side is open; None where no voltage bounds anything."""
    pu = next((q for q in sentence.quantities if q.unit == "pu" or (not q.unit and 0.5 < q.value < 1.6)), None)
    if pu is not None:
        return _limit(sentence, pu) or _band(pu.value, pu.high, pu.relation)
    kv = next((q for q in sentence.quantities if q.unit == "kv" and q.relation in ("above", "below", "between")), None)
    if kv is not None:
        level = _level(registry, kv.value)
        if kv.relation == "above" and kv.value == level:
            return None  # '220 kV and above' is a level of the grid, no bound on what is measured
        return _band(kv.value / level, kv.high / level if kv.high else None, kv.relation)
    return _around_nominal(sentence)


def _around_nominal(sentence: Sentence) -> Band | None:
    """'More than 5 % from nominal' is beyond either side, '5 % above nominal' beyond one."""
    percent = next((q for q in sentence.quantities if q.unit == "percent"), None)
    if percent is None or not {t.lemma for t in sentence.tokens} & _NOMINAL or not sentence.has("voltage", "kind"):
        return None
    off, after = percent.value / 100.0, {t.word for t in sentence.tokens[percent.end : percent.end + 2]}
    return (None if after & _OVER else 1.0 - off, None if after & _UNDER else 1.0 + off)


def _band(value: float, high: float | None, relation: str) -> Band | None:
    if high is not None:
        return (min(value, high), max(value, high))
    return {"above": (None, value), "below": (value, None)}.get(relation)


def _limit(sentence: Sentence, pu: Quantity) -> Band | None:
    """'1.12 pu as the upper limit', 'a lower limit of 0.95'."""
    if pu.high is not None or not {t.lemma for t in sentence.tokens} & _LIMITS:
        return None
    upper, lower = not sentence.words.isdisjoint(_UPPER), not sentence.words.isdisjoint(_LOWER)
    return None if upper is lower else (None, pu.value) if upper else (pu.value, None)


def _level(registry: Registry, kv: float) -> float:
    """The nominal voltage a value in kV belongs to: the nearest in ratio."""
    levels = sorted({float(v) for v in registry.model.buses.nominal_kv})
    return min(levels, key=lambda level: abs(kv / level - 1.0))
