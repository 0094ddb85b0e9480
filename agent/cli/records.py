"""`aeip audit` and `aeip users`: the record of what was done, and who may do it."""

from typing import Annotated

import typer

from agent.cli.options import AsJson, DataDir, open_app, print_json
from agent.cli.terminal import say
from guardrails import audit as trail
from guardrails import people
from guardrails.people import Role

audit = typer.Typer(help="The hash-chained audit trail.", no_args_is_help=True)
users = typer.Typer(help="Operators and supervisors.", no_args_is_help=True)


@audit.command("verify")
def verify(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Find the first broken link; exit status 1 if there is one."""
    report = trail.verify(open_app(data_dir=data_dir).engine)
    if as_json:
        print_json(report.model_dump(mode="json"))
    else:
        say(report.explanation)
    raise typer.Exit(0 if report.ok else 1)


@audit.command("export")
def export(data_dir: DataDir = None) -> None:
    """Every event as one JSON object a line."""
    for event in trail.export(open_app(data_dir=data_dir).engine):
        print_json(event.model_dump(mode="json"))


@users.command("add")
def add(name: str, role: Annotated[Role, typer.Option(help="what the person may do")] = Role.OPERATOR, data_dir: DataDir = None) -> None:
    """Add a person; the generated password is shown once."""
    app = open_app(data_dir=data_dir)
    password = app.identity.create_account(name, role)
    say(f"{role.value} {name}, password (shown once): {password}")


@users.command("list")
def list_(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Everybody with a role."""
    found = people.everyone(open_app(data_dir=data_dir).engine)
    if as_json:
        print_json([p.model_dump(mode="json") for p in found])
        return
    for person in found:
        say(f"{person.name:20} {person.role.value}")


@users.command("token")
def token(name: str, hours: Annotated[float, typer.Option(min=0.1, help="how long it is valid")] = 8.0, data_dir: DataDir = None) -> None:
    """A token for AEIP_TOKEN, after the person's password."""
    app = open_app(data_dir=data_dir)
    person = app.identity.verify(name, typer.prompt(f"Password of {name}", hide_input=True, err=True))
    say(app.identity.issue_token(person, hours))
