"""How long does understanding alone take: the brain's first message, no study run."""

import statistics
import time
from collections.abc import Iterator, Sequence

from langchain_core.messages import HumanMessage

from agent.app import App
from agent.brains import EmbeddedBrain
from evals.understanding.question import Question


def understanding_ms(questions: Sequence[Question], app: App) -> dict[str, float]:
    """p50 and p95 [ms] over questions that stand alone, each asked once after one that warms up."""
    alone = [q for q in questions if q.session is None]
    if not alone:
        return {}
    found = sorted(_times(alone, app))
    return {"p50_ms": round(statistics.median(found), 2), "p95_ms": round(found[int(0.95 * (len(found) - 1))], 2)}


def _times(questions: Sequence[Question], app: App) -> Iterator[float]:
    brains: dict[str, EmbeddedBrain] = {}
    for question in questions:
        if question.grid not in brains:
            brains[question.grid] = EmbeddedBrain(registry=app.study_context(question.grid, None).state.model.registry)
            brains[question.grid].reply([HumanMessage(question.question)])
        began = time.perf_counter()
        brains[question.grid].reply([HumanMessage(question.question)])
        yield 1000.0 * (time.perf_counter() - began)
