"""Numbers, units and what the words around them make of them."""

import pytest

from agent.brains.embedded.quantities import UNITS, Quantity, quantities
from agent.brains.embedded.text import prepared, tokenise
from agent.brains.embedded.words import repaired


def found(text: str) -> tuple[Quantity, ...]:
    return quantities(tokenise(prepared(text)), frozenset())


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("20 MW", 20.0, "mw"),
        ("20MW", 20.0, "mw"),
        ("0.5 GW", 500.0, "mw"),
        ("100 kW", 0.1, "mw"),
        ("5 Mvar", 5.0, "mvar"),
        ("380 kV", 380.0, "kv"),
        ("500 A", 0.5, "ka"),
        ("0.95 p.u.", 0.95, "pu"),
        ("0,95 pu", 0.95, "pu"),
        ("1,000 MW", 1000.0, "mw"),
        ("1 000 MW", 1000.0, "mw"),
        ("1,5 MW", 1.5, "mw"),
        ("to -5 MW", -5.0, "mw"),
        ("to - 5 MW", -5.0, "mw"),
        (".5 MW", 0.5, "mw"),
        ("1e2 MW", 100.0, "mw"),
        ("5e-1MW", 0.5, "mw"),
        ("6.5E2 MW", 650.0, "mw"),
        ("1e9 MW", 1e9, "mw"),
        ("1/2 MW", 0.5, "mw"),
        ("90 %", 90.0, "percent"),
        ("ninety per cent", 90.0, "percent"),
        ("twenty five percent", 25.0, "percent"),
        ("two steps", 2.0, "step"),
        ("1200 kvar", 1.2, "mvar"),
        ("45000 kilowatts", 45.0, "mw"),
        ("1.32 gig", 1320.0, "mw"),
        ("a gigawatt", 1000.0, "mw"),
        ("one hundred and twenty MW", 120.0, "mw"),
        ("two thousand five hundred MW", 2500.0, "mw"),
        ("fifteen hundred MW", 1500.0, "mw"),
        ("one point two pu", 1.2, "pu"),
        ("to -3", -3.0, ""),
        ("minus two", -2.0, ""),
    ],
)
def test_value_in_the_unit_of_the_tools(text: str, value: float, unit: str) -> None:
    """Units are converted to those of the tools' fields."""
    (quantity,) = found(text)
    assert quantity.value == pytest.approx(value)
    assert quantity.unit == unit


@pytest.mark.parametrize(
    "text", ["1/0 MW", "1e400 MW", "5e-1000 MW", "1'000 MW", "1_000 MW", "5*10^2 MW", "1.5.2 MW", "to 1,000", "0x10 MW"]
)
def test_no_piece_of_an_unreadable_number(text: str) -> None:
    """What cannot be read as one number is no quantity: it is asked back, never cut."""
    assert not found(text)


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("lines above 90 %", "above"),
        ("more than 50 percent", "above"),
        ("at least 3 MW", "above"),
        ("80 % or more", "above"),
        ("below 1 pu", "below"),
        ("less than 5 %", "below"),
        ("down to 10 MW", "to"),
        ("at 10 MW", "to"),
        ("by 10 MW", "by"),
        ("10 MW more", "by"),
        ("+10 %", "by"),
        ("a cap of 10 MW", "none"),
    ],
)
def test_relation(text: str, relation: str) -> None:
    """Threshold, target or step."""
    assert found(text)[0].relation == relation


@pytest.mark.parametrize("text", ["between 0.95 and 1.05 pu", "within 0.95 to 1.05 pu", "0.95-1.05 pu", "inside 0.95 pu and 1.05 pu"])
def test_band(text: str) -> None:
    """Both ends of a band in one quantity."""
    (band,) = found(text)
    assert (band.value, band.high, band.unit) == (0.95, 1.05, "pu")


@pytest.mark.parametrize("word", sorted(w for w in UNITS if len(w) > 3 and w.isalpha()))
def test_a_unit_is_never_taken_for_a_mistyped_one(word: str) -> None:
    """A thousandfold error lies between 'kvar' and 'Mvar', and one letter."""
    assert repaired(word) == word


@pytest.mark.parametrize("text", ["between one and two", "five six", "lines one and two"])
def test_numbers_side_by_side_stay_apart(text: str) -> None:
    """Only hundreds and thousands are joined by 'and'."""
    assert all(q.value < 10 for q in found(text))
