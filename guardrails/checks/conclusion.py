"""From a comparison of many values to one clause result: the worst element, its numbers, and how many there are."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grid_models.findings import ClauseResult, Outcome
from grid_models.twin.model import BoolArray
from guardrails.checks.comparison import Comparison, Index
from guardrails.checks.finding import LISTED, finding, not_applicable
from guardrails.rule import Rule


@dataclass(frozen=True)
class Reading:
    """One value of a comparison in words and numbers; `words` is a sentence without its full stop."""

    element: str
    words: str
    value: float | None = None
    limit: float | None = None
    before: float | None = None


def conclude(
    rule: Rule,
    compared: Comparison,
    read: Callable[[Index], Reading],
    *,
    nothing: str,
    exceptional: BoolArray | None = None,
    lenient: BoolArray | None = None,
) -> list[ClauseResult]:
    """What the change causes decides; `nothing` says why none is judged.

    exceptional, lenient: values that only warn, after an exceptional outage or for a reason that their words tell (both are broadcast).
    """
    ordinary = _strict(exceptional, compared)
    outcome, decisive = _decide(rule, compared, ordinary, _strict(lenient, compared))
    worst = compared.worst(decisive)
    worst = worst if worst is not None else compared.worst(np.ones_like(ordinary))
    if worst is None:
        return not_applicable(rule, nothing)
    reading = read(worst)
    # What only warns because the outage is exceptional is too lively a number to make an approval stale; its outcome still can.
    margin = None if reading.limit is None or (outcome is Outcome.WARN and not ordinary[worst]) else -float(compared.beyond[worst])
    return finding(
        rule,
        outcome,
        _explanation(rule, reading, compared, outcome, only_exceptional=not ordinary[worst]),
        element=reading.element,
        value=reading.value,
        limit=reading.limit,
        margin=margin,
        before=reading.before,
        existing=existing_of(compared, read),
    )


def _strict(warning: BoolArray | None, compared: Comparison) -> BoolArray:
    """Values for which there is no leniency."""
    return np.ones(compared.beyond.shape, dtype=bool) if warning is None else np.broadcast_to(~warning, compared.beyond.shape)


def _decide(rule: Rule, compared: Comparison, ordinary: BoolArray, strict: BoolArray) -> tuple[Outcome, BoolArray]:
    """The outcome, and the values among which its worst one is looked for; existing violations are no merit or fault of the change."""
    blocking = compared.caused & ordinary
    if (blocking & strict).any():
        return rule.violated, blocking & strict
    for warning in (blocking, compared.caused):
        if warning.any():
            return Outcome.WARN, warning
    return Outcome.PASS, ordinary & ~compared.existing


def _explanation(rule: Rule, reading: Reading, compared: Comparison, outcome: Outcome, *, only_exceptional: bool) -> str:
    existing, relieved = int(compared.existing.sum()), int(compared.relieved.sum())
    if outcome is Outcome.PASS:
        said = f"No new violation. Nearest to its limit: {reading.words}."
    else:
        said = f"{reading.words}{_count(compared)}."
        said += " This outage is exceptional, so it warns." if only_exceptional else rule.doubt
    said += f" {existing} existing violation{'s remain' if existing > 1 else ' remains'}." if existing else ""
    return said + (f" {relieved} {'are' if relieved > 1 else 'is'} relieved." if relieved else "")


def _count(compared: Comparison) -> str:
    """How many values the change pushes too far, where it is more than the one named."""
    values = int(compared.caused.sum())
    if values < 2:
        return ""
    cases = int(compared.caused.any(axis=-1).sum()) if compared.caused.ndim > 1 else 0
    return f"; {values} values{f' after {cases} outages' if cases > 1 else ' after this outage' if cases else ''} in all"


def existing_of(compared: Comparison, read: Callable[[Index], Reading]) -> tuple[str, ...]:
    """The worst violations that the change does not cause, one for each outage, and how many more there are."""
    found = compared.worst_of_each_case(compared.existing)
    shown = tuple(read(at).words for at in found[:LISTED])
    rest = len(found) - LISTED
    return (*shown, f"and {rest} more {'outages' if compared.beyond.ndim > 1 else 'of them'}") if rest > 0 else shown
