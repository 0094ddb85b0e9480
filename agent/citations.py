"""Which clauses does an answer rest on? Those whose rules warn about or block a proposal of this turn."""

from collections.abc import Sequence

from agent.answer import Call, Citation
from grid_models.findings import ClauseResult, Outcome
from knowledge.clauses import clause

_TOLD = (Outcome.WARN, Outcome.FAIL, Outcome.NOT_CHECKABLE)


def citations(calls: Sequence[Call]) -> tuple[Citation, ...]:
    """Document, clause and edition of each, once, in the order of the verdict."""
    found: dict[str, Citation] = {}
    for call in calls:
        clauses = call.result.get("clauses") if call.tool == "propose_action" else None
        for row in clauses if isinstance(clauses, list) else []:
            told = ClauseResult.model_validate(row)
            if told.outcome in _TOLD and told.clause not in found:
                passage = clause(told.clause)
                found[told.clause] = Citation(document=passage.standard, clause=passage.clause, edition=passage.edition)
    return tuple(found.values())
