"""A disconnector neither breaks nor makes current: it is opened without load, and closed where it energises no more than bare busbar."""

import numpy as np

from grid_models.findings import ClauseResult, Outcome
from grid_models.steady.switch_current import SwitchCurrent, switch_current
from grid_models.twin.model import BoolArray
from grid_models.twin.topology import topology_of
from guardrails.change import Change
from guardrails.checks.finding import finding, not_applicable, not_checkable, solved
from guardrails.rule import Rule


def check(change: Change, rule: Rule) -> list[ClauseResult]:
    """Is a disconnector moved under load? An action moves at most one: a branch is switched by its breakers."""
    before, after = change.previous.state, change.after.state
    switches = before.model.switches
    moved = np.flatnonzero((before.switch_closed != after.switch_closed) & ~switches.can_break_load)
    if not len(moved):
        return not_applicable(rule, "No disconnector is moved.")
    row = int(moved[0])
    closes = bool(after.switch_closed[row])
    if not _sides_live(change, row).any():
        return finding(rule, Outcome.PASS, f"{switches.name[row]} has no voltage on either side.", element=switches.name[row])
    return (_closing if closes else _opening)(change, rule, row)


def _opening(change: Change, rule: Rule, row: int) -> list[ClauseResult]:
    return _judged(rule, change.previous.state.model.switches.name[row], switch_current(solved(change.previous), row), "carries")


def _closing(change: Change, rule: Rule, row: int) -> list[ClauseResult]:
    name = change.previous.state.model.switches.name[row]
    found = switch_current(solved(change.after), row)
    energised = _energised(change)
    if _sides_live(change, row).all() and not found.bridged:
        said = f"Closing {name} would join two live parts of the grid; a circuit breaker has to do that.{rule.doubt}"
        return finding(rule, rule.violated, said, element=name)
    if energised:
        more = f" and {len(energised) - 1} more" if len(energised) > 1 else ""
        said = f"Closing {name} would energise {energised[0]}{more}; only bare busbar may be. Open its breaker first.{rule.doubt}"
        return finding(rule, rule.violated, said, element=name)
    return _judged(rule, name, found, "would carry")


def _judged(rule: Rule, name: str, current: SwitchCurrent, verb: str) -> list[ClauseResult]:
    limit = rule.limit.max or 0.0
    if current.bridged:
        return finding(rule, Outcome.PASS, f"{name} is bridged by other closed switches, so it breaks and makes no current.", element=name)
    if np.isnan(current.ampere):
        return not_checkable(rule, f"What {name} {verb} cannot be told (sources hold the voltage on both sides). Open a breaker first.")
    beyond = current.ampere - limit > rule.tolerance.value
    said = f"{name} {verb} {current.ampere:.1f} A; without load means at most {limit:g} A."
    said += f" Open its circuit breaker first.{rule.doubt}" if beyond else ""
    outcome = rule.violated if beyond else Outcome.PASS
    return finding(rule, outcome, said, element=name, value=current.ampere, limit=limit, margin=limit - current.ampere)


def _sides_live(change: Change, row: int) -> BoolArray:
    """(2,) which sides have voltage before the step; the far side of a switch at a branch is the branch."""
    state = change.previous.state
    switches, topology = state.model.switches, topology_of(state)
    branch, other = switches.branch[row], switches.other_bus[row]
    far = topology.branch_live[branch] if branch >= 0 else topology.bus_live[other]
    return np.array([topology.bus_live[switches.bus[row]], far])


def _energised(change: Change) -> tuple[str, ...]:
    """Equipment other than busbars that gets voltage from this step."""
    before, after = change.previous.state, change.after.state
    model, was, now = before.model, topology_of(before), topology_of(after)
    bus = now.bus_live & ~was.bus_live
    tables = (
        (model.branches.name, now.branch_live & ~was.branch_live),
        (model.loads.name, after.load_on & bus[model.loads.bus]),
        (model.generators.name, after.generator_on & bus[model.generators.bus]),
        (model.shunts.name, (after.shunt_step > 0) & bus[model.shunts.bus]),
    )
    return tuple(names[i] for names, chosen in tables for i in np.flatnonzero(chosen))
