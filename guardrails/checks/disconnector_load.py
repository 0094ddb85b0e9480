"""A disconnector neither breaks nor makes current: it is opened without load, and closed where it energises no more than bare busbar."""

import numpy as np

from grid_models.findings import ClauseResult, Outcome
from grid_models.steady.disconnectors import DisconnectorMove, disconnector_move
from grid_models.steady.solution import Solution
from grid_models.twin.state import GridState
from guardrails.change import Change
from guardrails.checks.finding import finding, not_applicable, not_checkable, solved
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is a disconnector moved under load?"""
    before, after = change.previous, change.after

    def flow(state: GridState) -> Solution:
        return solved(before if state is before.state else after)

    move = disconnector_move(before.state, after.state, flow)
    if move is None:
        return not_applicable(rule, "No disconnector is moved.")
    if move.joins_live:
        said = f"Closing {move.name} would join two live parts of the grid; a circuit breaker has to do that.{rule.doubt}"
        return finding(rule, rule.violated, said, element=move.name)
    if move.energised:
        more = f" and {len(move.energised) - 1} more" if len(move.energised) > 1 else ""
        said = f"Closing {move.name} would energise {move.energised[0]}{more}; only bare busbar may be. Open its breaker first.{rule.doubt}"
        return finding(rule, rule.violated, said, element=move.name)
    return _judged(rule, move)


def _judged(rule: Rule, move: DisconnectorMove) -> list[ClauseResult]:
    name, ampere, limit = move.name, move.current.ampere, rule.limit.max or 0.0
    verb = "would carry" if move.closes else "carries"
    if move.current.bridged:
        return finding(rule, Outcome.PASS, f"{name} is bridged by other closed switches, so it breaks and makes no current.", element=name)
    if np.isnan(ampere):
        return not_checkable(rule, f"What {name} {verb} cannot be told (sources hold the voltage on both sides). Open a breaker first.")
    beyond = move.is_under_load(limit + rule.tolerance.value)
    said = f"{name} {verb} {ampere:.1f} A; without load means at most {limit:g} A."
    said += f" Open its circuit breaker first.{rule.doubt}" if beyond else ""
    outcome = rule.violated if beyond else Outcome.PASS
    return finding(rule, outcome, said, element=name, value=ampere, limit=limit, margin=limit - ampere)
