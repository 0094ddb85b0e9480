"""An order that names alternatives: which one is asked, never both done."""

from collections.abc import Callable
from typing import Any

import pytest

Start = Callable[..., Any]


@pytest.mark.parametrize(
    "order",
    [
        "Open HV1 Line 14 or HV1 Line 15",
        "Open either HV1 Line 14 or HV1 Line 15",
        "Open one of HV1 Line 14 and HV1 Line 15",
        "We should open HV1 Line 14 or HV1 Line 15",
        "Open HV1 Line 14 or close HV1 Line 15",
        "If line 54 is above 70 %, open HV1 Line 14 or HV1 Line 15",
    ],
)
def test_one_of_the_alternatives_is_asked_for(converse: Start, order: str) -> None:
    """Both are offered, nothing is called."""
    talk = converse()
    talk.ask(order)
    assert (talk.told["status"], talk.calls) == ("needs_clarification", [])
    assert talk.told["candidates"] == ["HV1 Line 14", "HV1 Line 15"]


def test_the_chosen_alternative_alone_is_proposed(converse: Start) -> None:
    """The answer completes the order with one element."""
    talk = converse()
    talk.ask("Open HV1 Line 14 or HV1 Line 15")
    talk.ask("the second one")
    assert talk.last.args["changes"] == [{"kind": "open", "element": "HV1 Line 15"}]


def test_one_of_two_values_is_asked_for(converse: Start) -> None:
    """'5 or 10 MW' is no value."""
    talk = converse()
    talk.ask("Set HV1 Sgen 47 to 5 or 10 MW")
    assert (talk.told["status"], talk.calls) == ("needs_clarification", [])
