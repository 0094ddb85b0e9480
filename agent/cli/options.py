"""The options every command shares, and how an app is opened from them."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from agent.app import App
from agent.settings import read_settings
from grid_models.errors import AeipError
from guardrails.people import LOCAL, Person

Grid = Annotated[str | None, typer.Option("--grid", "-g", help="SimBench code, pandapower case or grid file")]
At = Annotated[
    str | None, typer.Option("--at", help="plant time: a profile step (number) or an ISO time; the standing start is studied then")
]
DataDir = Annotated[Path | None, typer.Option("--data-dir", help="folder of ledger, plant and conversations")]
User = Annotated[str, typer.Option("--user", "-u", help="who asks; everybody but 'local' needs AEIP_TOKEN or a password")]
Brain = Annotated[str | None, typer.Option("--brain", help="embedded, or ollama:NAME for a language model; else AEIP_BRAIN")]
AsJson = Annotated[bool, typer.Option("--json", help="one JSON document on stdout and nothing else")]


def open_app(grid: str | None = None, data_dir: Path | None = None, **more: object) -> App:
    """The app these options describe."""
    return App(read_settings(grid=grid, data_dir=data_dir, **more))


def parse_at(text: str | None) -> datetime | int | None:
    """A step number or an ISO time (UTC when it names no zone). Raises AeipError."""
    if text is None or text.strip().lstrip("-").isdigit():
        return None if text is None else int(text)
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise AeipError(f"'{text}' is neither a profile step nor an ISO time; 21547 or 2016-08-12T09:45Z works.") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def who(app: App, user: str) -> Person:
    """The person behind --user: proven by AEIP_TOKEN, else by a password typed in. Raises NotAuthorised."""
    if user == LOCAL.name:
        return LOCAL
    if app.settings.token:
        person = app.identity.person_of(app.settings.token)
        if person.name.casefold() == user.casefold():
            return person
        raise AeipError(f"AEIP_TOKEN belongs to '{person.name}', not to '{user}'; use --user {person.name} or that user's token.")
    if not sys.stdin.isatty():
        raise AeipError(
            f"User '{user}' needs a credential; set AEIP_TOKEN (`aeip users token {user}` prints one) or type the password in a terminal."
        )
    return app.identity.verify(user, typer.prompt(f"Password of {user}", hide_input=True, err=True))


def print_json(value: JsonValue) -> None:
    """One line of JSON, flushed."""
    sys.stdout.write(json.dumps(value, allow_nan=False) + "\n")  # ASCII: a line separator inside a text must not end the line
    sys.stdout.flush()
