"""Results of real studies and gate verdicts (data/results.json, studies.json, live.json, frequency.json with its moments thinned),
hand-built ones of transformer life (data/thermal.json), and both of cascades (data/cascade.json), written and grounded."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.answer import Call
from agent.grounding import check_evidence, ground
from agent.rendering import write_answer

DATA = Path(__file__).parent / "data"
STUDIES = json.loads((DATA / "studies.json").read_text(encoding="utf-8"))
OLDER = json.loads((DATA / "results.json").read_text())
LIVE = json.loads((DATA / "live.json").read_text(encoding="utf-8"))
THERMAL = json.loads((DATA / "thermal.json").read_text(encoding="utf-8"))
CASCADE = json.loads((DATA / "cascade.json").read_text(encoding="utf-8"))
FREQUENCY = json.loads((DATA / "frequency.json").read_text(encoding="utf-8"))
RESULTS = OLDER | STUDIES | LIVE | THERMAL | CASCADE | FREQUENCY


@pytest.fixture
def call() -> Callable[..., Call]:
    """One of the stored results as a call."""
    return lambda name, call_id="E1": Call(id=call_id, **RESULTS[name])


@pytest.fixture
def answer(call: Callable[..., Call]) -> Callable[..., str]:
    """Writes the answer to stored results and grounds it: no number of it may be unsupported."""

    def run(*results: str, question: str = "", **style: object) -> str:
        calls = [call(name, f"E{i}") for i, name in enumerate(results, start=1)]
        grounded = ground(write_answer(calls, question, style), calls, question, [])
        assert grounded.unsupported_numbers == ()
        told = {"question": question, "status": "answered", "answer": grounded.answer}
        evidence = [e.model_dump() for e in grounded.evidence]
        assert check_evidence({**told, "tool_calls": [c.model_dump(mode="json") for c in calls], "evidence": evidence}) == []
        return grounded.answer

    return run


@pytest.fixture(params=sorted(OLDER))
def any_result(request: pytest.FixtureRequest) -> str:
    """Each stored result in turn."""
    return str(request.param)


@pytest.fixture(params=sorted(STUDIES))
def any_study(request: pytest.FixtureRequest) -> str:
    """Each stored result of the studies of connections, causes and deeper outages."""
    return str(request.param)


@pytest.fixture(params=sorted(LIVE))
def any_live(request: pytest.FixtureRequest) -> str:
    """Each stored result of the studies of a plant that ran with one fault after the other."""
    return str(request.param)


@pytest.fixture(params=sorted(THERMAL))
def any_thermal(request: pytest.FixtureRequest) -> str:
    """Each stored result of transformer life."""
    return str(request.param)


@pytest.fixture(params=sorted(CASCADE))
def any_cascade(request: pytest.FixtureRequest) -> str:
    """Each stored result of cascades."""
    return str(request.param)


@pytest.fixture(params=sorted(FREQUENCY))
def any_frequency(request: pytest.FixtureRequest) -> str:
    """Each stored result of frequency."""
    return str(request.param)


@pytest.fixture
def altered(call: Callable[..., Call]) -> Callable[..., Call]:
    """A stored result with other values of its own fields."""

    def run(name: str, **values: object) -> Call:
        stored = call(name)
        return stored.model_copy(update={"result": {**stored.result, **values}})

    return run


@pytest.fixture
def changed(call: Callable[..., Call]) -> Callable[..., Call]:
    """A stored result with other values: of its own fields (`result`), and of its first transformer (the rest)."""

    def run(name: str, result: dict[str, object] | None = None, **first: object) -> Call:
        stored = call(name)
        head, *rest = stored.result["transformers"]
        values = {**stored.result, "transformers": [{**head, **first}, *rest], **(result or {})}
        return stored.model_copy(update={"result": values})

    return run


@pytest.fixture
def told() -> Callable[..., str]:
    """Writes the answer to one call and grounds it."""

    def run(one: Call, question: str = "", **style: object) -> str:
        grounded = ground(write_answer([one], question, style), [one], question, [])
        assert grounded.unsupported_numbers == ()
        return grounded.answer

    return run
