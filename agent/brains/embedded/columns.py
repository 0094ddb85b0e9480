"""Which column of a table of elements does a sentence order, bound or ask for, and does it ask for an order at all?"""

from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_RANKING = word_class("columns.ranking")
_SUPERLATIVE = word_class("features.superlative") | word_class("features.sizes")
_BULK = word_class("columns.bulk")
_SHARES = word_class("columns.shares")
_BRANCHES = ("line", "transformer")
_POWERED = ("generator", "load", "infeed", "storage", *_BRANCHES)
# concept → the field that it means, by kind of element; the most special first
_FIELDS: tuple[tuple[str, dict[str, str]], ...] = (
    ("columns:available", {"generator": "available_mw", "storage": "available_mw"}),
    ("columns:angle", {"bus": "va_degree"}),
    ("columns:shed", {"load": "shed_mw"}),
    ("columns:reactive", dict.fromkeys((*_POWERED, "shunt"), "q_mvar")),
    ("columns:step", {"shunt": "step", "transformer": "tap"}),
    ("columns:length", {"line": "length_km"}),
    ("loading", dict.fromkeys(_BRANCHES, "loading_percent")),
    ("current", dict.fromkeys(_BRANCHES, "current_ka")),
    ("tap", {"transformer": "tap"}),
    ("rating", {"line": "rating_ka", "transformer": "rating_mva", "generator": "p_max_mw", "storage": "p_max_mw"}),
    ("columns:apparent", {"transformer": "rating_mva"}),
    ("voltage_levels", dict.fromkeys(("bus", *_BRANCHES), "nominal_kv")),
    ("voltage", {"bus": "vm_pu"}),
    ("columns:power", dict.fromkeys(_POWERED, "p_mw")),
    ("flow", dict.fromkeys(_BRANCHES, "p_mw")),
)
_USUAL = {
    **dict.fromkeys(_BRANCHES, "loading_percent"),
    **dict.fromkeys(("generator", "load", "infeed", "storage"), "p_mw"),
    "bus": "vm_pu",
    "shunt": "q_mvar",
}
_VALUES = frozenset(concept for concept, _ in _FIELDS)
OF_UNIT = {"mw": "p_mw", "mvar": "q_mvar", "mva": "rating_mva", "ka": "current_ka", "pu": "vm_pu", "percent": "loading_percent"}


def named_column(sentence: Sentence, kind: str | None) -> str | None:
    """The field of such elements that a word names; None where no word does."""
    if kind in _BRANCHES and sentence.has("rating") and not sentence.words.isdisjoint(_SHARES):
        return "loading_percent"  # 'carries the most power relative to its rating'
    return next((fields[kind] for concept, fields in _FIELDS if kind in fields and sentence.has(concept)), None)


def column_asked(sentence: Sentence, kind: str | None) -> str | None:
    """The same, or what such elements are usually compared by: a transformer's size is its rating."""
    named = named_column(sentence, kind)
    if named is None and kind == "transformer" and not sentence.words.isdisjoint(_BULK):
        return "rating_mva"
    return named or _USUAL.get(kind or "")


def has_column(kind: str | None, field: str) -> bool:
    """Do the rows of such elements have this field?"""
    return any(fields.get(kind or "") == field for _, fields in _FIELDS)


def is_ordered(sentence: Sentence) -> bool:
    """A superlative, or a word that ranks: 'sorted by', 'in descending order', 'transformers by rating'."""
    values = {h.start for h in sentence.hits if h.concept in _VALUES}
    by = any(t.word == "by" and i + 1 in values for i, t in enumerate(sentence.tokens))
    return by or not sentence.words.isdisjoint(_RANKING | _SUPERLATIVE)
