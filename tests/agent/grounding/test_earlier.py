"""Our own text is written from its own turn: an equal number of an earlier one is the last thing to support it."""

from collections.abc import Callable, Sequence

from agent.answer import Call
from agent.grounding import Background, ground


def _what_if(call_id: str, **own: object) -> Call:
    result = {"headline": "Against the same state without this (wind × 0.7), losses fall.", **own}
    return Call(id=call_id, tool="power_flow", args={}, ok=True, result=result, error=None, elapsed_ms=1.0)


def _told(names: Sequence[str]) -> list[str]:
    earlier = _what_if("E1", factor_pu=0.7)
    now = _what_if("E2", losses_mw=2.5)
    grounded = ground(str(now.result["headline"]), [now], "", names, Background(earlier=(earlier,)))
    assert grounded.doubts == ()
    return [e.tool_call for e in grounded.evidence]


def test_what_a_result_of_this_turn_says_is_not_told_from_an_earlier_one(names: Sequence[str]) -> None:
    """Otherwise the answer would warn of an earlier state although every word of it is of the present one."""
    assert _told(names) == []


def test_an_earlier_number_supports_our_text_where_nothing_else_does(names: Sequence[str], call: Callable[..., Call]) -> None:
    """A retelling of an earlier answer names its results as evidence."""
    grounded = ground("HV1 Line 49 is at 72.1 %.", [], "", names, Background(earlier=(call("power_flow"),)))
    assert [e.tool_call for e in grounded.evidence] == ["E1"]
    assert grounded.doubts == ()
