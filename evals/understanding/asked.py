"""Ask the questions of a set through the wiring of the chat, dialogues in their order."""

from collections.abc import Iterator, Sequence

from agent.app import App
from evals.understanding.judge import Judged, judge
from evals.understanding.question import Question


def asked(questions: Sequence[Question], app: App, run: str = "") -> Iterator[Judged]:
    """One judged answer a question. `run` keeps the conversations of repeated runs apart."""
    for question in questions:
        session = f"{run}-{question.grid}-{question.session or question.id}"
        yield judge(question, app.ask(question.question, session=session, grid=question.grid, question_id=question.id))
