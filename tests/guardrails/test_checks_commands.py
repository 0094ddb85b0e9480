"""Commands against their element: ranges on both sides, steps that do not fit, and steps without effect."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from guardrails.change import Change, Situation, steps
from guardrails.checks.table import CHECKS
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))


Verdict = Callable[..., ClauseResult]


@pytest.fixture
def verdict(grid_cache: Path) -> Verdict:
    """What one rule says of one action."""

    def judge(rule_id: str, action: dict[str, object], grid: str = "training") -> ClauseResult:
        rule = next(r for r in PACK.rules if r.id == rule_id)
        change = steps(load_grid(grid, grid_cache).state_at(), [Action.model_validate(action)])[0]
        return CHECKS[rule.check].run(change, rule)[0]

    return judge


@pytest.mark.parametrize(("position", "outcome"), [(-10, "fail"), (-9, "pass"), (9, "pass"), (10, "fail")])
def test_tap_positions_end_where_the_grid_data_say(verdict: Verdict, position: int, outcome: str) -> None:
    """Both ends are positions; one beyond either is not."""
    found = verdict("tap-range", {"kind": "set_tap", "element": "T Trafo 1", "position": position})
    assert (found.outcome, found.value) == (outcome, position)
    if outcome == "fail":
        assert (found.limit, found.margin) == (9.0 if position > 0 else -9.0, -1.0)
        assert "-9 to 9" in found.explanation


@pytest.mark.parametrize(("step", "outcome"), [(-1, "fail"), (0, "pass"), (2, "pass"), (3, "fail")])
def test_shunt_steps_end_where_the_grid_data_say(verdict: Verdict, step: int, outcome: str) -> None:
    """From out of service to the highest step."""
    assert verdict("shunt-range", {"kind": "set_shunt", "element": "T Shunt 1", "step": step}).outcome == outcome


@pytest.mark.parametrize(
    ("element", "p_mw", "outcome"),
    [
        ("T Machine 1", 1.8, "fail"),
        ("T Machine 1", 1.95, "pass"),  # within the tolerance of 0.1 MW
        ("T Machine 1", 2.0, "pass"),
        ("T Machine 1", 16.0, "pass"),
        ("T Machine 1", 16.2, "fail"),
        ("T Wind 1", 9.0, "pass"),  # all that is available of 12 MW
        ("T Wind 1", 9.2, "fail"),
        ("T Wind 1", -0.2, "fail"),
    ],
)
def test_a_generator_is_scheduled_within_what_it_can_deliver(verdict: Verdict, element: str, p_mw: float, outcome: str) -> None:
    """Machines by their range, parks by what the weather gives now."""
    found = verdict("generator-range", {"kind": "set_p", "element": element, "p_mw": p_mw})
    assert found.outcome == outcome
    assert found.element == element
    assert ("now" in found.explanation) is (element == "T Wind 1")


@pytest.mark.parametrize(
    ("rule_id", "action"),
    [
        ("tap-range", {"kind": "open", "element": "T Line 1"}),
        ("tap-range", {"kind": "set_tap", "element": "T Line 1", "position": 1}),
        ("shunt-range", {"kind": "set_shunt", "element": "T Line 1", "step": 1}),
        ("generator-range", {"kind": "set_p", "element": "T Load 1", "p_mw": 1}),
    ],
)
def test_a_range_is_silent_about_other_elements(verdict: Verdict, rule_id: str, action: dict[str, object]) -> None:
    """Whether the action fits its element is another rule's question."""
    assert verdict(rule_id, action).outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ({"kind": "set_tap", "element": "T Line 1", "position": 1}, "no tap changer"),
        ({"kind": "close", "element": "T Line 1"}, "already in service"),
        ({"kind": "shed_load", "element": "T Load 1", "p_mw": 99}, "demand is 22.00 MW"),
    ],
)
def test_a_step_that_does_not_fit_fails_with_what_would_work(verdict: Verdict, action: dict[str, object], said: str) -> None:
    """The twin's own sentence is the explanation."""
    found = verdict("action-valid", action)
    assert found.outcome is Outcome.FAIL
    assert said in found.explanation


