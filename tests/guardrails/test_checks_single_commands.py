"""How far one command may go: ramps, tap and shunt steps, reactive power."""

from collections.abc import Callable
from datetime import date

import pytest

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.profiles import Grid
from guardrails.change import steps
from guardrails.checks.table import CHECKS
from guardrails.gate import Gate
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
Verdict = Callable[..., ClauseResult]


@pytest.fixture
def verdict(training: Grid) -> Verdict:
    """What one rule says of the last of some actions on the training grid."""

    def judge(rule_id: str, *actions: dict[str, object]) -> ClauseResult:
        rule = next(r for r in PACK.rules if r.id == rule_id)
        return CHECKS[rule.check].run(steps(training.state_at(), [Action.model_validate(a) for a in actions])[-1], rule)[0]

    return judge


def machine(p_mw: float) -> dict[str, object]:
    """T Machine 1 runs at 8 of 16 MW."""
    return {"kind": "set_p", "element": "T Machine 1", "p_mw": p_mw}


@pytest.mark.parametrize(("p_mw", "outcome"), [(16.0, "pass"), (16.1, "warn"), (2.0, "pass"), (0.0, "pass"), (-0.1, "warn")])
def test_a_ramp_counts_up_and_down(verdict: Verdict, p_mw: float, outcome: str) -> None:
    """From 8 MW half of 16 MW leads to 0 or 16 MW."""
    found = verdict("ramp", machine(p_mw))
    assert (found.outcome, found.element) == (outcome, "T Machine 1")
    assert found.value == pytest.approx(abs(p_mw - 8.0) / 16.0 * 100.0, abs=1e-5)


def test_a_park_is_moved_by_its_cap_and_by_letting_go_of_it(verdict: Verdict) -> None:
    """9 of 12 MW are available: a cap of 2 MW takes off 58 %, one of 20 MW nothing, and releasing the first gives 58 % back."""
    down = {"kind": "set_p", "element": "T Wind 1", "p_mw": 2.0}
    assert verdict("ramp", down).value == pytest.approx(700 / 12)
    assert verdict("ramp", {**down, "p_mw": 20.0}).value == 0.0
    back = verdict("ramp", down, {"kind": "release", "element": "T Wind 1"})
    assert (back.outcome, back.value) == (Outcome.WARN, pytest.approx(700 / 12))


@pytest.mark.parametrize(("position", "outcome"), [(-3, "fail"), (-2, "pass"), (1, "pass"), (2, "pass"), (3, "fail")])
def test_a_tap_changer_moves_by_two_positions(verdict: Verdict, position: int, outcome: str) -> None:
    """Either way, from position 0; a way that is too long says what would work."""
    found = verdict("tap-steps", {"kind": "set_tap", "element": "T Trafo 1", "position": position})
    assert (found.outcome, found.value) == (outcome, abs(position))
    assert ("A list of shorter commands would work" in found.explanation) is (outcome == "fail")


def test_a_list_of_short_ways_is_no_long_way(verdict: Verdict) -> None:
    """Each step is measured from the one before."""
    found = verdict("tap-steps", *({"kind": "set_tap", "element": "T Trafo 1", "position": position} for position in (2, 4)))
    assert (found.outcome, found.value) == (Outcome.PASS, 2.0)


@pytest.mark.parametrize(("step", "outcome"), [(0, "pass"), (2, "pass")])
def test_a_shunt_moves_by_one_step(verdict: Verdict, step: int, outcome: str) -> None:
    """The bank stands on step 1; from 0 to 2 it takes two commands."""
    command = {"kind": "set_shunt", "element": "T Shunt 1", "step": step}
    assert verdict("shunt-steps", command).outcome == outcome
    assert verdict("shunt-steps", {**command, "step": 2 - step}, command).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("q_mvar", "outcome"),
    [
        (7.90, "pass"),  # sqrt(12² - 9²) = 7.937 Mvar, and a tolerance of 0.1 Mvar
        (8.03, "pass"),
        (8.05, "not checkable"),
        (-8.03, "pass"),
        (-8.05, "not checkable"),
    ],
)
def test_reactive_power_passes_within_what_the_range_proves(verdict: Verdict, q_mvar: float, outcome: str) -> None:
    """T Wind 1 injects 9 of 12 MW. What lies beyond is not known to be too much, and does not pass."""
    found = verdict("reactive-range", {"kind": "set_q", "element": "T Wind 1", "q_mvar": q_mvar})
    assert (found.outcome, found.limit) == (outcome, pytest.approx(63**0.5, abs=1e-5))
    assert "no reactive range in the grid data" in found.explanation


@pytest.mark.parametrize("rule_id", ["ramp", "reactive-range", "shunt-steps", "tap-steps"])
def test_other_commands_are_not_judged(verdict: Verdict, rule_id: str) -> None:
    """Nor is a value that does not exist: that is another rule's question."""
    assert verdict(rule_id, {"kind": "open", "element": "T Line 1"}).outcome is Outcome.NOT_APPLICABLE
    assert verdict(rule_id, {"kind": "set_tap", "element": "T Trafo 1", "position": 99}).outcome is Outcome.NOT_APPLICABLE
    assert verdict(rule_id, {"kind": "set_shunt", "element": "T Line 1", "step": 1}).outcome is Outcome.NOT_APPLICABLE


def test_a_jump_is_refused_where_the_same_way_in_steps_is_not(training: Grid) -> None:
    """Through the gate: only the rule on steps speaks against the jump."""
    gate = Gate(PACK)
    jump = [Action(kind="set_tap", element="T Trafo 1", position=3)]
    way = [Action(kind="set_tap", element="T Trafo 1", position=position) for position in (1, 2, 3)]
    assert [c.rule for c in gate.check(training.state_at(), jump, "test").clauses if c.outcome.blocks] == ["tap-steps"]
    assert not gate.check(training.state_at(), way, "test").blocked
