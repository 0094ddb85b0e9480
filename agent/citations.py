"""Which clauses does an answer rest on? Those that were found for it, and those whose rules warn about or block a proposal of this turn."""

from collections.abc import Iterator, Sequence

from agent.answer import Call, Citation
from grid_models.findings import ClauseResult, Outcome
from knowledge.clauses import clause
from tools.knowledge_result import KnowledgeResult, PassageRow

_TOLD = (Outcome.WARN, Outcome.FAIL, Outcome.NOT_CHECKABLE)


def citations(calls: Sequence[Call]) -> tuple[Citation, ...]:
    """Document, clause and edition of each, once, in the order of the calls."""
    return tuple(dict.fromkeys(found for call in calls for found in _of(call)))


def passages(call: Call) -> tuple[PassageRow, ...]:
    """What a search found; nothing of any other call, and nothing where the passages do not answer."""
    if call.tool != "knowledge_search" or not call.ok or not call.result.get("known"):
        return ()
    return KnowledgeResult.model_validate({k: v for k, v in call.result.items() if k != "headline"}).passages


def _of(call: Call) -> Iterator[Citation]:
    yield from (Citation(document=p.document, clause=p.clause, edition=p.edition) for p in passages(call))
    clauses = call.result.get("clauses") if call.tool == "propose_action" else None
    for row in clauses if isinstance(clauses, list) else []:
        told = ClauseResult.model_validate(row)
        if told.outcome in _TOLD:
            passage = clause(told.clause)
            yield Citation(document=passage.standard, clause=passage.clause, edition=passage.edition)
