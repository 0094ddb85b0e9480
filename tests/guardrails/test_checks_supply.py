"""Load and generation that lose their supply, on the training grid: 33 MW of load behind one transformer."""

from datetime import date

import pytest

from grid_models.actions import Action
from grid_models.findings import Outcome
from grid_models.twin.source import load_grid
from guardrails.change import Change, steps
from guardrails.checks import lost_generation, lost_load
from guardrails.rule import Rule, Tolerance
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))


def rule(rule_id: str, tolerance: float | None = None) -> Rule:
    """A rule of the pack, with another tolerance where given."""
    found = next(r for r in PACK.rules if r.id == rule_id)
    return found if tolerance is None else found.model_copy(update={"tolerance": Tolerance(value=tolerance)})


def last(*actions: dict[str, object], reason: str = "because") -> Change:
    """The last step of a list on the training grid."""
    return steps(load_grid("training").state_at(), [Action.model_validate(a) for a in actions], reason)[-1]


CUT = {"kind": "open", "element": "T Trafo 1"}
SHED = {"kind": "shed_load", "element": "T Load 1", "p_mw": 5.0}


def test_load_cut_off_by_switching_fails_with_names_and_megawatts() -> None:
    """Opening the only transformer takes both loads off; the largest is named first."""
    found = lost_load.check(last(CUT), rule("lost-load"))[0]
    assert (found.outcome, found.value, found.margin, found.element) == (Outcome.FAIL, 33.0, -33.0, "T Load 1")
    assert "33.0 MW" in found.explanation
    assert "T Load 1 (22.0 MW), T Load 2 (11.0 MW)" in found.explanation
    assert found.critical


@pytest.mark.parametrize(("tolerance", "outcome"), [(32.9, "fail"), (33.0, "pass"), (33.1, "pass")])
def test_cut_off_load_on_both_sides_of_its_tolerance(tolerance: float, outcome: str) -> None:
    """Only what exceeds the tolerance is held against the action."""
    assert lost_load.check(last(CUT), rule("lost-load", tolerance))[0].outcome == outcome


@pytest.mark.parametrize("action", [SHED, {"kind": "open", "element": "T Load 1"}])
def test_shedding_by_name_warns_with_a_reason_and_fails_without(action: dict[str, object]) -> None:
    """A decision to shed is for people, and they need to know why."""
    found = lost_load.check(last(action), rule("lost-load"))[0]
    assert found.outcome is Outcome.WARN
    assert "on purpose: T Load 1" in found.explanation
    assert found.critical
    without = lost_load.check(last(action, reason="  "), rule("lost-load"))[0]
    assert without.outcome is Outcome.FAIL
    assert "needs a reason" in without.explanation


def test_what_is_shed_by_name_is_not_counted_as_cut_off() -> None:
    """After shedding 5 MW and opening the transformer, 28 MW are cut off."""
    found = lost_load.check(last(SHED, CUT), rule("lost-load"))[0]
    assert (found.outcome, found.value) == (Outcome.FAIL, 28.0)


def test_naming_every_load_first_leaves_nothing_to_cut_off() -> None:
    """Opening both loads and then the transformer is shedding, not an accident."""
    change = last({"kind": "open", "element": "T Load 1"}, {"kind": "open", "element": "T Load 2"}, CUT)
    found = lost_load.check(change, rule("lost-load"))[0]
    assert (found.outcome, found.value) == (Outcome.WARN, 33.0)


def test_restoring_load_is_no_loss() -> None:
    """Seen from a grid with shed load, giving it back passes and is not critical."""
    shed = last(SHED).after.state
    change = steps(shed, [Action(kind="release", element="T Load 1")], "back")[0]
    found = lost_load.check(change, rule("lost-load"))[0]
    assert (found.outcome, found.value, found.critical) == (Outcome.PASS, 0.0, False)


def test_generation_cut_off_is_named_and_warns() -> None:
    """A machine and two parks hang on the transformer: 21 MW."""
    found = lost_generation.check(last(CUT), rule("lost-generation"))[0]
    assert (found.outcome, found.value, found.element) == (Outcome.WARN, 21.0, "T Wind 1")
    assert "T Wind 1 (9.0 MW), T Machine 1 (8.0 MW), T Solar 1 (4.0 MW)" in found.explanation


@pytest.mark.parametrize(("tolerance", "outcome"), [(20.9, "warn"), (21.0, "pass")])
def test_cut_off_generation_on_both_sides_of_its_tolerance(tolerance: float, outcome: str) -> None:
    """Only what exceeds the tolerance is warned of."""
    assert lost_generation.check(last(CUT), rule("lost-generation", tolerance))[0].outcome == outcome


def test_taking_a_park_off_or_down_is_the_purpose_and_passes() -> None:
    """Opening a park by name is told; curtailing it is no loss at all."""
    opened = lost_generation.check(last({"kind": "open", "element": "T Wind 1"}), rule("lost-generation"))[0]
    assert opened.outcome is Outcome.PASS
    assert "on purpose: T Wind 1 (9.0 MW)" in opened.explanation
    curtailed = lost_generation.check(last({"kind": "set_p", "element": "T Wind 1", "p_mw": 2}), rule("lost-generation"))[0]
    assert (curtailed.outcome, curtailed.explanation) == (Outcome.PASS, "No generation is cut off by switching.")
