"""Is every answer the same each time it is asked? All of it is compared but times and the number of a proposal."""

from collections.abc import Sequence

from agent.answer import Answer
from evals.understanding.judge import Judged


def differing(runs: Sequence[Sequence[Judged]]) -> list[str]:
    """Ids of questions that were not understood alike in every run."""
    return [same[0].question.id for same in zip(*runs, strict=True) if len({_understood(one.answer) for one in same}) > 1]


def _understood(answer: Answer) -> str:
    """Calls, arguments and status; a proposal's number and what the queue holds by then are another matter."""
    calls = [(call.tool, dict(call.args)) for call in answer.tool_calls]
    return f"{answer.status}|{calls}|{answer.candidates}"
