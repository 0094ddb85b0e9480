"""From what a check found to a `ClauseResult`."""

from collections.abc import Sequence

import numpy as np

from grid_models.errors import PowerFlowDiverged
from grid_models.findings import ClauseResult, Outcome
from grid_models.steady.solution import Solution
from grid_models.twin.model import FloatArray, GridModel
from guardrails.change import Situation
from guardrails.rule import Rule

LISTED = 5  # names in a list; a card stays readable and the count says the rest


def finding(
    rule: Rule,
    outcome: Outcome,
    explanation: str,
    *,
    element: str | None = None,
    value: float | None = None,
    limit: float | None = None,
    margin: float | None = None,
    before: float | None = None,
    existing: tuple[str, ...] = (),
) -> list[ClauseResult]:
    """The one result of a check. It is critical only where the rule is touched, that is, warns or blocks."""
    touched = outcome not in (Outcome.PASS, Outcome.NOT_APPLICABLE)
    return [
        ClauseResult(
            rule=rule.id,
            clause=rule.clause,
            requirement=rule.title,
            outcome=outcome,
            explanation=explanation,
            element=element,
            value=_number(value),
            limit=_number(limit),
            margin=_number(margin),
            unit=None if rule.unit == "none" else rule.unit,
            before=_number(before),
            existing=existing,
            critical=rule.critical and touched,
        )
    ]


def not_applicable(rule: Rule, explanation: str) -> list[ClauseResult]:
    return finding(rule, Outcome.NOT_APPLICABLE, explanation)


def not_checkable(rule: Rule, explanation: str) -> list[ClauseResult]:
    return finding(rule, Outcome.NOT_CHECKABLE, explanation)


def solved(situation: Situation) -> Solution:
    """The solution a check cannot do without. Raises PowerFlowDiverged, which makes the clause not checkable."""
    if situation.solution is None:
        raise PowerFlowDiverged(situation.problem)
    return situation.solution


def was(value: float, form: str, unit: str) -> str:
    """'was 155.6 %', or that there was no value."""
    return "no value before" if value != value else f"was {value:{form}} {unit}"


def named_mw(names: Sequence[str], mw: FloatArray) -> str:
    """'HV1 Load 12 (4.2 MW), HV1 Load 3 (1.0 MW) and 3 more', largest first."""
    order = [int(i) for i in np.argsort(-mw, kind="stable") if mw[i] > 0]
    rest = len(order) - LISTED
    return ", ".join(f"{names[i]} ({mw[i]:.1f} MW)" for i in order[:LISTED]) + (f" and {rest} more" if rest > 0 else "")


def _number(value: float | None) -> float | None:
    """Rounded, so that the last bits of an iteration never look like a drift; NaN is no number, and -0.0 is 0.0."""
    return None if value is None or value != value else round(float(value), 6) + 0.0


def ratings_problem(model: GridModel) -> str:
    """Why loadings cannot be judged, empty where they can. Not by the model's word alone: a branch without a rating never passes."""
    branches = model.branches
    missing = int(np.sum(~branches.rated))
    if model.ratings_usable and missing:
        return f"Ratings are not usable: {missing} of {len(branches)} branches have none."
    return "" if model.ratings_usable else model.ratings_note or "Ratings are not usable."
