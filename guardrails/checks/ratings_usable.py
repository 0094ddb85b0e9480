"""Placeholder ratings make every thermal statement worthless: then nothing is written."""

from grid_models.findings import ClauseResult, Outcome
from guardrails.change import Change
from guardrails.checks.finding import finding, ratings_problem
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Are the ratings of the grid usable?"""
    model = change.previous.state.model
    if problem := ratings_problem(model):
        return finding(rule, rule.violated, f"{problem} Every action is refused until ratings are supplied.{rule.doubt}")
    return finding(rule, Outcome.PASS, model.ratings_note)
