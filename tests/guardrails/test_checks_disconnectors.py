"""Disconnectors are moved without load: in order within a list, judged step by step, on both sides of the limit."""

from collections.abc import Callable
from datetime import date

import pytest

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.steady.disconnectors import UNLOADED_AMPERE
from grid_models.structure.isolate import isolation_of
from grid_models.structure.places import place_of
from grid_models.twin.profiles import Grid
from guardrails.change import steps
from guardrails.checks import disconnector_load
from guardrails.gate import Gate
from guardrails.rule import Limits
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from guardrails.verdict import Verdict

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
RULE = next(r for r in PACK.rules if r.id == "disconnector-unloaded")
LINE_1 = "A Line 1 disconnector 1"

Ask = Callable[..., Verdict]


def listed(*orders: str) -> list[Action]:
    """'open X' and 'close X' as actions."""
    return [Action(kind=kind, element=name) for kind, name in (order.split(" ", 1) for order in orders)]


@pytest.fixture
def ask(training: Grid) -> Ask:
    """The whole gate on the training substation."""
    return lambda *orders: Gate(PACK).check(training.state_at(), listed(*orders), "test")


def said(verdict: Verdict) -> ClauseResult:
    return next(c for c in verdict.clauses if c.rule == RULE.id)


def test_a_loaded_disconnector_is_not_opened(ask: Ask) -> None:
    """It carries the line's current; the sentence says how much and what to do first."""
    found = said(ask(f"open {LINE_1}"))
    assert (found.outcome, found.element, found.limit, found.unit) == (Outcome.FAIL, LINE_1, 0.5, "A")
    assert found.value == pytest.approx(31.0, abs=0.1)
    assert "Open its circuit breaker first" in found.explanation


@pytest.mark.parametrize("first", ["open A Line 1 breaker", "open T Line 1"])
def test_behind_its_open_breaker_it_is_opened(ask: Ask, first: str) -> None:
    """The whole gate lets the list through, the step without effect on any flow included."""
    verdict = ask(first, f"open {LINE_1}")
    assert not verdict.blocked
    assert said(verdict).outcome is Outcome.PASS


def test_the_order_of_a_list_decides(ask: Ask) -> None:
    """The same two actions the other way round break current."""
    found = said(ask(f"open {LINE_1}", "open A Line 1 breaker"))
    assert found.outcome is Outcome.FAIL
    assert found.explanation.startswith(f"Step 1 of 2, open {LINE_1}: ")


def test_the_charging_current_of_a_line_is_load(ask: Ask) -> None:
    """Open at the far end, it still draws 3.7 A."""
    found = said(ask("open B Line 1 breaker", f"open {LINE_1}"))
    assert (found.outcome, found.value) == (Outcome.FAIL, pytest.approx(3.7, abs=0.1))


@pytest.mark.parametrize(("limit", "outcome"), [(30.9, "fail"), (31.2, "pass")])
def test_the_limit_decides_on_both_its_sides(training: Grid, limit: float, outcome: str) -> None:
    """31.0 A against a limit just below and just above."""
    rule = RULE.model_copy(update={"limit": Limits(max=limit)})
    assert disconnector_load.check(steps(training.state_at(), listed(f"open {LINE_1}"))[0], rule)[0].outcome == outcome


def test_a_bay_is_moved_to_the_other_busbar_with_the_coupler_closed(ask: Ask) -> None:
    """Under load and without interruption: each disconnector is bridged when it moves."""
    verdict = ask("close A Line 1 disconnector 2", f"open {LINE_1}")
    assert not verdict.blocked
    assert "bridged" in said(verdict).explanation


def test_with_the_coupler_open_the_same_would_join_two_live_busbars(ask: Ask) -> None:
    """A disconnector is no coupler."""
    found = said(ask("open A Coupler", "close A Line 1 disconnector 2"))
    assert found.outcome is Outcome.FAIL
    assert "two live parts" in found.explanation


def test_it_is_closed_onto_a_bare_bay_but_not_onto_a_line(ask: Ask) -> None:
    """With the breaker open it energises a few metres of busbar; with the breaker closed a line."""
    opened = ("open T Line 1", f"open {LINE_1}")
    assert not ask(*opened, f"close {LINE_1}").blocked
    found = said(ask(*opened, "close A Line 1 breaker", f"close {LINE_1}"))
    assert found.outcome is Outcome.FAIL
    assert "would energise T Line 1" in found.explanation


def test_what_has_no_voltage_on_either_side_is_free_to_move(training: Grid) -> None:
    """Asked of the check alone: the substation is dead, so no power flow is needed."""
    dead = training.state_at().apply(listed("open T Infeed"))
    for order in (f"open {LINE_1}", "close A Line 1 disconnector 2"):
        assert disconnector_load.check(steps(dead, listed(order))[0], RULE)[0].outcome is Outcome.PASS


def test_studies_and_orders_call_the_same_unloaded() -> None:
    """What a what-if says of an order is what the gate does with it."""
    assert RULE.limit.max == UNLOADED_AMPERE


def test_breakers_and_set_points_are_no_business_of_it(ask: Ask) -> None:
    """Nothing is said of what moves no disconnector."""
    assert said(ask("open A Line 1 breaker")).outcome is Outcome.NOT_APPLICABLE


def test_a_breaker_without_effect_is_still_not_checkable(ask: Ask) -> None:
    """The exception is for disconnectors alone."""
    verdict = ask("open T Line 1", f"open {LINE_1}", "close A Line 1 breaker")
    assert [c.rule for c in verdict.clauses if c.outcome.blocks] == ["nil-effect"]


def test_an_isolation_is_an_order_the_gate_lets_through(training: Grid) -> None:
    """What the study lists to open, in its order: breakers, then disconnectors without load."""
    state = training.state_at()
    found = isolation_of(state, place_of(state.model, "T Line 1"))
    verdict = Gate(PACK).check(state, [Action(kind="open", element=o.element) for o in found.openings if o.to_open], "work on line 1")
    assert len(verdict.actions) == 3
    assert not verdict.blocked
