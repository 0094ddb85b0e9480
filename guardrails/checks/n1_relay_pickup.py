"""Loading of every branch in percent of its relay's pickup after every single outage: where the next branch would trip too."""

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.comparison import Index
from guardrails.checks.conclusion import Reading, conclude
from guardrails.checks.finding import not_applicable, not_checkable, ratings_problem, was
from guardrails.checks.outages import outages_of
from guardrails.checks.relays import UNKNOWN, assumed, pickup_percent, settings_of
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does an outage load a branch beyond what its relay lets pass, which it did not without the change?"""
    relays = settings_of(change)
    if relays is None:
        return not_applicable(rule, UNKNOWN)
    model, limit = change.after.state.model, rule.limit.max or 0.0
    if problem := ratings_problem(model):
        return not_checkable(rule, problem)
    pairs = outages_of(change, rule)
    after = pickup_percent(pairs.after.loading_percent, relays)
    loading = pairs.values_before(lambda screening: screening.loading_percent, lambda solution: solution.loading_percent)
    before = pickup_percent(loading, relays)

    def read(at: Index) -> Reading:
        name, value, earlier = model.branches.name[at[1]], float(after[at]), float(before[at])
        words = f"{pairs.losing(at[0])} would bring {name} to {value:.1f} % of its relay's pickup"
        words += f" ({was(earlier, '.1f', '%')}), limit {limit:g} %" + assumed(bool(relays.pickup_given[at[1]]), value, limit)
        return Reading(name, words, value, limit, earlier)

    compared = pairs.compare(before - limit, after - limit, rule.tolerance.value)
    nothing = "There is no outage to look at."
    return conclude(rule, compared, read, nothing=nothing, exceptional=pairs.exceptional, lenient=~relays.pickup_given)
