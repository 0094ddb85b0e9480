"""The factors between units are pint's."""

import pint
import pytest

from agent.brains.embedded.quantities import quantities
from agent.brains.embedded.text import tokenise
from agent.brains.embedded.vocabulary import data_file

_IN_PINT = {
    "mw": "megawatt",
    "mvar": "megavar",
    "mva": "megavolt_ampere",
    "kv": "kilovolt",
    "ka": "kiloampere",
    "percent": "percent",
    "hz": "hertz",
}
_PINT = pint.UnitRegistry()
_PINT.define("var = volt * ampere")  # the one it lacks; reactive power has the dimension of power
_UNITS = data_file("units.yaml")


@pytest.mark.parametrize("name", _UNITS)
def test_a_factor_is_pint_s(name: str) -> None:
    """As pint converts it into our unit."""
    wanted = _PINT.Quantity(1.0, name).to(_IN_PINT[_UNITS[name]["unit"]]).magnitude
    assert float(_UNITS[name]["factor"]) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("said", "unit", "value"),
    [
        ("set it to 250 kVA", "mva", 0.25),
        ("400000 V at the busbar", "kv", 400.0),
        ("above 2500000 W", "mw", 2.5),
        ("below 900 A", "ka", 0.9),
        ("200 mHz lower", "hz", 0.2),
        ("1.2 GVA", "mva", 1200.0),
    ],
)
def test_a_unit_is_heard(said: str, unit: str, value: float) -> None:
    """With its prefix."""
    (found,) = quantities(tokenise(said), frozenset())
    assert (found.unit, found.value) == (unit, pytest.approx(value))


def test_a_small_letter_is_no_unit() -> None:
    """'Is line 14 a problem' is about no ampere."""
    assert [q.unit for q in quantities(tokenise("is 14 a problem"), frozenset())] == [""]
