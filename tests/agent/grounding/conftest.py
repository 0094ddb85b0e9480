"""Results of real studies (data/results.json) as calls of a turn, and the names of the grids they come from."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from agent.answer import Call
from agent.grounding import Grounded, check_evidence, ground

HERE = Path(__file__).parent
STORED = HERE.parent / "rendering" / "data"
FULL = json.loads((STORED / "results.json").read_text())
RESULTS = {
    **FULL,
    "full_power_flow": FULL["power_flow"],
    "full_contingencies": FULL["contingencies"],
    **json.loads((HERE / "data" / "results.json").read_text()),
    **json.loads((STORED / "thermal.json").read_text(encoding="utf-8")),
    **json.loads((STORED / "cascade.json").read_text(encoding="utf-8")),
    **json.loads((STORED / "frequency.json").read_text(encoding="utf-8")),
}


@pytest.fixture(scope="session")
def names() -> tuple[str, ...]:
    """Names of the default grid, case39 and case118, as far as the tests need them."""
    hv = {"Line": 95, "Trafo": 6, "Load": 58, "Sgen": 103, "Bus": 300, "Switch": 422}
    found = [f"HV1 {kind} {i}" for kind, count in hv.items() for i in range(1, count + 1)]
    return (*found, "EHV Ext_grid 8", *(f"Bus {i}" for i in range(1, 119)), "Line 5-6 (1)", "Line 21-22 (1)", "Infeed at Bus 31")


@pytest.fixture
def headlines() -> dict[str, str]:
    """Each stored result's own sentence."""
    return {name: r["result"]["headline"] for name, r in RESULTS.items() if "headline" in r["result"]}


@pytest.fixture
def call() -> Callable[..., Call]:
    """One of the stored results as a call."""
    return lambda name, call_id="E1": Call(id=call_id, **RESULTS[name])


@pytest.fixture
def told(call: Callable[..., Call], names: Sequence[str]) -> Callable[..., Grounded]:
    """Grounds a text on stored results and holds the evidence against the contract."""

    def run(text: str, *results: str, question: str = "") -> Grounded:
        calls = [call(name, f"E{i}") for i, name in enumerate(results, start=1)]
        grounded = ground(text, calls, question, names)
        answer = {
            "question": question,
            "status": "answered",
            "answer": grounded.answer,
            "tool_calls": [c.model_dump(mode="json") for c in calls],
            "evidence": [e.model_dump() for e in grounded.evidence],
        }
        assert check_evidence(answer) == []
        return grounded

    return run
