"""Load that loses its supply: by switching it is refused; by naming it (open, shed) it is a decision that needs a reason."""

import numpy as np

from grid_models.findings import ClauseResult, Outcome
from grid_models.steady.supply import unsupplied
from grid_models.twin.model import FloatArray
from grid_models.twin.topology import topology_of
from guardrails.change import Change
from guardrails.checks.finding import finding, named_mw
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Which load does the change take off supply, and on purpose or not?"""
    names, limit = change.before.state.model.loads.name, rule.limit.max or 0.0
    cut, shed = _cut_off_mw(change), _named_mw(change)
    unwanted = float(cut.sum()) - limit > rule.tolerance.value
    counted = cut if unwanted else shed
    outcome, said = _judge(rule, change, names, cut, shed, unwanted=unwanted)
    return finding(
        rule,
        outcome,
        said,
        element=names[int(np.argmax(counted))] if counted.any() else None,
        value=float(counted.sum()),
        limit=limit,
        margin=limit - float(counted.sum()),
        before=unsupplied(change.before.state).load_mw,
    )


def _judge(rule: Rule, change: Change, names: tuple[str, ...], cut: FloatArray, shed: FloatArray, *, unwanted: bool) -> tuple[Outcome, str]:
    if unwanted:
        return rule.violated, f"It would take {cut.sum():.1f} MW of load off supply: {named_mw(names, cut)}.{rule.doubt}"
    if not shed.any():
        return Outcome.PASS, "No load loses its supply."
    words = f"It sheds {shed.sum():.1f} MW on purpose: {named_mw(names, shed)}."
    if change.reason.strip():
        return Outcome.WARN, words
    return rule.violated, f"{words} Shedding needs a reason; none was given.{rule.doubt}"


def _cut_off_mw(change: Change) -> FloatArray:
    """(loads,) what loses its path to an infeed, less what the change sheds there by name."""
    before, after = change.before.state, change.after.state
    at = before.model.loads.bus
    lost = topology_of(before).bus_live[at] & ~topology_of(after).bus_live[at]
    return np.where(lost & before.load_on, np.minimum(after.load_drawn_mw, before.load_drawn_mw), 0.0)


def _named_mw(change: Change) -> FloatArray:
    """(loads,) what supplied loads draw less because an action named them."""
    before, after = change.before.state, change.after.state
    live = topology_of(before).bus_live[before.model.loads.bus]
    return np.where(live, np.maximum(before.load_drawn_mw - after.load_drawn_mw, 0.0), 0.0)
