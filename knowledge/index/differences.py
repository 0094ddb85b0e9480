"""Where do stored clauses put one quantity differently? By area, edition or document."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from knowledge.clauses import Fact
from knowledge.found import Difference
from knowledge.index.areas import reaches
from knowledge.index.tokens import tokens
from knowledge.passage import Passage


def differences(quantities: Iterable[str], passages: Sequence[Passage], areas: Collection[str] = ()) -> tuple[Difference, ...]:
    """Of each of the quantities the values in one unit, where there are different ones; in the order of the passages.

    `areas`: where these are asked about, only what holds there.
    """
    return tuple(found for quantity in dict.fromkeys(quantities) for found in _of(quantity, passages, areas))


def quantities_of(passage: Passage, question: str) -> list[str]:
    """The quantities of a passage's facts that share most words with the question; its only one in any case."""
    wanted = frozenset(tokens(question))
    shared = {fact.quantity: len(wanted & frozenset(tokens(fact.quantity))) for fact in passage.facts.values() if fact.quantity}
    most = max(shared.values(), default=0)
    return [quantity for quantity, count in shared.items() if count == most and (most > 0 or len(shared) == 1)]


def _of(quantity: str, passages: Sequence[Passage], areas: Collection[str]) -> Iterable[Difference]:
    by_unit: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for passage in passages:
        for fact in passage.facts.values():
            where = fact.area or passage.jurisdiction
            if fact.quantity == quantity and (not areas or any(reaches(where, area) for area in areas)):
                by_unit[fact.unit].append((where or passage.document, value_words(fact), passage.id))
    for unit, values in by_unit.items():
        if len({value for _, value, _ in values}) > 1:
            yield Difference(quantity=quantity, unit=unit, values=tuple(dict.fromkeys(values)))


def value_words(fact: Fact) -> str:
    """The limits as text: "0.90 to 1.10", "at most 120", "at least 49"; parameters where there are no limits."""
    low, high = (None if value is None else _number(value, fact.unit) for value in (fact.min, fact.max))
    if low is not None and high is not None:
        return low if low == high else f"{low} to {high}"
    if high is not None:
        return f"at most {high}"
    if low is not None:
        return f"at least {low}"
    return ", ".join(f"{name} {value:.10g}" for name, value in fact.parameters.items())


def _number(value: float, unit: str) -> str:
    """Per unit with two decimals, as people write it; everything else as short as it is."""
    return f"{value:.2f}" if unit == "pu" and round(value, 2) == value else f"{value:.10g}"
