"""Relays after the action: pickup and third zone, now and after outages, with settings given and assumed."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.protection.element_settings import ElementSettings
from grid_models.protection.loadability import apparent_ohm, inside_mho
from grid_models.protection.settings import ProtectionSettings, settings_of
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from guardrails.change import Change, steps
from guardrails.checks.relays import zone3_percent
from guardrails.checks.table import CHECKS
from guardrails.circumstances import Circumstances
from guardrails.gate import Gate
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
MORE_POWER, OPENING = Action(kind="set_p", element="Generator at Bus 30", p_mw=700.0), Action(kind="open", element="Line 1-2 (1)")


def changed(state: GridState, action: Action, protection: ProtectionSettings | None) -> Change:
    return steps(state, [action], "test", Circumstances(protection=protection))[0]


def judged(rule_id: str, change: Change) -> ClauseResult:
    rule = next(r for r in PACK.rules if r.id == rule_id)
    return CHECKS[rule.check].run(change, rule)[0]


def given(case39: Grid, **settings: float | bool) -> ProtectionSettings:
    """The relays of case39 with settings of Line 2-3 (1), which more power from bus 30 loads."""
    return settings_of(case39.model, [ElementSettings(element="Line 2-3 (1)", **settings)])


@pytest.mark.parametrize("rule_id", ["relay-pickup", "relay-zone3", "n1-relay-pickup"])
def test_where_no_relays_are_known_nothing_is_judged(case39: Grid, rule_id: str) -> None:
    """It says so, and does not block: a grid without protection data is no fault of the action."""
    found = judged(rule_id, changed(case39.state_at(), MORE_POWER, None))
    assert (found.outcome, found.explanation) == (Outcome.NOT_APPLICABLE, "The relays of this grid are not known here.")


@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "fail"), (1e-4, "pass")])
def test_loading_on_both_sides_of_a_pickup(case39: Grid, offset: float, outcome: str) -> None:
    """A relay set just below what its line would carry trips, one set just above does not."""
    solution = changed(case39.state_at(), MORE_POWER, None).after.solution
    assert solution
    loading = float(solution.loading_percent[case39.model.branches.name.index("Line 2-3 (1)")]) / 100.0
    found = judged("relay-pickup", changed(case39.state_at(), MORE_POWER, given(case39, pickup_pu=loading + offset)))
    assert (found.outcome, found.element) == (outcome, "Line 2-3 (1)")


def test_a_line_without_protection_is_not_judged(case39: Grid) -> None:
    """Its relay cannot pick up; the pickup given would."""
    for protected, outcome in ((True, Outcome.FAIL), (False, Outcome.PASS)):
        settings = given(case39, pickup_pu=0.1, zone3_reach_ohm=2000.0, protected=protected)
        for rule_id in ("relay-pickup", "relay-zone3"):
            assert judged(rule_id, changed(case39.state_at(), MORE_POWER, settings)).outcome is outcome


@pytest.mark.parametrize(("factor", "outcome"), [(1.001, "fail"), (0.999, "pass")])
def test_load_on_both_sides_of_the_third_zone(case39: Grid, factor: float, outcome: str) -> None:
    """A reach that just meets the impedance of the load is in; the circle of the relay says the same."""
    change = changed(case39.state_at(), MORE_POWER, given(case39, zone3_reach_ohm=100.0))
    solution, row = change.after.solution, case39.model.branches.name.index("Line 2-3 (1)")
    assert solution
    assert change.around.protection
    near = float(zone3_percent(solution, change.around.protection.branches)[row])
    reach = factor * 100.0 * 100.0 / near
    found = judged("relay-zone3", changed(case39.state_at(), MORE_POWER, given(case39, zone3_reach_ohm=reach)))
    assert (found.outcome, found.element) == (outcome, "Line 2-3 (1)")
    bus = case39.model.branches.from_bus[row]
    seen = apparent_ohm(solution.vm_pu[bus] * case39.model.buses.nominal_kv[bus], solution.p_from_mw[row], solution.q_from_mvar[row])
    other = case39.model.branches.to_bus[row]
    behind = apparent_ohm(solution.vm_pu[other] * case39.model.buses.nominal_kv[other], solution.p_to_mw[row], solution.q_to_mvar[row])
    assert any(bool(inside_mho(z, reach, 80.0)) for z in (seen, behind)) is (outcome == "fail")


def test_a_reach_that_misses_the_criterion_is_named(case39: Grid) -> None:
    """A finding says whether the setting is to blame: an assumed reach bears 1.5 times the rating, this one less."""
    far = judged("relay-zone3", changed(case39.state_at(), MORE_POWER, given(case39, zone3_reach_ohm=1000.0)))
    assert "less than the 1.5 of PRC-023-6 R1 criterion 1" in far.explanation
    assumed = judged("relay-zone3", changed(case39.state_at(), MORE_POWER, settings_of(case39.model)))
    assert (assumed.outcome, "PRC-023" in assumed.explanation) == (Outcome.PASS, False)


def test_the_percentage_agrees_with_the_circle(case39: Grid) -> None:
    """With far reaches some lines are beyond 100 %: exactly those whose impedance lies in the mho circle at one end."""
    branches, kv = case39.model.branches, case39.model.buses.nominal_kv
    relays = settings_of(case39.model).branches
    far = replace(relays, zone3_reach_ohm=relays.zone3_reach_ohm * 12.0)
    solution = changed(case39.state_at(), MORE_POWER, None).after.solution
    assert solution
    inside = np.zeros(len(branches), dtype=bool)
    for bus, p_mw, q_mvar in (
        (branches.from_bus, solution.p_from_mw, solution.q_from_mvar),
        (branches.to_bus, solution.p_to_mw, solution.q_to_mvar),
    ):
        inside |= inside_mho(apparent_ohm(solution.vm_pu[bus] * kv[bus], p_mw, q_mvar), far.zone3_reach_ohm, far.zone3_torque_angle_degree)
    assert 0 < inside.sum() < len(inside)
    assert np.array_equal(zone3_percent(solution, far) >= 100.0, inside)


@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "fail"), (1e-4, "pass")])
def test_after_an_outage_on_both_sides_of_a_pickup(case39: Grid, offset: float, outcome: str) -> None:
    """All relays at the highest loading that opening the line brings about after an outage."""
    usual = settings_of(case39.model)
    rated = judged("n1-loading", changed(case39.state_at(), OPENING, None))
    assert rated.value is not None
    same = np.full(len(case39.model.branches), rated.value / 100.0 + offset)
    pickup = replace(usual, branches=replace(usual.branches, pickup_pu=same, pickup_given=np.isfinite(same)))
    found = judged("n1-relay-pickup", changed(case39.state_at(), OPENING, pickup))
    assert (found.outcome, found.element) == (outcome, rated.element)
    assert found.explanation.removeprefix("No new violation. Nearest to its limit: ").startswith("Losing ")


@pytest.mark.parametrize(("rule_id", "action"), [("relay-pickup", MORE_POWER), ("relay-zone3", MORE_POWER), ("n1-relay-pickup", OPENING)])
def test_a_setting_that_nobody_gave_only_warns(case39: Grid, rule_id: str, action: Action) -> None:
    """The same numbers fail where a utility gave them, and warn in words where they are the default."""
    usual = settings_of(case39.model)
    tight = {"pickup_pu": usual.branches.pickup_pu * 0.05, "zone3_reach_ohm": usual.branches.zone3_reach_ohm * 50.0}
    for by_utility, outcome in ((True, Outcome.FAIL), (False, Outcome.WARN)):
        said = np.full(len(case39.model.branches), by_utility)
        settings = replace(usual, branches=replace(usual.branches, **tight, pickup_given=said, zone3_given=said))
        found = judged(rule_id, changed(case39.state_at(), action, settings))
        assert found.outcome is outcome
        assert ("only warns because nobody gave this setting" in found.explanation) is not by_utility


def test_what_was_given_is_known_branch_by_branch(case39: Grid) -> None:
    """A pickup for one line makes neither its reach nor another line's pickup given."""
    branches = given(case39, pickup_pu=1.4).branches
    assert [case39.model.branches.name[i] for i in np.flatnonzero(branches.pickup_given)] == ["Line 2-3 (1)"]
    assert not branches.zone3_given.any()