def test_scaling_is_for_studies(verdict: Verdict) -> None:
    """No plant can double all loads; opening a line is real."""
    assert verdict("element-hypothetical", {"kind": "scale", "group": "loads", "factor": 2.0}).outcome is Outcome.FAIL
    assert verdict("element-hypothetical", {"kind": "open", "element": "T Line 1"}).outcome is Outcome.PASS


def test_placeholder_ratings_block_and_real_ones_do_not(verdict: Verdict) -> None:
    """case118 carries placeholders, the training grid has ratings."""
    action = {"kind": "open", "element": "T Line 1"}
    assert verdict("ratings-usable", action).outcome is Outcome.PASS
    found = verdict("ratings-usable", {"kind": "open", "element": "Line 1-2 (1)"}, "case118")
    assert found.outcome is Outcome.FAIL
    assert "not usable" in found.explanation


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "set_tap", "element": "T Trafo 1", "position": 0},
        {"kind": "set_p", "element": "T Wind 1", "p_mw": 9.05},  # a cap above what is available
        {"kind": "release", "element": "T Load 1"},
    ],
)
def test_a_step_without_effect_is_not_checkable(verdict: Verdict, action: dict[str, object]) -> None:
    """What moves nothing in the simulation never passes."""
    found = verdict("nil-effect", action)
    assert found.outcome is Outcome.NOT_CHECKABLE
    assert "changes nothing" in found.explanation


@pytest.mark.parametrize(
    "action",
    [
        {"kind": "set_tap", "element": "T Trafo 1", "position": 1},
        {"kind": "set_p", "element": "T Wind 1", "p_mw": 8.9},
        {"kind": "set_voltage", "element": "T Machine 1", "vm_pu": 1.02},
        {"kind": "set_shunt", "element": "T Shunt 1", "step": 2},
        {"kind": "shed_load", "element": "T Load 1", "p_mw": 1.0},
        {"kind": "open", "element": "T Line 1"},
    ],
)
def test_every_kind_of_action_has_an_effect(verdict: Verdict, action: dict[str, object]) -> None:
    """Each command moves the solution of the training grid."""
    assert verdict("nil-effect", action).outcome is Outcome.PASS


def test_reactive_power_has_an_effect_only_where_no_machine_holds_the_voltage(verdict: Verdict) -> None:
    """Beside a machine the machine takes it back: the solution does not move, so it is not checkable; elsewhere it is."""
    beside = verdict("nil-effect", {"kind": "set_q", "element": "T Wind 1", "q_mvar": 1.0})
    assert beside.outcome is Outcome.NOT_CHECKABLE
    elsewhere = verdict("nil-effect", {"kind": "set_q", "element": "HV1 Sgen 64", "q_mvar": 1.0}, "1-HV-mixed--0-sw")
    assert elsewhere.outcome is Outcome.PASS


def test_a_power_flow_without_solution_fails(verdict: Verdict, training: Grid) -> None:
    """Ten times the load cannot be served; the failing rule says so, and the effect is not judged."""
    state = training.state_at()
    heavy = Situation(state.with_arrays(load_p_mw=state.load_p_mw * 40))
    change = Change(Situation(state), Situation(state), (Action(kind="open", element="T Line 1"),))
    change.__dict__["after"] = heavy
    rules = {r.id: r for r in PACK.rules}
    found = CHECKS["power_flow"].run(change, rules["power-flow"])[0]
    assert found.outcome is Outcome.FAIL
    assert "did not converge" in found.explanation
    assert CHECKS["nil_effect"].run(change, rules["nil-effect"])[0].outcome is Outcome.NOT_APPLICABLE
    assert verdict("power-flow", {"kind": "open", "element": "T Line 1"}).outcome is Outcome.PASS
