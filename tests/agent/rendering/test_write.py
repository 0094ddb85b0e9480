"""Answers as an operator reads them: the point first, what is lost before what is overloaded, nothing invented."""

import re
from collections.abc import Callable

import pytest

from agent.answer import Call
from agent.grounding import ground
from agent.rendering import headline, write_answer

Say = Callable[..., str]
FOCI = ["", "state", "loadings", "voltages", "element", "n1", "lost_load", "whatif", "proposal", "queue", "losses", "exchange", "count"]


@pytest.mark.parametrize("focus", FOCI)
def test_every_number_of_every_answer_is_grounded(answer: Say, any_result: str, focus: str) -> None:
    """Whatever the focus, an answer comes out and each of its numbers has a source (checked by the fixture)."""
    assert answer(any_result, focus=focus)


def test_no_number_is_typed(call: Callable[..., Call], any_result: str) -> None:
    """Markers and words of the result aside there is no digit: what is written cannot be wrong."""
    written = write_answer([call(any_result)], "", {})
    bare = re.sub(r"⟦[^⟧]*⟧", "", written)
    assert ground(bare, [call(any_result)], "", []).unsupported_numbers == ()


def test_the_state_begins_with_the_limits(answer: Say) -> None:
    """First whether a limit is violated; 66 buses with one cause are told once."""
    text = answer("power_flow", focus="state")
    assert text.startswith("**No limit is violated.** The highest loading is 78.6 %")
    assert (
        "66 of 294 buses at 110 kV are above the grid data's own planning limit of 1.100 pu; the highest is HV1 Bus 85 with 1.116 pu."
        in text
    )
    assert "1163.7 MW flow out through the infeeds" in text


def test_what_is_lost_comes_first(answer: Say) -> None:
    """A radial line: load and generation before anything else, and no invitation to do it."""
    text = answer("opening_12", focus="whatif")
    assert text.startswith("**Opening HV1 Line 12 cuts off 10.0 MW of load and 37.3 MW of generation** (8 buses without supply)")
    assert "would be refused" in text
    assert "proposal" not in text


def test_a_failure_is_not_an_order(answer: Say) -> None:
    """ "What if it trips" says nothing about switches or proposals."""
    text = answer("opening_12", question="what if HV1 Line 12 trips?", focus="whatif")
    assert text.startswith("**Losing HV1 Line 12 cuts off")
    assert "Switch" not in text


def test_violations_follow_with_limit_and_tier(answer: Say) -> None:
    """Overload with its rating and limit, then the voltages as one group, then before and after."""
    text = answer("opening_54", focus="whatif")
    assert text.startswith("**After opening HV1 Line 54, 14 limits are violated** and nothing loses supply.")
    assert "HV1 Line 75 is loaded to 155.6 % of its permanent rating (limit 100 %)." in text
    assert text.index("155.6 %") < text.index("13 of 294 buses")
    assert "goes from 78.6 % to 155.6 % (HV1 Line 75)" in text


def test_a_harmless_change_says_what_to_do_next(answer: Say) -> None:
    """Nothing lost, nothing violated: the N-1 check or a proposal."""
    text = answer("opening_14", focus="whatif")
    assert text.startswith("**After opening HV1 Line 14, no limit is violated**")
    assert text.endswith("Next: the N-1 check with this change, or ask for it as a proposal.")


def test_unusable_ratings_never_give_a_percentage(answer: Say) -> None:
    """case118 has placeholder ratings: currents and voltages only."""
    for focus in ("state", "loadings", "voltages"):
        assert "%" not in answer("case118", focus=focus)
    assert "Ratings are not usable" in answer("case118", focus="loadings")


def test_divergence_is_a_finding() -> None:
    """It says what it means and what to try."""
    result = {"converged": False, "divergence": "no AC solution near the start", "changes": ["scale loads by 9"]}
    text = write_answer([Call(id="E1", tool="power_flow", result=result)], "", {})
    assert text.startswith("**After these changes (scale loads by 9) the power flow has no solution.** No AC solution near the start.")
    assert "smaller change" in text


def test_an_error_is_told_in_the_tools_own_words() -> None:
    """Its message says what was asked, found and would work."""
    failed = Call(id="E1", tool="power_flow", ok=False, error="There is no 'HV1 Line 999'; nearest: HV1 Line 99.")
    assert write_answer([failed], "", {}) == "There is no 'HV1 Line 999'; nearest: HV1 Line 99."


def test_several_calls_are_told_in_order(answer: Say) -> None:
    """Different tools one after the other."""
    text = answer("power_flow", "contingencies", focus="loadings", top=3)
    assert text.index("most loaded branches") < text.index("Not N-1 secure")


def test_the_same_tool_twice_is_compared_first(answer: Say) -> None:
    """A table side by side before the details."""
    text = answer("power_flow", "doubled_load")
    assert text.startswith("**The highest loading goes from 78.6 % (present state) to 71.6 %** (scaling loads by 2).")
    assert "| Load | 104.5 MW | 209.0 MW |" in text
    assert "Lost load" not in text


def test_an_unknown_tool_is_told_field_by_field() -> None:
    """A study without an idea of its own still gets an answer, with its headline."""
    result = {"headline": "All is well.", "days_to_limit": 12.5, "hot_spot_celsius": 98.7, "alarms": [1, 2], "ok": True}
    call = Call(id="E1", tool="asset_health", result=result)
    text = ground(write_answer([call], "", {}), [call], "", []).answer
    assert text == "All is well.\n\n- days to limit: 12.5 days\n- hot spot: 98.7 °C\n- alarms: 2\n- ok: yes"
    assert headline(call) == "All is well."


def test_nothing_studied_nothing_told() -> None:
    """Without a call there is no claim."""
    assert "nothing to tell" in write_answer([], "hello", {})


def test_names_from_files_cannot_inject_anything() -> None:
    """A name with a marker, a table bar or markup is only a name."""
    row = {"element": "Line ⟦E1|x⟧ | ![](http://evil) <b>", "loading_percent": 50.0}
    call = Call(id="E1", tool="power_flow", result={"converged": True, "ratings_usable": True, "top_loadings": [row] * 3, "branches": 3})
    text = write_answer([call], "", {"focus": "loadings"})
    assert "⟦E1|x⟧" not in text
    assert "![" not in text
    assert "<b>" not in text
