"""Numbers and outcomes as people read them."""

import pytest

from agent.web.clause_rows import mark
from agent.web.number_words import number, telling_apart, with_unit
from grid_models.findings import Outcome


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (157.543, "percent", "157.5 %"),
        (1.1163, "pu", "1.116 pu"),
        (-0.0161, "pu", "−0.016 pu"),
        (-0.0001, "MW", "0.0 MW"),
        (10.04, "MW", "10.0 MW"),
        (3.0, "position", "3 position"),
        (2.5, None, "2.50"),
        (None, "MW", "–"),
    ],
)
def test_numbers_are_rounded_in_their_unit(value: float | None, unit: str | None, text: str) -> None:
    """As many decimals as the unit deserves, a real minus, no minus nothing."""
    assert with_unit(value, unit).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [(1.11793, 1.118, ("1.1179", "1.1180")), (1.1163, 1.118, ("1.116", "1.118")), (1.118, 1.118, ("1.118", "1.118"))],
)
def test_a_value_is_told_apart_from_its_limit(value: float, limit: float, shown: tuple[str, str]) -> None:
    """1.118 against 1.118 would hide on which side it lies."""
    more = telling_apart(value, limit, "pu")
    assert (number(value, "pu", more), number(limit, "pu", more)) == shown


def test_the_bare_number_has_no_unit() -> None:
    assert number(78.58, "percent") == "78.6"


def test_every_outcome_has_its_own_symbol_and_word() -> None:
    """Colour is never the only sign."""
    marks = [mark(outcome) for outcome in Outcome]
    assert len({m.symbol for m in marks}) == len({m.word for m in marks}) == len(Outcome)
