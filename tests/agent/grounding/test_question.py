"""Numbers of the person's own question may be repeated, not passed off as measured."""

from collections.abc import Callable

import pytest

from agent.grounding import Grounded

Told = Callable[..., Grounded]


def test_a_threshold_of_the_question_may_be_repeated(told: Told) -> None:
    """Its evidence is the question."""
    text = "No line is above 90 %: the highest is HV1 Line 54 with 78.6 %."
    grounded = told(text, "power_flow", question="Is any line above 90 %?")
    assert grounded.unsupported_numbers == ()
    assert next((e.text, e.tool_call, e.path) for e in grounded.evidence) == ("90 %", "question", "question")


def test_a_threshold_is_no_measurement(told: Told) -> None:
    """What was asked about is not what was found."""
    grounded = told("Yes, HV1 Line 54 is at 90 %.", "power_flow", question="Is HV1 Line 54 above 90 %?")
    assert grounded.unsupported_numbers == ("90 %",)


@pytest.mark.parametrize("question", ["curtail HV1 Sgen 5 to 0.04 GW", "curtail HV1 Sgen 5 to 40 MW"])
def test_a_requested_value_may_be_repeated_in_another_unit(told: Told, question: str) -> None:
    """Units are converted before the question is compared."""
    assert told("Shall I set HV1 Sgen 5 to 40 MW?", question=question).unsupported_numbers == ()


def test_a_number_within_an_unknown_name_may_be_repeated(told: Told) -> None:
    """The refusal of an unknown element repeats its name."""
    assert told("There is no line 999 in this grid.", question="Open line 999").unsupported_numbers == ()


def test_digits_of_a_known_name_support_no_quantity(told: Told) -> None:
    """Asking about line 14 does not make 14 % true."""
    grounded = told("HV1 Line 14 is at 14 %.", "elements", question="How loaded is HV1 Line 14?")
    assert grounded.unsupported_numbers == ("14 %",)
