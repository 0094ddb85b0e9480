"""Every scenario passes, each on a fresh app; one that should fail does fail."""

from pathlib import Path

import pytest

from evals.checks.score import Value
from evals.runner import Outcome, run_scenario, run_scenarios
from evals.scenario import Scenario
from evals.scenario_file import load_scenarios

SCENARIOS = load_scenarios()


@pytest.fixture
def play(tmp_path: Path, grid_cache: Path):  # type: ignore[no-untyped-def]  # a small closure
    """Runs the steps as a scenario on the training grid."""

    def run(*steps: dict[str, object], **fields: object) -> Outcome:
        told = {"id": "tried", "suite": "answers", "title": "tried", "grid": "training", "steps": steps, **fields}
        return run_scenario(Scenario.model_validate(told), tmp_path / "tried", grid_cache)

    return run


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.id)
def test_the_scenario_passes(scenario: Scenario, tmp_path: Path, grid_cache: Path) -> None:
    """The story ends as its file says, and every promise is kept on the way."""
    outcome = run_scenario(scenario, tmp_path / scenario.id, grid_cache)
    assert outcome.passed, "\n".join(outcome.failures)


@pytest.mark.parametrize(
    ("expect", "check"),
    [
        ({"status": "refused"}, "status"),
        ({"status": "answered", "tools": ["contingency_analysis"]}, "tools"),
        ({"status": "answered", "not_tools": ["power_flow"]}, "tools"),
        (
            {"status": "answered", "facts": [{"tool": "power_flow", "path": "max_loading_percent", "equals": 21.9, "tolerance": 0.5}]},
            "facts",
        ),
        ({"status": "answered", "facts": [{"tool": "power_flow", "path": "max_loading_percent", "equals": None}]}, "facts"),
        ({"status": "answered", "facts": [{"tool": "power_flow", "path": "no_such_field", "equals": 21.3}]}, "facts"),
        ({"status": "answered", "candidates": ["T Line 1"]}, "candidates"),
        ({"status": "answered", "mentions": ["HV1 Line 999"]}, "mentions"),
    ],
)
def test_a_wrong_expectation_of_an_answer_fails(play, expect: dict[str, object], check: str) -> None:  # type: ignore[no-untyped-def]
    """Each check can fail, and says which step and what was found."""
    outcome = play({"ask": "What is the state of the grid?", "expect": expect})
    assert not outcome.passed
    assert [failure for failure in outcome.failures if failure.startswith(f"step 1, {check}: ")]


@pytest.mark.parametrize(
    ("step", "check"),
    [
        ({"plant": {"T Line 1": {"in_service": False}}}, "plant"),
        ({"plant": {"T Load 1": {"p_mw": 21.0}}}, "plant"),
        ({"ledger": {"pending": 1}}, "ledger"),
        ({"decide": "approve", "by": "sven", "status": "executed"}, "ran"),
        ({"writes": "resume", "by": "olga"}, "refusal"),
        ({"writes": "stop", "by": "olga", "refused": "NotAuthorised"}, "refusal"),
        ({"ask": "What is the state of the grid?", "user": "nobody", "expect": {"status": "answered"}}, "ran"),
        ({"plant": {"No Such Line": {"in_service": True}}}, "ran"),
    ],
)
def test_a_wrong_expectation_of_the_plant_or_the_ledger_fails(play, step: dict[str, object], check: str) -> None:  # type: ignore[no-untyped-def]
    """So does each check of what was reached, and a step that cannot be played."""
    outcome = play(step)
    assert not outcome.passed
    assert [failure for failure in outcome.failures if failure.startswith(f"step 1, {check}: ")]


@pytest.mark.parametrize(
    ("step", "check"),
    [
        ({"study": "power_flow", "expect": {"fails": "UnknownGrid"}}, "study"),
        ({"study": "power_flow", "grid": "case9999", "expect": {}}, "study"),
        ({"study": "power_flow", "grid": "case9999", "expect": {"fails": "UnknownElement"}}, "study"),
        ({"study": "power_flow", "grid": "case9999", "expect": {"fails": "UnknownGrid", "says": ["case8888"]}}, "says"),
        ({"study": "power_flow", "expect": {"says": ["HV1 Line 999"]}}, "says"),
        ({"study": "power_flow", "expect": {"facts": [{"path": "max_loading_percent", "equals": 21.9, "tolerance": 0.5}]}}, "facts"),
        ({"study": "power_flow", "stop_after": 1, "expect": {}}, "progress"),
        ({"ask": "What is the state of the grid?", "stop_after": 1, "expect": {"status": "answered"}}, "progress"),
        ({"study": "horoscope", "expect": {}}, "study"),
    ],
)
def test_a_wrong_expectation_of_a_study_fails(play, step: dict[str, object], check: str) -> None:  # type: ignore[no-untyped-def]
    """A result where an error was expected, the other way round, wrong words or values, and a study that nobody could stop."""
    outcome = play(step)
    assert not outcome.passed
    assert [failure for failure in outcome.failures if failure.startswith(f"step 1, {check}: ")]


def test_a_change_behind_the_back_is_seen_on_the_plant(play) -> None:  # type: ignore[no-untyped-def]
    """The double that changes the plant does change it, and only what it names."""
    shown = {"T Line 1": {"in_service": False}, "T Line 2": {"in_service": True}}
    assert play({"behind": {"kind": "open", "element": "T Line 1"}}, {"plant": shown}).passed


def test_a_scenario_that_judges_nothing_does_not_pass() -> None:
    """Unscored is not passed either."""
    scenario = SCENARIOS[0]
    assert not Outcome(scenario, (), 0.0).passed


def test_the_end_of_every_story_verifies_the_audit(play) -> None:  # type: ignore[no-untyped-def]
    """Step 0 is the end; the audit is judged there without being asked for."""
    outcome = play({"plant": {"T Line 1": {"in_service": True}}})
    assert [(step, score.check, score.value) for step, score in outcome.scores][-1] == (0, "audit", Value.PASS)


def test_a_scenario_that_breaks_does_not_stop_the_others(tmp_path: Path) -> None:
    """An unknown grid is one failed scenario with the reason."""
    told = {"suite": "answers", "title": "none", "steps": [{"ledger": {"pending": 0}}]}
    broken = Scenario.model_validate({"id": "broken", "grid": "case9999", **told})
    sound = Scenario.model_validate({"id": "sound", "grid": "case14", **told})
    first, second = run_scenarios([broken, sound], tmp_path)
    assert (first.passed, second.passed) == (False, True)
    assert "case9999" in first.failures[0]
