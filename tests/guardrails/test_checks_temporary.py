"""Temporary ratings: only where the grid data have them, and for how long."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from guardrails.change import Change, steps
from guardrails.checks import branch_loading, n1_loading, temporary_loading
from guardrails.checks.temporary import allowed_percent
from guardrails.rule import Limits, Rule
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack
from knowledge.clauses import clause

PACK = load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20))
MORE_POWER, OPENING = Action(kind="set_p", element="Generator at Bus 30", p_mw=1000.0), Action(kind="open", element="Line 1-2 (1)")


def rule(rule_id: str, **fields: object) -> Rule:
    return next(r for r in PACK.rules if r.id == rule_id).model_copy(update=fields)


def change(case39: Grid, action: Action, at: dict[str, float], scale: float = 1.0) -> Change:
    """The action on case39 with other permanent ratings, and with temporary ones in pu of these for the branches named."""
    branches = case39.model.branches
    one, other = branches.rating_from_ka * scale, branches.rating_to_ka * scale
    factor = np.array([at.get(name, np.nan) for name in branches.name])
    ratings = {
        "rating_from_ka": one, "rating_to_ka": other, "temporary_from_ka": one * factor, "temporary_to_ka": other * factor
    }  # fmt: skip
    return steps(GridState.at_start(replace(case39.model, branches=replace(branches, **ratings))), [action])[0]


@pytest.fixture(scope="module")
def worst(case39: Grid) -> ClauseResult:
    """The worst that opening the line does after an outage, at 40 % of the ratings, so that it lies beyond the permanent one."""
    found = n1_loading.check(change(case39, OPENING, {}, 0.4), rule("n1-loading"))[0]
    assert found.value is not None
    return found.model_copy(update={"value": found.value / 100.0})


def after_outage(case39: Grid, worst: ClauseResult, factor: float, **fields: object) -> ClauseResult:
    """The rule's limit a hair below the worst value, so that it decides alone; its branch has a temporary rating."""
    assert worst.value is not None
    assert worst.element is not None
    limits = Limits(max=worst.value * 100.0 - 1e-3)
    return n1_loading.check(change(case39, OPENING, {worst.element: factor}, 0.4), rule("n1-loading", limit=limits, **fields))[0]


def test_without_a_temporary_rating_an_outage_that_overloads_fails(worst: ClauseResult) -> None:
    """As before; the rule says nothing of minutes."""
    assert worst.outcome is Outcome.FAIL
    assert "temporary" not in worst.explanation


@pytest.mark.parametrize(("offset", "outcome"), [(1e-4, "warn"), (-1e-4, "fail")])
def test_after_an_outage_a_temporary_rating_gives_time(case39: Grid, worst: ClauseResult, offset: float, outcome: str) -> None:
    """Within it the branch warns with the minutes it may stay there, beyond it the action is refused."""
    assert worst.value is not None
    found = after_outage(case39, worst, worst.value + offset)
    assert (found.outcome, found.element) == (outcome, worst.element)
    assert ("may carry for 15 minutes" in found.explanation) is (outcome == "warn")
    assert ("beyond its temporary rating" in found.explanation) is (outcome == "fail")
    assert found.margin is not None


def test_without_minutes_in_the_rule_a_temporary_rating_does_not_count(case39: Grid, worst: ClauseResult) -> None:
    """A pack that does not say for how long stays with the permanent rating."""
    assert worst.value is not None
    assert after_outage(case39, worst, worst.value * 2, parameters={}).outcome is Outcome.FAIL


def test_the_minutes_stand_in_the_procedure() -> None:
    """Rule and passage cannot drift apart."""
    minutes = rule("n1-loading").parameters["temporary_minutes"]
    assert f"{minutes:g} minutes" in clause("aeip-permanent-rating").text


def test_the_undisturbed_grid_keeps_the_permanent_rating(case39: Grid) -> None:
    """However high the temporary rating: it is for the time after an outage."""
    doubled = dict.fromkeys(case39.model.branches.name, 10.0)
    moved = change(case39, MORE_POWER, doubled, 0.5)
    assert branch_loading.check(moved, rule("branch-loading"))[0].outcome is Outcome.FAIL
    assert temporary_loading.check(moved, rule("temporary-loading"))[0].outcome is Outcome.PASS


@pytest.mark.parametrize(("offset", "outcome"), [(-1e-4, "fail"), (1e-4, "pass")])
def test_beyond_the_temporary_rating_is_beyond_any_time(case39: Grid, offset: float, outcome: str) -> None:
    """The branch that the action loads most, on both sides of its temporary rating; nothing else has one."""
    found = branch_loading.check(change(case39, MORE_POWER, {}, 0.5), rule("branch-loading"))[0]
    assert found.value is not None
    assert found.element is not None
    judged = temporary_loading.check(
        change(case39, MORE_POWER, {found.element: found.value / 100.0 + offset}, 0.5), rule("temporary-loading")
    )
    assert (judged[0].outcome, judged[0].element) == (outcome, found.element)


def test_no_temporary_rating_is_invented(case39: Grid) -> None:
    """Without any in the grid data there is nothing to judge, and nothing is allowed beyond the permanent rating."""
    found = temporary_loading.check(change(case39, MORE_POWER, {}), rule("temporary-loading"))[0]
    assert found.outcome is Outcome.NOT_APPLICABLE
    assert "none is assumed" in found.explanation
    assert allowed_percent(case39.model.branches)[case39.model.branches.rated] == pytest.approx(100.0)


def test_the_end_with_the_smaller_reserve_decides(case39: Grid) -> None:
    """120 % at one end and no temporary rating at the other: 100 %; a temporary rating below the permanent one counts for nothing."""
    branches = case39.model.branches
    one, other = branches.rating_from_ka * 1.2, np.full(len(branches), np.nan)
    assert allowed_percent(replace(branches, temporary_from_ka=one, temporary_to_ka=other))[0] == pytest.approx(100.0)
    assert allowed_percent(replace(branches, temporary_from_ka=one, temporary_to_ka=branches.rating_to_ka * 1.1))[0] == pytest.approx(110.0)
    assert allowed_percent(replace(branches, temporary_from_ka=one * 0.5, temporary_to_ka=one * 0.5))[0] == pytest.approx(100.0)
