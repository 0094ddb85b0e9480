"""`aeip eval` and `aeip bench` as a person or a script meets them: exit status, sentences, one JSON document."""

import json
from pathlib import Path

import pytest

import evals.bench.command as bench
import evals.command as evaluation
from evals.bench.row import Row, percentile
from evals.scenario import Scenario
from evals.scenario_file import InvalidScenario

SOUND = Scenario.model_validate(
    {"id": "sound", "suite": "safety", "title": "nothing is pending", "grid": "training", "steps": [{"ledger": {"pending": 0}}]}
)
WRONG = SOUND.model_copy(update={"id": "wrong", "steps": (SOUND.steps[0].model_copy(update={"ledger": {"pending": 3}}),)})


@pytest.fixture
def stories(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]  # a small closure
    """Sets the scenarios there are."""
    return lambda *found: monkeypatch.setattr(evaluation, "load_scenarios", lambda: found)


def test_all_pass_is_0_and_one_failure_is_1_with_its_reason(stories, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    """The table says pass or fail for each scenario, and why."""
    stories(SOUND)
    assert evaluation.run([]) == 0
    assert "1 of 1 scenarios pass" in capsys.readouterr().out
    stories(SOUND, WRONG)
    assert evaluation.run(["safety"]) == 1
    shown = capsys.readouterr().out
    assert "1 of 2 scenarios pass" in shown
    assert "step 1, ledger: 0 proposals are pending, expected 3" in shown


def test_json_is_one_document(stories, capsys: pytest.CaptureFixture[str]) -> None:  # type: ignore[no-untyped-def]
    """Nothing else is on stdout; every score has its explanation."""
    stories(SOUND, WRONG)
    assert evaluation.run(["--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["passed"], found["total"]) == (1, 2)
    assert [s["passed"] for s in found["scenarios"]] == [True, False]
    assert all(score["explanation"] for s in found["scenarios"] for score in s["scores"])


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (["riddles"], 2, "There is no suite or scenario 'riddles'"),
        (["--colour"], 2, "unrecognized arguments"),
        (["--model", "gpt"], 2, "AEIP_BRAIN='gpt' cannot be used: 'embedded' works, or 'ollama:' and the name of a model"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(
    stories,  # type: ignore[no-untyped-def]
    capsys: pytest.CaptureFixture[str],
    args: list[str],
    status: int,
    said: str,
) -> None:
    """Usage errors are 2."""
    stories(SOUND)
    assert evaluation.run(args) == status
    assert said in capsys.readouterr().err


def test_a_malformed_scenario_runs_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Half a suite would pass for the wrong reason."""

    def broken() -> tuple[Scenario, ...]:
        raise InvalidScenario("Scenario file 'x.yaml', at steps.0: broken.")

    monkeypatch.setattr(evaluation, "load_scenarios", broken)
    assert evaluation.run([]) == 1
    assert capsys.readouterr().err == "Scenario file 'x.yaml', at steps.0: broken.\n"


def test_bench_prints_a_table_or_one_document(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each row says how it was measured."""
    monkeypatch.setattr(bench, "measure", lambda names: [Row("N-1: ratio", 12.5, "×", "per case")])
    assert bench.run([]) == 0
    assert "N-1: ratio" in capsys.readouterr().out
    assert bench.run(["--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rows"] == [{"name": "N-1: ratio", "value": 12.5, "unit": "×", "how": "per case"}]
    assert bench.run(["racing"]) == 2
    assert "There is no benchmark 'racing'" in capsys.readouterr().err


def test_percentiles_are_values_that_occurred() -> None:
    """Nearest rank: of twenty values the 95th percentile is the nineteenth."""
    values = [float(v) for v in range(20, 0, -1)]
    assert (percentile(values, 0.5), percentile(values, 0.95), percentile([7.0], 0.95)) == (10.0, 19.0, 7.0)


@pytest.mark.slow
def test_the_peer_gives_the_same_answers(tmp_path: Path) -> None:
    """`aeip bench n1` compares times of equal results only; it raises otherwise."""
    rows = {row.name: row.value for row in bench.measure(["n1"])}
    assert all(value > 0.0 for value in rows.values())
    assert {"N-1 case118: 1 thread", "N-1 1-HV-mixed--0-sw: pandapower", "N-1 case118: lightsim2grid alone, 2"} <= rows.keys()
