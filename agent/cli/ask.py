"""`aeip ask`: one question, or many from a file in one process."""

import json
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown

from agent.answer import Answer, Status
from agent.app import App
from agent.cli.options import AsJson, At, DataDir, Grid, User, open_app, parse_at, print_json, who
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
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Ask a question in plain language."""
    if (question is None) == (file is None):
        raise typer.BadParameter("give either a question or --file")
    app = open_app(grid, data_dir)
    person = who(app, user)
    if file is None:
        answers: Iterator[Answer] = iter([app.ask(question or "", session=session, person=person, grid=grid, at=parse_at(at))])
    else:
        answers = _from_file(app, person, file, grid, parse_at(at), "" if resume else f"{uuid.uuid4().hex}:")
    failed = False
    for answer in answers:
        failed |= answer.status is Status.FAILED
        _show(answer, as_json or file is not None)
    raise typer.Exit(1 if failed else 0)


def _from_file(app: App, person: Person, file: Path, grid: str | None, at: object, prefix: str) -> Iterator[Answer]:
    """Answers in order; an unreadable line is a failed answer and the rest goes on."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise AeipError(f"The file '{file}' cannot be read ({error}); a UTF-8 file with one JSON object a line works.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            question = asked["question"]
            if not isinstance(question, str):
                raise TypeError("the question is no text")
        except (ValueError, KeyError, TypeError) as error:
            yield Answer(id=f"line {number}", question=line[:200], status=Status.FAILED, answer=_unreadable(number, error))
            continue
        named = asked.get("session")
        answer = app.ask(
            question,
            session=f"{prefix}{named}" if named else None,
            person=person,
            grid=asked.get("grid") or grid,
            at=at,  # type: ignore[arg-type]  # parsed by parse_at
            question_id=str(asked.get("id", "")),
        )
        yield answer.model_copy(update={"session": str(named) if named else answer.session})


def _unreadable(number: int, error: Exception) -> str:
    return f'Line {number} is not a question ({error}); {{"id": "q1", "question": "..."}} works.'


def _show(answer: Answer, as_json: bool) -> None:
    if as_json:
        print_json(answer.model_dump(mode="json"))
    elif sys.stdout.isatty():
        Console().print(Markdown(answer.answer))
    else:
        typer.echo(answer.answer)
