"""Powers in sentences keep their first figures, whatever their size."""

import pytest

from tools.amounts import in_mw


@pytest.mark.parametrize(
    ("power_mw", "says"),
    [
        (6245.03, "6245.0 MW"),
        (79.84, "79.8 MW"),
        (1.0, "1.0 MW"),
        (0.38, "0.38 MW"),
        (-0.0152, "-0.015 MW"),
        (2e-4, "0.0 MW"),
        (0.0, "0.0 MW"),
    ],
)
def test_two_figures_below_one_megawatt_and_one_decimal_above(power_mw: float, says: str) -> None:
    """Half a kilowatt is where nothing begins."""
    assert in_mw(power_mw) == says


def test_a_share_carries_its_sign() -> None:
    """Adding and opposing shares are told apart."""
    assert (in_mw(0.012, signed=True), in_mw(-3.0, signed=True)) == ("+0.012 MW", "-3.0 MW")
