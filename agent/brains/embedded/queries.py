"""A question about the grid as a frame: how many rows, which kind, which threshold or band, which value."""

from agent.brains.embedded.columns import column_asked, is_ordered
from agent.brains.embedded.features import state_of_kind, top_count
from agent.brains.embedded.filters import bounds_asked
from agent.brains.embedded.frame import Frame, Intent, Threshold
from agent.brains.embedded.kind_asked import kind_asked, level_asked
from agent.brains.embedded.outage_choice import method_asked, outage_fields
from agent.brains.embedded.places import places_in
from agent.brains.embedded.queue_asked import status_of_proposals
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from agent.brains.embedded.voltage_bands import band_asked
from grid_models.twin.registry import ElementKind, Registry

_AUXILIARIES = word_class("queries.auxiliaries")
_COUNTED = word_class("features.counted")
_SUPERLATIVE = word_class("features.superlative")
_ROOM = word_class("queries.room")
_ATTRIBUTES = (  # concept → topic of a detail question, most specific first
    ("tap", "tap"),
    ("rating", "rating"),
    ("voltage", "voltage"),
    ("current", "current"),
    ("flow", "flow"),
    ("loading", "loading"),
    ("status", "status"),
    ("generation", "power"),
)

_FIELDS = {"percent": "loading_percent", "pu": "vm_pu", "mw": "p_mw", "ka": "current_ka"}


def query(intent: Intent, sentence: Sentence, registry: Registry, elements: tuple[str, ...] = ()) -> Frame:
    """The frame of a question that changes nothing."""
    frame = Frame(
        intent=intent,
        elements=elements or tuple(dict.fromkeys(n for m in sentence.mentions for n in m.elements if not m.excluded)),
        kind=kind_asked(sentence),
        top=top_count(sentence),
        order="lowest" if sentence.has("low") and not sentence.has("high") else "highest",
        minimum_kv=level_asked(sentence),
        single=_is_single(sentence),
        yes_no=bool(sentence.tokens) and sentence.tokens[0].word in _AUXILIARIES,
    )
    extra = _EXTRAS[intent](sentence, registry) if intent in _EXTRAS else {}
    return frame.model_copy(update={"method": method_asked(sentence), **extra})


def _is_single(sentence: Sentence) -> bool:
    """'Which line is the most loaded', 'which of the lines is': no plural, no count, and a superlative."""
    words = [t.word for t in sentence.tokens]
    one_of = any(words[i : i + 2] in (["which", "of"], ["one", "of"]) for i in range(len(words)))
    several = any(k.plural for k in sentence.kinds) or any(t.form == "s" and t.lemma in _COUNTED for t in sentence.tokens)
    plural = several and not one_of
    return not plural and top_count(sentence) in (None, 1) and not sentence.words.isdisjoint(_SUPERLATIVE)


def _loadings(sentence: Sentence, registry: Registry) -> dict[str, object]:
    ka = next((q for q in sentence.quantities if q.unit == "ka" and q.relation in ("above", "below")), None)
    percent = ka or next(
        (q for q in sentence.quantities if q.unit == "percent" or (not q.unit and q.relation in ("above", "below") and q.value > 3)), None
    )
    threshold = None
    if percent is not None and percent.relation != "by":
        field = "current_ka" if ka else "loading_percent"
        threshold = Threshold(field=field, op="<" if percent.relation == "below" else ">", value=percent.value)
    lowest = sentence.has("low") and not {"most", "highest", "heaviest", "worst", "top"} & sentence.words
    if not _ROOM.isdisjoint(sentence.words) and (sentence.has("low") or sentence.has("high")):  # the least headroom is the highest loading
        lowest = not lowest
    return {"threshold": threshold, "order": "lowest" if lowest else "highest", "minimum_kv": None if percent else level_asked(sentence)}


def _voltages(sentence: Sentence, registry: Registry) -> dict[str, object]:
    pu = next((q for q in sentence.quantities if q.unit == "pu" or (not q.unit and 0.5 < q.value < 1.6)), None)
    over, under = bool({"overvoltage", "overvoltages"} & sentence.words), bool({"undervoltage", "undervoltages"} & sentence.words)
    lowest = under or (sentence.has("low") and not sentence.has("high"))
    return {
        "band": band_asked(sentence, registry),
        "order": "lowest" if lowest else "highest",
        "minimum_kv": None,
        "topic": "over" if over else "under" if under else "",
        "threshold": _one_sided(pu.value, pu.relation) if pu is not None else None,
    }


def _one_sided(value: float, relation: str) -> Threshold | None:
    return Threshold(field="vm_pu", op=">" if relation == "above" else "<", value=value) if relation in ("above", "below") else None


def _balance(sentence: Sentence, registry: Registry) -> dict[str, object]:
    found = [name for name in ("exchange", "balance", "wind", "pv", "load", "generation") if sentence.has(name)]
    both = {"load", "generation"} <= set(found)
    return {"topic": "balance" if both else found[0] if found else "balance"}


def _detail(sentence: Sentence, registry: Registry) -> dict[str, object]:
    compared = sentence.has("compare")
    bound = next((q for q in sentence.quantities if q.relation in ("above", "below") and q.unit in _FIELDS), None)
    threshold = Threshold(field=_FIELDS[bound.unit], op=">" if bound.relation == "above" else "<", value=bound.value) if bound else None
    return {
        "threshold": threshold,
        "topic": "compare" if compared else next((topic for concept, topic in _ATTRIBUTES if sentence.has(concept)), ""),
    }


def _list(sentence: Sentence, registry: Registry) -> dict[str, object]:
    technology = next((t for t in ("wind", "pv") if sentence.has(t)), "")
    kinds = {k.value for found in sentence.kinds for k in found.kinds}
    kind = kind_asked(sentence) or (ElementKind.GENERATOR.value if technology else None)
    return {
        "topic": technology or ("several" if len(kinds) > 1 and kind is None else ""),
        "kind": kind,
        "state": state_of_kind(sentence),
        "sort_by": column_asked(sentence, kind) if is_ordered(sentence) or sentence.has("columns:shed") else None,
        "bounds": bounds_asked(sentence, kind),
        "elements": _there(sentence, registry, kind),
    }


def _there(sentence: Sentence, registry: Registry, kind: str | None) -> tuple[str, ...]:
    """'Loads in area 3', 'the busbars at substation 12': all of the kind in the places named."""
    named = {(p.kind, p.name) for p in places_in(sentence, registry)}
    rows = {row for place, rows in registry.places.items() if (place.kind, place.name) in named for row in rows}
    return tuple(e.name for e in registry.at_buses(rows) if e.kind == kind) if rows else ()


def _n1(sentence: Sentence, registry: Registry) -> dict[str, object]:
    loses_load = sentence.has("lost_load") or (sentence.has("load") and any(t.lemma in ("lose", "loss") for t in sentence.tokens))
    topic = "islands" if sentence.has("island") else "lost_load" if loses_load else "voltages" if sentence.has("voltage") else ""
    kind = next((k for k in ("line", "transformer", "infeed") if kind_asked(sentence) == k), None)
    return {"topic": topic, "kind": kind, **outage_fields(sentence)}


def _queue(sentence: Sentence, registry: Registry) -> dict[str, object]:
    return {"topic": status_of_proposals(sentence) or ""}


_EXTRAS = {
    Intent.LOADINGS: _loadings,
    Intent.VOLTAGES: _voltages,
    Intent.BALANCE: _balance,
    Intent.DETAIL: _detail,
    Intent.LIST: _list,
    Intent.COUNT: _list,
    Intent.N1: _n1,
    Intent.QUEUE: _queue,
}
