"""What a code says is a quote or a rule; no passage, whoever wrote it, says what an element of the grid carries."""

import pytest

from agent.answer import Answer, Call, DoubtKind, Status
from agent.cited import citable
from agent.grounding import Background, Grounded, ground
from agent.grounding.evidence_check import check_evidence

NAMES = ["HV1 Line 54", "HV1 Bus 7"]
QUOTE = "The voltage stays between 0.90 and 1.118 pu. HV1 Line 54 is loaded to 42.0 %."
PASSAGE = {
    "id": "m-1",
    "document": "IEC 60076-7",
    "clause": "clause 7",
    "title": "Limits of 110 kV",
    "edition": "2018",
    "jurisdiction": "international",
    "valid_from": "2018-01-01",
    "verified": "no",
    "page": 17,
    "source": "AEIP",
    "quote": QUOTE,
    "text": f"{QUOTE} The hot-spot stays at or below 120 °C for 6 hours.",
    "suspicious": False,
}
SEARCH = Call(
    id="E1",
    tool="knowledge_search",
    result={"query": "voltage", "known": True, "passages": [PASSAGE], "differences": [], "nearest": [], "reason": "", "total": 1},
)
FLOW = Call(id="E2", tool="grid_data", result={"rows": [{"element": "HV1 Line 54", "loading_percent": 78.6}]})


def grounded(text: str, *calls: Call, free: bool = True) -> Grounded:
    return ground(text, calls, "What does the standard say?", NAMES, Background(citable=citable(calls)), free=free)


@pytest.mark.parametrize(
    "text",
    [
        'IEC 60076-7, clause 7, says: "The voltage stays between 0.90 and 1.118 pu. HV1 Line 54 is loaded to 42.0 %."',
        f"IEC 60076-7, clause 7, edition 2018, page 17:\n\n> {QUOTE}",
        "By IEC 60076-7 the hot-spot stays at or below 120 °C.",
        "The standard allows a voltage of 0.90 to 1.118 pu.",
    ],
)
def test_a_quote_and_a_rule_retold_are_supported(text: str) -> None:
    """Word for word in quotation marks or as a block quote, or in other words about no element."""
    assert grounded(text, SEARCH).doubts == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("HV1 Line 54 is loaded to 42.0 %.", DoubtKind.NUMBER),
        ("HV1 Bus 7 is at 1.118 pu.", DoubtKind.NUMBER),
        ("The standard allows a voltage of 1.25 pu.", DoubtKind.NUMBER),
        ("IEC 60076-9 says so.", DoubtKind.CLAUSE),
        ("It stands in IEC 60076-7, clause 12.", DoubtKind.CLAUSE),
    ],
)
def test_a_passage_says_nothing_of_the_grid_and_no_other_number(text: str, kind: DoubtKind) -> None:
    """What a document claims of an element is no fact even word for word; other numbers and clauses are inventions."""
    assert kind in {doubt.kind for doubt in grounded(text, SEARCH).doubts}


def test_a_study_beside_a_passage_keeps_its_own_values() -> None:
    """The loading is the study's; the quote beside it is neither its evidence nor in need of any."""
    text = f"HV1 Line 54 is loaded to 78.6 %.\n\n> {QUOTE}"
    found = grounded(text, SEARCH, FLOW, free=False)
    assert found.doubts == ()
    assert [(e.text, e.tool_call) for e in found.evidence] == [("78.6 %", "E2")]
    told = Answer(question="", status=Status.ANSWERED, answer=found.answer, tool_calls=(SEARCH, FLOW), evidence=found.evidence)
    assert check_evidence(told.model_dump(mode="json")) == []
