"""A bound in a question about many elements: answered by the loadings, the voltages or a table, or honestly refused; never ignored."""

from agent.brains.embedded.columns import OF_UNIT, column_asked, has_column
from agent.brains.embedded.features import features
from agent.brains.embedded.frame import Intent, Refusal, Threshold
from agent.brains.embedded.kind_asked import kind_asked
from agent.brains.embedded.places import places_in
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.replies import say
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.voltage_bands import band_asked
from grid_models.twin.registry import Registry

_TABLES = (Intent.COUNT, Intent.LIST)
_BRANCHES = ("line", "transformer")
_VALUE_WORDS = frozenset({"above", "below", "over", "under", "between", "beyond", "exceeding"})
_BOUNDS = ("above", "below", "between")


def filtered(intent: Intent | None, sentence: Sentence) -> Intent | Refusal | None:
    """The intent that honours the bounds of the sentence; a refusal where none does. Without a bound the intent stays."""
    said = _said(sentence)
    if not said or sentence.mentions or intent is Intent.VOLTAGES:
        return intent
    kind = kind_asked(sentence)
    units = {q.unit or ("percent" if kind in _BRANCHES else "") for q in said}
    one_sided = len(said) == 1 and said[0].relation != "between"
    if units == {"percent"} and one_sided and (intent in (None, Intent.LOADINGS) or (intent in _TABLES and kind in _BRANCHES)):
        return Intent.LOADINGS if kind in (None, *_BRANCHES) else Refusal(text=say("no_filter"))
    if intent in _TABLES and units == {"pu"} and kind == "bus":
        return Intent.VOLTAGES
    if intent in _TABLES or (intent in (None, Intent.BALANCE, Intent.LOADINGS) and kind and units & set(OF_UNIT)):
        return _tabled(intent, sentence, kind)
    return intent


def placed(intent: Intent | None, sentence: Sentence, registry: Registry) -> Intent | None:
    """Values of the elements of a place, or of each one of a kind, are a table; the state within a voltage band is one of the voltages."""
    kind = kind_asked(sentence)
    banded = kind in (None, "bus") and not sentence.mentions and (kind or sentence.has("voltage", "out_of_band"))
    if intent in (Intent.STATE, Intent.LOADINGS, *_TABLES, None) and banded and band_asked(sentence, registry):
        return Intent.VOLTAGES
    if intent not in (Intent.VOLTAGES, Intent.BALANCE) or kind is None or sentence.mentions:
        return intent
    if intent is Intent.VOLTAGES and (
        column_asked(sentence, kind) == "va_degree" or any(q.unit == "kv" and q.relation == "none" for q in sentence.quantities)
    ):
        return Intent.LIST  # only a table has angles, or one level
    if intent is Intent.BALANCE:
        return Intent.LIST if "each_of_kind" in features(sentence) else intent
    return Intent.LIST if places_in(sentence, registry) else intent


def bounds_asked(sentence: Sentence, kind: str | None) -> tuple[Threshold, ...]:
    """The bounds as conditions on the columns of such elements; those no column has are left out."""
    found: list[Threshold] = []
    for bound in _said(sentence):
        field = column_of(bound, sentence, kind)
        if field and bound.high is not None:
            low, high = sorted((bound.value, bound.high))
            found += [Threshold(field=field, op=">", value=low), Threshold(field=field, op="<", value=high)]
        elif field:
            found.append(Threshold(field=field, op=">" if bound.relation == "above" else "<", value=bound.value))
    return tuple(found)


def column_of(bound: Quantity, sentence: Sentence, kind: str | None) -> str | None:
    """The column that a bound is about, by its unit; a rating where one is spoken of, in the same unit."""
    field, spoken = OF_UNIT.get(bound.unit), column_asked(sentence, kind)
    rated = {"mw": "p_max_mw", "ka": "rating_ka", "mva": "rating_mva"}.get(bound.unit)
    if not bound.unit or (spoken is not None and spoken in (rated, _AVAILABLE.get(bound.unit))):
        field = spoken
    return field if field and has_column(kind, field) else None


_AVAILABLE = {"mw": "available_mw"}


def _tabled(intent: Intent | None, sentence: Sentence, kind: str | None) -> Intent | Refusal:
    """A table, where it has a column for every bound."""
    said = _said(sentence)
    outside = any(b.relation == "between" for b in said) and "outside" in sentence.words  # two ends of a table at once
    if not outside and all(column_of(bound, sentence, kind) for bound in said):
        return Intent.COUNT if intent is Intent.COUNT else Intent.LIST
    return Refusal(text=say("no_filter"))


def _said(sentence: Sentence) -> list[Quantity]:
    """The bounds on values; no counts, and no voltage level, which every table can filter by."""
    return [q for q in sentence.quantities if q.relation in _BOUNDS and (q.unit or _is_value(sentence, q)) and not _is_level(q)]


def _is_value(sentence: Sentence, bound: Quantity) -> bool:
    """'Lines above 50' bounds a value, 'more than 50 lines' a count, 'above 1.05' a voltage."""
    counts = any(k.start == bound.end for k in sentence.kinds)
    return not counts and not 0.5 < bound.value < 1.6 and not _VALUE_WORDS.isdisjoint(sentence.words)


def _is_level(bound: Quantity) -> bool:
    """'Lines at 220 kV and above' is what the tables can filter."""
    return bound.unit == "kv" and bound.relation == "above"
