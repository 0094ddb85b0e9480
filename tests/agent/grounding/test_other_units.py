"""An answer's numbers in another unit: converted, or read beside; never invented."""

import pytest

from agent.answer import Call
from agent.grounding import ground, in_unit

BUS = Call(id="E1", tool="grid_data", result={"rows": [{"vm_pu": 1.1, "vm_kv": 121.0, "nominal_kv": 110.0}]})
HEAT = Call(id="E1", tool="thermal_rul", result={"hot_spot_celsius": 118.8})
LINE = Call(id="E1", tool="grid_data", result={"rows": [{"loading_percent": 19.5, "current_ka": 0.1326, "p_mw": 27.3}]})


def told(text: str, call: Call, unit: str) -> str:
    grounded = ground(in_unit(text, [call], unit), [call], "", [])
    assert not grounded.unsupported_numbers
    return grounded.answer


@pytest.mark.parametrize(
    ("text", "call", "unit", "answer"),
    [
        ("At ⟦E1|hot_spot_celsius⟧.", HEAT, "fahrenheit", "At 245.8 °F."),
        ("**Bus 1** (⟦E1|rows[0].nominal_kv|0⟧): on; voltage ⟦E1|rows[0].vm_pu⟧; angle 0.", BUS, "kv", "**Bus 1**: voltage 121.0 kV."),
        ("It carries ⟦E1|rows[0].current_ka⟧.", LINE, "a", "It carries 133 A."),
        ("Loaded to ⟦E1|rows[0].loading_percent⟧.", LINE, "ka", "Loaded to 0.133 kA."),
        ("It carries ⟦E1|rows[0].p_mw⟧.", LINE, "gw", "It carries 0.027 GW."),
    ],
)
def test_told_in_another_unit(text: str, call: Call, unit: str, answer: str) -> None:
    """By conversion, or from the field beside it that says the same of the same element."""
    assert told(text, call, unit) == answer


def test_nothing_fits_the_unit() -> None:
    """It is said, and the answer stays as it was."""
    assert in_unit("Loaded to ⟦E1|rows[0].p_mw⟧.", [LINE], "hz").startswith("Nothing of the last answer can be told in Hz.")