def test_the_gate_hands_the_relays_on(default_grid: Grid) -> None:
    """On the default grid all three rules are judged, and a harmless switching still passes them."""
    settings = settings_of(default_grid.model)
    gate = Gate(PACK, around=lambda state: Circumstances(protection=settings))
    verdict = gate.check(default_grid.state_at(), [Action(kind="open", element="HV1 Line 14")], "test")
    outcomes = {c.rule: c.outcome for c in verdict.clauses if "relay" in c.rule}
    assert outcomes == dict.fromkeys(("relay-pickup", "relay-zone3", "n1-relay-pickup"), Outcome.PASS)
    assert not verdict.blocked


@pytest.mark.parametrize("rule_id", ["relay-pickup", "relay-zone3", "n1-relay-pickup"])
def test_settings_that_cannot_be_used_block(case39: Grid, rule_id: str) -> None:
    """The defaults would only warn where the file that cannot be read would have blocked."""
    broken = settings_of(case39.model, errors=["'relays.yaml' cannot be read"])
    pack = PACK.model_copy(update={"rules": tuple(r for r in PACK.rules if r.id in (rule_id, "branch-loading"))})
    verdict = Gate(pack, around=lambda state: Circumstances(protection=broken)).check(case39.state_at(), [MORE_POWER], "test")
    (found,) = [c for c in verdict.clauses if c.rule == rule_id]
    assert (found.outcome, "'relays.yaml' cannot be read" in found.explanation) == (Outcome.NOT_CHECKABLE, True)
    assert verdict.blocked
