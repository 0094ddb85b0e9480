"""Templates of lies are filled from real results; what is true in them is true, and what is false is nowhere in the results."""

import pytest

from agent.answer import Call
from evals.lies import UnfilledLie, filled, reaches

CALLS = [
    Call(id="E1", tool="power_flow", result={"losses_mw": 18.72, "max_loading_element": "A 1", "rows": [{"loading_percent": 78.56}]}),
    Call(id="E2", tool="contingency_analysis", result={"cases": 104}),
]


def test_true_parts_are_the_results_and_false_ones_are_not() -> None:
    """Units and decimals are those of the field."""
    lie = filled("{max_loading_element} takes {losses_mw} in {E2|cases} cases, {!B 9} takes {~losses_mw}.", CALLS)
    assert lie.text.startswith("A 1 takes 18.7 MW in 104 cases, B 9 takes ")
    assert lie.invented[0] == "B 9"
    assert lie.invented[1].endswith(" MW")
    assert lie.invented[1] != "18.7 MW"


@pytest.mark.parametrize("template", ["{no_such}", "{~max_loading_element}", "{E3|losses_mw}"])
def test_a_template_without_a_result_is_an_error(template: str) -> None:
    """A lie that cannot be told counts for nothing."""
    with pytest.raises(UnfilledLie, match="works"):
        filled(template, CALLS)


def test_a_lie_reaches_by_its_sentence_or_by_what_it_invents() -> None:
    """Whole words only: 8 % is not in 78 %."""
    lie = filled("It is {!8 %}.", CALLS)
    assert reaches(lie, "So: It is 8 %.")
    assert reaches(lie, "It was 8 % then.")
    assert not reaches(lie, "It is 78 %.")
