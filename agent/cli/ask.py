"""`aeip ask`: one question, or many from a file in one process."""

import sys
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.markdown import Markdown

from agent.answer import Answer, Status
from agent.app import App
from agent.cli.options import AsJson, At, Brain, DataDir, Grid, User, open_app, parse_at, print_json, who
from agent.cli.progress import progress_bar
from agent.cli.terminal import say
from agent.rendering.harmless import visible
from grid_models.errors import AeipError
from guardrails.people import Person


def ask(
    question: Annotated[str | None, typer.Argument(help="what you want to know or to have done")] = None,
    grid: Grid = None,
    at: At = None,
    user: User = "local",
    file: Annotated[Path | None, typer.Option("--file", help='one JSON object a line: {"id", "question", "grid", "session"}')] = None,
    session: Annotated[str | None, typer.Option("--session", help="go on with this conversation")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="with --file: go on with conversations of earlier runs")] = False,
    brain: Brain = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Ask a question in plain language."""
    if (question is None) == (file is None):
        raise typer.BadParameter("give either a question or --file")
    failed = False
    try:
        app = open_app(grid, data_dir, brain=brain)
        person, time = who(app, user), parse_at(at)
        if file is None:
            with progress_bar("studying") as progress:
                answer = app.ask(question or "", session=session, person=person, grid=grid, at=time, progress=progress)
            answers: Iterator[Answer] = iter([answer])
        else:
            answers = _from_file(app, person, file, grid, time, "" if resume else f"{uuid.uuid4().hex}:")
        for answer in answers:
            failed |= answer.status is Status.FAILED
            _show(answer, as_json or file is not None)
    except AeipError as error:
        if not as_json:
            raise
        _show(Answer(question=question or "", status=Status.FAILED, answer=str(error)), as_json)
        failed = True
    raise typer.Exit(1 if failed else 0)


def _from_file(app: App, person: Person, file: Path, grid: str | None, at: datetime | int | None, prefix: str) -> Iterator[Answer]:
    """Answers in order, each as soon as its line is read; an unreadable line is a failed answer and the rest goes on."""
    try:
        with file.open("rb") as lines:  # bytes: one line that is no UTF-8 must not cost the others
            for number, raw in enumerate(lines, 1):
                if raw.strip():
                    yield _line(app, person, number, raw, grid, at, prefix)
    except OSError as error:
        raise AeipError(f"The file '{file}' cannot be read ({error.strerror}); a file with one JSON object a line works.") from error


def _line(app: App, person: Person, number: int, raw: bytes, grid: str | None, at: datetime | int | None, prefix: str) -> Answer:
    try:
        asked = _Question.model_validate_json(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except ValueError as error:
        told = raw.decode("utf-8", errors="replace").strip()[:200]
        return Answer(id=f"line {number}", question=told, status=Status.FAILED, answer=_unreadable(number, error))
    session = f"{prefix}{asked.session}" if asked.session else None
    answer = app.ask(asked.question, session=session, person=person, grid=asked.grid or grid, at=at, question_id=str(asked.id))
    return answer.model_copy(update={"session": asked.session or answer.session})


class _Question(BaseModel):
    """One line of a file of questions."""

    model_config = ConfigDict(extra="ignore")

    question: str
    id: str | int = ""
    grid: str | None = None
    session: str | None = None


def _unreadable(number: int, error: ValueError) -> str:
    found = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
    return f'Line {number} is not a question ({found}); {{"id": "q1", "question": "..."}} works.'


def _show(answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json(answer.model_dump(mode="json"))
    elif sys.stdout.isatty():
        Console().print(Markdown(visible(answer.answer)))
    else:
        say(answer.answer, lines=True)
