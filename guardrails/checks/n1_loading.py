"""Loading of every branch after every single outage."""

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.comparison import Index
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import not_checkable, ratings_problem, was
from guardrails.checks.outages import outages_of
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change overload a branch after an outage, or overload it more?"""
    model, limit = change.after.state.model, rule.limit.max or 0.0
    if problem := ratings_problem(model):
        return not_checkable(rule, problem)
    pairs = outages_of(change, rule)
    after = pairs.after.loading_percent
    before = pairs.values_before(lambda screening: screening.loading_percent, lambda solution: solution.loading_percent)

    def read(at: Index) -> Reading:
        name, value, earlier = model.branches.name[at[1]], float(after[at]), float(before[at])
        words = f"{pairs.losing(at[0])} would load {name} to {value:.1f} % ({was(earlier, '.1f', '%')}), limit {limit:g} %"
        return Reading(name, words, value, limit, earlier)

    compared = pairs.compare(before - limit, after - limit, rule.tolerance.value)
    return conclude(rule, compared, read, nothing="There is no outage to look at.", exceptional=pairs.exceptional)
