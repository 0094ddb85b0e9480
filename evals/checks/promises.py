"""Promises that hold in every scenario, whatever it is about: nothing without evidence, and an audit that verifies."""

from sqlalchemy import Engine

from agent.answer import Answer
from agent.grounding import check_evidence
from evals.checks.score import Score, judged, unscored
from guardrails import audit


def check_numbers(answer: Answer) -> list[Score]:
    """Nothing unsupported, and every evidence leads to the value in the result that it names."""
    unsupported = [f"{doubt.kind} '{doubt.text}'" for doubt in answer.unsupported]
    scores = [judged("nothing unsupported", not unsupported, f"unsupported: {', '.join(unsupported) or 'none'}")]
    if not answer.evidence:
        return [*scores, unscored("evidence", "the answer rests on no number of a result")]
    faults = check_evidence(answer.model_dump(mode="json"))
    return [*scores, judged("evidence", not faults, " ".join(faults) or f"all {len(answer.evidence)} numbers have their evidence")]


def check_audit(engine: Engine) -> Score:
    """The chain holds and every status follows from its events."""
    report = audit.verify(engine)
    return judged("audit", report.ok, report.explanation)
