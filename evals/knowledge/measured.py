"""How often does a way of searching find what is wanted, and how often does it rightly say that nothing is stored?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from evals.knowledge.question import Question
from knowledge.found import Found
from knowledge.index.search import Search

TOP = 5


@dataclass(frozen=True)
class Judged:
    """A question and what was found, its passages in their order; unknown ones included, they are the nearest."""

    question: Question
    found: Found

    @property
    def ids(self) -> list[str]:
        return [hit.passage.id for hit in self.found.hits]

    @property
    def reciprocal_rank(self) -> float:
        wanted = {one for group in self.question.wanted for one in group}
        return next((1.0 / place for place, one in enumerate(self.ids, start=1) if one in wanted), 0.0)

    @property
    def right(self) -> bool:
        """Known with a wanted passage first, or rightly not known."""
        return self.found.known == self.question.answerable and (not self.question.answerable or self.reciprocal_rank == 1.0)


def judged(questions: Sequence[Question], search: Search, on: date) -> list[Judged]:
    return [Judged(q, search.found(q.question, q.document, None, on, TOP)) for q in questions]


def counted(found: Sequence[Judged]) -> dict[str, JsonValue]:
    """Recall and rank over answerable questions; precision and recall of "not in the knowledge base"."""
    answerable = [one for one in found if one.question.answerable]
    refused = [one for one in found if not one.found.known]
    nothing = [one for one in found if not one.question.answerable]
    rightly = [one for one in refused if not one.question.answerable]
    return {
        "questions": len(found),
        "answerable": len(answerable),
        "recall_at_5": _mean([one.question.recall(one.ids) for one in answerable]),
        "first_is_right": _mean([float(one.reciprocal_rank == 1.0) for one in answerable]),
        "mrr": _mean([one.reciprocal_rank for one in answerable]),
        "no_answer_precision": _mean([float(not one.question.answerable) for one in refused]),
        "no_answer_recall": _mean([float(one in rightly) for one in nothing]),
        "answered_of_answerable": _mean([float(one.found.known) for one in answerable]),
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None
