"""Has the world moved since the approver looked? The verdict that was shown against the verdict of now. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from grid_models.findings import ClauseResult
from guardrails.verdict import Verdict

# Engineering judgement, DESIGN 4.2: for rules whose own tolerance is not given. Rounding only, for units not named.
_DEFAULT_TOLERANCE = {"percent": 1.0, "%": 1.0, "pu": 0.002, "MW": 0.1, "Mvar": 0.1}
_ROUNDING = 1e-6


def drifted(shown: Verdict, now: Verdict, tolerances: Mapping[str, float]) -> str | None:
    """Why what was approved is no longer what would be done, in one sentence; None when it still is.

    tolerances: by rule id, in the unit of the rule's value. A different state alone is no drift; an outcome that differs is, in either
    direction, and so is a value that moved towards (or further beyond) its limit by more than the tolerance.
    """
    if now.actions != shown.actions or now.grid != shown.grid:
        return "What was checked now is not what was approved."
    if shown.content_hash and now.content_hash != shown.content_hash:
        return "The grid's data are not those that were shown, though the name is the same."
    if now.critical and not shown.critical:
        return "A rule asks for two approvers now, and one was asked."
    if now.breakers != shown.breakers:
        return "Other breakers would be operated than those shown."
    if now.outcome is not shown.outcome:
        return f"The verdict was '{shown.outcome}' and is now '{now.outcome}'{_because(now)}."
    for before, after in _pairs(shown.clauses, now.clauses):
        if (why := _clause_drift(before, after, tolerances)) is not None:
            return why
    return None


def _because(now: Verdict) -> str:
    return f": {' '.join(now.reasons)}".rstrip(".") if now.reasons else ""


def _pairs(shown: Sequence[ClauseResult], now: Sequence[ClauseResult]) -> Iterator[tuple[ClauseResult | None, ClauseResult | None]]:
    """By rule and element; what is left by rule alone, in order: the element that decides may change from one moment to the next."""
    rest = list(now)
    unmatched: list[ClauseResult] = []
    for clause in shown:
        same = next((c for c in rest if (c.rule, c.element) == (clause.rule, clause.element)), None)
        if same is None:
            unmatched.append(clause)
            continue
        rest.remove(same)
        yield clause, same
    for clause in unmatched:
        same = next((c for c in rest if c.rule == clause.rule), None)
        if same is not None:
            rest.remove(same)
        yield clause, same
    yield from ((None, clause) for clause in rest)


def _clause_drift(shown: ClauseResult | None, now: ClauseResult | None, tolerances: Mapping[str, float]) -> str | None:
    if shown is None or now is None:
        known = shown or now
        assert known is not None  # a pair has at least one side
        return f"Rule {known.rule} ({known.element or 'whole grid'}) {'is judged only now' if shown is None else 'is no longer judged'}."
    if now.outcome is not shown.outcome:
        return f"Rule {now.rule} was '{shown.outcome}' and is now '{now.outcome}': {now.explanation}"
    return _value_drift(shown, now, tolerances)


def _value_drift(shown: ClauseResult, now: ClauseResult, tolerances: Mapping[str, float]) -> str | None:
    if shown.margin is None and now.margin is None:
        return None
    if shown.margin is None or now.margin is None or shown.unit != now.unit:
        return f"Rule {now.rule} no longer measures what was shown: {now.explanation}"
    tolerance = tolerances.get(now.rule, _DEFAULT_TOLERANCE.get(now.unit or "", 0.0))
    if not now.margin >= shown.margin - tolerance - _ROUNDING:  # also true for NaN: what cannot be compared has moved
        lost, where = shown.margin - now.margin, now.element or "the worst element"
        return f"Rule {now.rule}: the margin of {where} fell by {lost:.4g} {now.unit}, more than {tolerance:g}."
    return None
