"""Drift: when what was shown no longer holds, and when it still does."""

import pytest

from guardrails.drift import drifted

LINE_13 = {"kind": "open", "element": "Line 6-13 (1)"}


def test_the_same_verdict_on_another_state_is_no_drift(judged) -> None:
    """A different state id alone changes nothing."""
    assert drifted(judged(), judged(state_id="f" * 16, plant_time="later"), {}) is None


@pytest.mark.parametrize(("shown", "now"), [("pass", "warn"), ("warn", "pass"), ("pass", "fail"), ("pass", "not checkable")])
def test_a_changed_outcome_is_drift_in_either_direction(judged, finding, shown: str, now: str) -> None:
    """Overall, and of one clause among others."""
    why = drifted(judged(finding(outcome=shown)), judged(finding(outcome=now)), {})
    assert why is not None
    assert f"was '{shown}' and is now '{now}'" in why


def test_a_changed_clause_behind_the_same_overall_outcome_is_drift(judged, finding) -> None:
    """Two rules that swap their outcomes leave the overall one as it was."""
    shown = judged(finding("a", "warn"), finding("b", "pass"))
    now = judged(finding("a", "pass"), finding("b", "warn"))
    assert "Rule a was 'warn'" in str(drifted(shown, now, {}))


@pytest.mark.parametrize(("margin", "stale"), [(20.0, False), (25.0, False), (19.0, False), (18.99, True), (-5.0, True)])
def test_a_margin_may_shrink_by_the_tolerance(judged, finding, margin: float, stale: bool) -> None:
    """One percentage point of rating by default, exactly; growing is welcome."""
    why = drifted(judged(finding(margin=20.0)), judged(finding(margin=margin)), {})
    assert (why is not None) is stale


def test_the_rule_s_own_tolerance_counts(judged, finding) -> None:
    """By rule id, wider or narrower than the default."""
    shown, now = judged(finding(margin=20.0)), judged(finding(margin=18.0))
    assert drifted(shown, now, {"branch-loading": 2.5}) is None
    assert "fell by 2 percent, more than 0.5" in str(drifted(shown, now, {"branch-loading": 0.5}))


def test_a_value_further_beyond_its_limit_is_drift(judged, finding) -> None:
    """An existing violation that has grown is not what was shown."""
    assert drifted(judged(finding(margin=-5.0)), judged(finding(margin=-8.0)), {}) is not None


def test_the_deciding_element_may_change(judged, finding) -> None:
    """The same finding at another element, with the same margin, is the same finding."""
    assert drifted(judged(finding(element="A")), judged(finding(element="B")), {}) is None
    assert drifted(judged(finding(element="A")), judged(finding(element="B", margin=10.0)), {}) is not None


def test_clauses_are_matched_by_element_before_order(judged, finding) -> None:
    """Two findings of one rule may come in another order."""
    a, b = finding(element="A", margin=5.0), finding(element="B", margin=50.0)
    assert drifted(judged(a, b), judged(b, a), {}) is None


def test_a_clause_that_appears_or_vanishes_is_drift(judged, finding) -> None:
    """What nobody saw was not approved; what is no longer judged is not known."""
    one, two = judged(finding("a")), judged(finding("a"), finding("b"))
    assert "only now" in str(drifted(one, two, {}))
    assert "no longer judged" in str(drifted(two, one, {}))


def test_a_number_that_cannot_be_compared_is_drift(judged, finding) -> None:
    """A missing margin, another unit, not a number."""
    for now in (finding(margin=None), finding(unit="MW"), finding(margin=float("nan"))):
        assert drifted(judged(finding()), judged(now), {}) is not None
    assert drifted(judged(finding(margin=None)), judged(finding(margin=None)), {}) is None


def test_other_actions_or_breakers_are_drift(judged) -> None:
    """What is carried out is what was shown, down to the breakers."""
    assert drifted(judged(), judged(breakers=(("CB 1",),)), {}) is not None
    assert drifted(judged(), judged(actions=(LINE_13,)), {}) is not None


def test_another_grid_of_the_same_name_is_drift(judged) -> None:
    """Files may share a name; a verdict from before content was recorded says nothing of it."""
    shown = judged(content_hash="a" * 64)
    assert "not those that were shown" in str(drifted(shown, judged(content_hash="b" * 64), {}))
    assert drifted(shown, judged(content_hash="a" * 64), {}) is None
    assert drifted(judged(), judged(content_hash="b" * 64), {}) is None


def test_a_rule_that_became_critical_is_drift(judged, finding) -> None:
    """One person approved what two would have to."""
    shown, now = judged(finding(outcome="warn")), judged(finding(outcome="warn", critical=True))
    assert "two approvers now" in str(drifted(shown, now, {}))
    assert drifted(now, shown, {}) is None
