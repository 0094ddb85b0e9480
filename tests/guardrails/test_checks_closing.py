"""Closing: what stands between the two sides, and when nobody can say."""

from datetime import date

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.errors import PowerFlowDiverged
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from guardrails.change import steps
from guardrails.checks.table import CHECKS
from guardrails.drift import drifted
from guardrails.gate import Gate
from guardrails.rule import Limits
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from guardrails.verdict import Verdict

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
OPEN, CLOSE = Action(kind="open", element="Line 21-22 (1)"), Action(kind="close", element="Line 21-22 (1)")


def judged(rule_id: str, state: GridState, *actions: Action, limit: float | None = None) -> ClauseResult:
    """What a rule says of the last of some actions."""
    rule = next(r for r in PACK.rules if r.id == rule_id)
    rule = rule if limit is None else rule.model_copy(update={"limit": Limits(max=limit)})
    return CHECKS[rule.check].run(steps(state, actions)[-1], rule)[0]


def test_a_line_between_distant_angles_is_not_closed(case39: Grid) -> None:
    """With Line 21-22 open its ends drift 26 degrees and 0.06 pu apart: too far in angle, near enough in voltage."""
    angle = judged("closing-angle", case39.state_at(), OPEN, CLOSE)
    assert (angle.outcome, angle.limit, angle.element) == (Outcome.FAIL, 20.0, "Line 21-22 (1)")
    assert angle.value == pytest.approx(26.29, abs=0.01)
    assert "26.3 degrees" in angle.explanation
    voltage = judged("closing-voltage", case39.state_at(), OPEN, CLOSE)
    assert (voltage.outcome, voltage.unit) == (Outcome.PASS, "pu")
    assert voltage.value == pytest.approx(0.060, abs=0.001)


@pytest.mark.parametrize(("rule_id", "value"), [("closing-angle", 26.294146), ("closing-voltage", 0.059955)])
@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "fail"), (1e-4, "pass")])
def test_both_sides_of_both_limits(case39: Grid, rule_id: str, value: float, offset: float, outcome: str) -> None:
    """A hair decides."""
    assert judged(rule_id, case39.state_at(), OPEN, CLOSE, limit=value + offset).outcome == outcome


def test_the_grid_just_before_the_step_counts(case39: Grid) -> None:
    """Once its neighbour carries less, the same line is close enough: each step is judged where it stands."""
    less = Action(kind="set_p", element="Generator at Bus 35", p_mw=300.0)
    found = judged("closing-angle", case39.state_at(), OPEN, less, CLOSE)
    assert found.value is not None
    assert (found.outcome, found.value < 20.0) == (Outcome.PASS, True)


@pytest.mark.parametrize("element", ["A Coupler", "A Line 1 breaker", "B Line 1 breaker", "T Line 1"])
def test_breakers_couplers_and_branches_are_all_looked_at(training: Grid, element: str) -> None:
    """On a grid with busbars, bays and breakers."""
    opened = training.state_at().apply([Action(kind="open", element=element)])
    for rule_id in ("closing-angle", "closing-voltage"):
        found = judged(rule_id, opened, Action(kind="close", element=element))
        assert (found.outcome, found.element) == (Outcome.PASS, element)
        assert found.value is not None
        assert found.value > 0


def test_a_dead_side_leaves_nothing_to_compare(default_grid: Grid) -> None:
    """Energising a radial part, and putting a load back: said in words, and no pass."""
    opened = default_grid.state_at().apply([Action(kind="open", element=name) for name in ("HV1 Line 12", "HV1 Load 44")])
    for element in ("HV1 Line 12", "HV1 Load 44"):
        for rule_id in ("closing-angle", "closing-voltage"):
            found = judged(rule_id, opened, Action(kind="close", element=element))
            assert found.outcome is Outcome.NOT_APPLICABLE
            assert f"Closing {element} joins no two energised sides" in found.explanation
    assert judged("closing-angle", opened, Action(kind="open", element="HV1 Line 14")).explanation == "Nothing is closed."


def test_parts_that_are_supplied_apart_are_not_joined_by_a_model(default_grid: Grid) -> None:
    """An infeed stands for a network of its own; whether it runs in step nobody here can say, so the gate refuses."""
    state = default_grid.state_at()
    infeed = next(name for name in state.model.infeeds.name)
    opened = state.apply([Action(kind="open", element=infeed)])
    found = judged("closing-angle", opened, Action(kind="close", element=infeed))
    assert found.outcome is Outcome.NOT_CHECKABLE
    assert "supplied apart" in found.explanation
    verdict = Gate(PACK).check(opened, [Action(kind="close", element=infeed)], "test")
    assert "closing-angle" in [c.rule for c in verdict.clauses if c.outcome.blocks]


def test_a_dead_grid_is_put_back_on_its_infeed(training: Grid) -> None:
    """Total loss of supply has no power flow, yet nothing that could stand across a gap: restoration is not blocked."""
    dead = training.state_at().apply([Action(kind="open", element="T Infeed")])
    found = judged("closing-angle", dead, Action(kind="close", element="T Infeed"))
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert not Gate(PACK).check(dead, [Action(kind="close", element="T Infeed")], "restoration").blocked


def test_without_a_power_flow_before_nothing_is_known(case39: Grid) -> None:
    """A grid with voltage and no solution: the rule raises, which the gate records as not checkable."""
    state = case39.state_at().apply([OPEN])
    heavy = state.with_arrays(load_p_mw=np.asarray(state.load_p_mw * 40))
    with pytest.raises(PowerFlowDiverged):
        judged("closing-angle", heavy, CLOSE)
    assert Gate(PACK).check(heavy, [CLOSE], "test").blocked


@pytest.mark.parametrize(("margin", "stale"), [(8.01, False), (7.99, True)])
def test_an_angle_that_opens_by_more_than_two_degrees_is_stale(margin: float, stale: bool) -> None:
    """The angle between two places follows the flows: an approval stands until its margin has shrunk by 2 degrees."""
    found = ClauseResult(
        rule="closing-angle", clause="aeip-closing", requirement="", outcome=Outcome.PASS, explanation="", value=10, limit=20, unit="degree"
    )

    def verdict(at: float) -> Verdict:
        clauses = (found.model_copy(update={"margin": at}),)
        return Verdict(grid="case39", state_id="", plant_time="", actions=(CLOSE,), clauses=clauses)

    assert (drifted(verdict(10.0), verdict(margin), PACK.tolerances) is not None) is stale
