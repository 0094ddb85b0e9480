"""Frequency after the largest source is lost: nadir, rate of change and shedding, without and with the change.

Only for grids whose own machines make a system: in a part of a larger one, frequency is not that grid's to keep.
"""

from collections.abc import Callable

import numpy as np

from grid_models.dynamics.largest_loss import LargestLoss, holds_own_frequency
from grid_models.findings import ClauseResult, Outcome
from guardrails.change import Change
from guardrails.checks.comparison import compare
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import finding, not_applicable, solved, was
from guardrails.rule import Rule

_ASSUMED = "by assumed inertia and governors"


def nadir(change: Change, rule: Rule) -> list[ClauseResult]:
    """How far does frequency fall below nominal?"""

    def words(loss: LargestLoss) -> str:
        return "a collapse" if loss.collapsed else f"{loss.nadir_hz:.2f} Hz"

    return _judge(change, rule, lambda loss: loss.frequency_hz - loss.nadir_hz, words, "bring frequency to")


def rate(change: Change, rule: Rule) -> list[ClauseResult]:
    """How fast does frequency fall at its steepest, over the rule's window?"""
    window_s = rule.parameters["window_s"]

    def words(loss: LargestLoss) -> str:
        return f"{loss.rocof_hz_per_s(window_s):.2f} Hz/s over {window_s:g} s"

    return _judge(change, rule, lambda loss: loss.rocof_hz_per_s(window_s), words, "move frequency by")


def shedding(change: Change, rule: Rule) -> list[ClauseResult]:
    """Which share of the load do under-frequency relays take off? Stages are shares, so that it does not follow the hour."""

    def words(loss: LargestLoss) -> str:
        return f"{loss.shed_mw:.1f} MW, {loss.shed_percent:.1f} % of the load"

    return _judge(change, rule, lambda loss: loss.shed_percent, words, "shed")


def _judge(
    change: Change, rule: Rule, measure: Callable[[LargestLoss], float], words: Callable[[LargestLoss], str], verb: str
) -> list[ClauseResult]:
    solved(change.after)
    if problem := _elsewhere(change, rule):
        return not_applicable(rule, problem)
    after, before, limit = change.after.largest_loss, change.before.largest_loss, rule.limit.max or 0.0
    if after is None:
        return finding(
            rule, Outcome.WARN, "It takes the last source off that frequency could be held with; no loss after it can be judged."
        )
    value, earlier = measure(after), np.nan if before is None else measure(before)

    def read(at: tuple[int, ...]) -> Reading:
        said = was(earlier, "", "") if before is None else f"was {words(before)}, losing {before.element}"
        told = (
            f"Losing {after.element} ({after.lost_mw:.1f} MW) would {verb} {words(after)} ({said}), limit {limit:g} {rule.unit}, {_ASSUMED}"
        )
        return Reading(after.element, told, value, limit, earlier)

    compared = compare(np.array([earlier - limit]), np.array([value - limit]), rule.tolerance.value)
    return conclude(rule, compared, read, nothing="No source is lost.")


def _elsewhere(change: Change, rule: Rule) -> str:
    """Why the rule is not about this grid; empty where it is. What the grid was before the change decides, so that no change escapes."""
    nominal = change.after.state.model.frequency_hz
    if nominal != rule.parameters["frequency_hz"]:
        return f"This rule is about systems of {rule.parameters['frequency_hz']:g} Hz, and the grid has {nominal:g} Hz."
    if not holds_own_frequency(change.before.solution or solved(change.after)):
        return "The grid is a part of a larger system that holds its frequency; an outage here hardly moves it."
    return ""
