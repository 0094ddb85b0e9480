"""So many orders in an hour that nobody watches what they do."""

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.counted import counted
from guardrails.checks.finding import not_applicable
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """How many actions of the last hour would there be with those of the proposal?"""
    ordered = change.around.actions_last_hour
    if ordered is None:
        return not_applicable(rule, "How many actions were ordered in the last hour is not known: no ledger was asked.")
    words = "With this proposal {0} of the last hour are ordered or wait to be"
    return counted(rule, ordered + len(change.actions), ordered, words, "Wait, or withdraw what is pending.")
