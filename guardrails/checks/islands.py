"""Into how many energised parts does the grid fall?"""

from grid_models.findings import ClauseResult, Outcome
from grid_models.structure.islands import Island, islands_of
from grid_models.twin.state import GridState
from guardrails.change import Change
from guardrails.checks.finding import finding
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change split the grid into more energised parts than there were?"""
    parts, before = _energised(change.after.state), len(_energised(change.before.state))
    value, limit = len(parts), rule.limit.max or 0.0
    split = value > limit and value - before > rule.tolerance.value
    said = f"The grid would fall into {value} energised parts (was {before}); the smallest is {_words(parts[-1])}.{rule.doubt}"
    return finding(
        rule,
        rule.violated if split else Outcome.PASS,
        said if split else "Switching splits no energised part of the grid.",
        value=value,
        limit=limit,
        margin=limit - value,
        before=before,
    )


def _energised(state: GridState) -> list[Island]:
    """Parts with supply, largest first; an infeed that hangs on nothing is no part of the grid."""
    return [part for part in islands_of(state).rows if part.live and (part.buses or part.load_mw or part.generation_mw)]


def _words(part: Island) -> str:
    at = f" at {', '.join(part.names[:3])}" if part.names else ""
    return f"{part.load_mw:.1f} MW of load and {part.generation_mw:.1f} MW of generation{at}, fed by {', '.join(part.infeeds)}"
