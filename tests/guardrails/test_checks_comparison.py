"""Caused by the action: exact numbers on both sides of the limit and of the tolerance."""

from datetime import date

import numpy as np
import pytest

from grid_models.findings import Outcome
from guardrails.checks.comparison import compare
from guardrails.checks.conclusion import Reading, conclude
from guardrails.rule import Rule
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

RULE = next(r for r in load_pack(ENTSOE_CONTINENTAL, date(2026, 11, 20)).rules if r.id == "branch-loading")
LIMIT = 100.0


def judged(before: list[float], after: list[float], *, exceptional: list[bool] | None = None, rule: Rule = RULE):  # type: ignore[no-untyped-def]
    """The clause result for some loadings, compared one by one."""
    one, other = np.array(before), np.array(after)

    def read(at: tuple[int, ...]) -> Reading:
        return Reading(f"E{at[0]}", f"E{at[0]} {other[at]:g}", float(other[at]), LIMIT, float(one[at]))

    compared = compare(one - LIMIT, other - LIMIT, rule.tolerance.value)
    flags = None if exceptional is None else np.array(exceptional)
    return conclude(rule, compared, read, nothing="nothing", exceptional=flags)[0]


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [
        (90.0, 100.0, "pass"),  # at the limit
        (90.0, 100.0001, "fail"),  # beyond it and much worse
        (99.5, 100.4, "pass"),  # beyond it, worse by 0.9
        (99.5, 100.6, "fail"),  # beyond it, worse by 1.1
        (120.0, 121.0, "pass"),  # worse by exactly the tolerance
        (120.0, 121.01, "fail"),
        (120.0, 119.0, "pass"),  # relief
        (np.nan, 100.1, "fail"),  # no value before: the limit alone
        (np.nan, 99.9, "pass"),
    ],
)
def test_a_value_counts_beyond_the_limit_and_worse_by_more_than_the_tolerance(before: float, after: float, outcome: str) -> None:
    """Both conditions are needed, each on both of its sides."""
    assert judged([before], [after]).outcome == outcome


def test_the_worst_caused_value_is_named_with_its_numbers() -> None:
    """Not the highest value, which was there before, but the highest one that the change causes."""
    found = judged([150.0, 90.0, 90.0], [150.2, 104.0, 110.0])
    assert (found.element, found.value, found.limit, found.margin, found.before) == ("E2", 110.0, 100.0, -10.0, 90.0)
    assert "2 values in all" in found.explanation
    assert found.existing == ("E0 150.2",)


def test_a_pass_shows_the_nearest_value_and_lists_what_is_older() -> None:
    """An older violation is no merit of the change: the margin is that of the next value."""
    found = judged([150.0, 90.0], [149.9, 95.0])
    assert (found.outcome, found.element, found.margin) == (Outcome.PASS, "E1", 5.0)
    assert "1 existing violation remains" in found.explanation


def test_relief_is_told_when_it_exceeds_the_tolerance() -> None:
    """A violation that shrinks by more than the tolerance is relieved, one that shrinks by less is not."""
    assert "1 is relieved" in judged([150.0, 90.0], [140.0, 90.0]).explanation
    assert "relieved" not in judged([150.0, 90.0], [149.5, 90.0]).explanation


def test_an_exceptional_case_only_warns_and_an_ordinary_one_decides() -> None:
    """The ordinary finding fails although the exceptional one is graver."""
    only = judged([90.0, 90.0], [130.0, 90.0], exceptional=[True, False])
    both = judged([90.0, 90.0], [130.0, 110.0], exceptional=[True, False])
    assert (only.outcome, only.element) == (Outcome.WARN, "E0")
    assert "exceptional" in only.explanation
    assert (both.outcome, both.element) == (Outcome.FAIL, "E1")


@pytest.mark.parametrize("verified", ["draft", "no"])
def test_a_source_that_was_not_read_only_warns_and_says_so(verified: str) -> None:
    """Only a verified limit may block."""
    doubtful = RULE.model_copy(update={"source": RULE.source.model_copy(update={"verified": verified})})
    found = judged([90.0], [110.0], rule=doubtful)
    assert found.outcome is Outcome.WARN
    assert f"not verified ({verified})" in found.explanation


def test_nothing_to_judge_is_not_applicable() -> None:
    """A dead grid has no loadings; that is not a pass."""
    assert judged([np.nan], [np.nan]).outcome is Outcome.NOT_APPLICABLE


def test_a_long_list_of_older_violations_is_cut_with_its_count() -> None:
    """A card stays readable."""
    found = judged([150.0] * 9, [150.0] * 9)
    assert len(found.existing) == 6
    assert found.existing[-1] == "and 4 more of them"
