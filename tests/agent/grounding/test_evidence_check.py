"""Evidence that does not hold is told, one sentence for each."""

import pytest
from pydantic import JsonValue

from agent.grounding import check_evidence

GOOD: dict[str, JsonValue] = {"text": "78.6 %", "value": 78.6, "unit": "percent", "tool_call": "E1", "path": "top[0].loading_percent"}


def answer(**changed: JsonValue) -> dict[str, JsonValue]:
    """An answer whose one evidence holds, but for the changed fields."""
    call: JsonValue = {"id": "E1", "tool": "power_flow", "result": {"top": [{"loading_percent": 78.562, "element": "A 1"}]}}
    text = "A 1 is at 78.6 %, 0.786 pu, 78.7 % or 90 %."
    return {"question": "above 90 %?", "status": "answered", "answer": text, "tool_calls": [call], "evidence": [{**GOOD, **changed}]}


def test_good_evidence_holds() -> None:
    """Value, unit, path and text belong together; converted units as well."""
    assert check_evidence(answer()) == []
    assert check_evidence(answer(text="0.786 pu", value=0.786, unit="pu")) == []
    assert check_evidence(answer(text="90 %", value=90, tool_call="question", path="question")) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"text": "78.60 %"},
        {"value": 78.562},
        {"text": "78.7 %", "value": 78.7},
        {"unit": "MW"},
        {"unit": ""},
        {"tool_call": "E2"},
        {"path": "top[1].loading_percent"},
        {"path": "top[0].element"},
        {"path": "top["},
        {"tool_call": "question", "path": "question"},
    ],
)
def test_bad_evidence_is_told(changed: dict[str, JsonValue]) -> None:
    """Each field is checked: the text in the answer, the number, the unit, the call and the path."""
    assert len(check_evidence(answer(**changed))) == 1
