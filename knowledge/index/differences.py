"""Where do stored clauses put one quantity differently? By area, edition or document."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from knowledge.clauses import Fact
from knowledge.found import Difference
from knowledge.index.tokens import tokens
from knowledge.passage import Passage


def differences(quantities: Iterable[str], passages: Sequence[Passage]) -> tuple[Difference, ...]:
    """Of each of the quantities the values in one unit, where there are different ones; in the order of the passages."""
    return tuple(found for quantity in dict.fromkeys(quantities) for found in _of(quantity, passages))


def quantities_of(passage: Passage, question: str) -> list[str]:
    """The quantities of a passage's facts that share most words with the question; all where the passage has one only."""
    wanted = frozenset(tokens(question))
    shares = {q: len(wanted & (has := frozenset(tokens(q)))) / len(has) for q in (f.quantity for f in passage.facts.values()) if q}
    most = max(shares.values(), default=0.0)
    return [quantity for quantity, share in shares.items() if (share == most > 0) or len(shares) == 1]


def _of(quantity: str, passages: Sequence[Passage]) -> Iterable[Difference]:
    by_unit: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for passage in passages:
        for fact in passage.facts.values():
            if fact.quantity == quantity:
                by_unit[fact.unit].append((fact.area or passage.jurisdiction or passage.document, value_words(fact), passage.id))
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
