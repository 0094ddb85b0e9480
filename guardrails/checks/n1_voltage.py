"""Voltage of every node of a level after every single outage."""

from grid_models.findings import ClauseResult
from guardrails.change import Change
from guardrails.checks.bands import band_of
from guardrails.checks.conclusion import conclude
from guardrails.checks.outages import outages_of
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Does the change bring a node past a voltage limit after an outage, or further past it?"""
    band = band_of(change.after.state.model.buses, rule)
    pairs = outages_of(change, rule)
    after = pairs.after.vm_pu
    before = pairs.values_before(lambda screening: screening.vm_pu, lambda solution: solution.vm_pu)
    return conclude(
        rule,
        pairs.compare(band.beyond(before), band.beyond(after), rule.tolerance.value),
        lambda at: band.read(at[1], after[at[0]], before[at[0]], f"{pairs.losing(at[0])} would bring"),
        nothing="No node of this grid is at this voltage level, or there is no outage to look at.",
        exceptional=pairs.exceptional,
    )
