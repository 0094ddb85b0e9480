"""Generation that switching cuts off. Taking a machine off by name is the purpose of the action and only told."""

import numpy as np

from grid_models.findings import ClauseResult, Outcome
from grid_models.steady.supply import unsupplied
from grid_models.twin.model import FloatArray
from grid_models.twin.topology import topology_of
from guardrails.change import Change
from guardrails.checks.finding import finding, named_mw
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Which parks and machines does the change cut off?"""
    names, limit = change.before.state.model.generators.name, rule.limit.max or 0.0
    cut, named = _lost_mw(change)
    total = float(cut.sum())
    beyond = total - limit > rule.tolerance.value
    said = f"It would cut off {total:.1f} MW of generation: {named_mw(names, cut)}." if beyond else "No generation is cut off by switching."
    if named.any():
        said += f" {named.sum():.1f} MW are taken off on purpose: {named_mw(names, named)}."
    return finding(
        rule,
        rule.violated if beyond else Outcome.PASS,
        said + (rule.doubt if beyond else ""),
        element=names[int(np.argmax(cut))] if beyond else None,
        value=total,
        limit=limit,
        margin=limit - total,
        before=unsupplied(change.before.state).generation_mw,
    )


def _lost_mw(change: Change) -> tuple[FloatArray, FloatArray]:
    """(generators,) what loses its path to an infeed, and what is switched off by name."""
    before, after = change.before.state, change.after.state
    at = before.model.generators.bus
    live = topology_of(before).bus_live[at]
    injected = np.where(live, np.abs(before.generator_injected_mw), 0.0)
    lost = live & ~topology_of(after).bus_live[at]
    named = before.generator_on & ~after.generator_on
    return np.where(lost & ~named, injected, 0.0), np.where(named, injected, 0.0)
