"""`aeip users`: who may do something here, and where. Changes are an administrator's, proven with --user; a fresh ledger has none yet."""

from typing import Annotated

import typer
from pydantic import ValidationError

from agent.app import App
from agent.cli.options import AsJson, DataDir, Grid, User, open_app, print_json, who
from agent.cli.terminal import say
from grid_models.errors import AeipError
from guardrails import people, personnel
from guardrails.people import Role, person_key
from guardrails.scope import Scope, area_key

users = typer.Typer(help="People, their roles, and where they may act.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="name of the person")]


@users.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="what the person may do")] = Role.OPERATOR,
    user: User = "local",
    data_dir: DataDir = None,
) -> None:
    """Add a person; the generated password is shown once. Needs an administrator as soon as there is one."""
    app = open_app(data_dir=data_dir)
    password = app.identity.create_account(name, role, by=who(app, user).name)
    say(f"{role.value} {name}, password (shown once): {password}")


@users.command("list")
def list_(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Everybody with role and scope."""
    found = people.everyone(open_app(data_dir=data_dir).engine)
    if as_json:
        print_json([p.model_dump(mode="json") for p in found])
        return
    for person in found:
        say(f"{person.name:20} {person.role.value:14} {person.scope.words()}")


@users.command("role")
def role(name: Name, role: Annotated[Role, typer.Argument(help="the new role")], user: User = "local", data_dir: DataDir = None) -> None:
    """Give a person another role."""
    app = open_app(data_dir=data_dir)
    person = personnel.change_role(app.engine, name, role, by=who(app, user).name, now=app.now())
    say(f"{person.name} is {person.role.value} now.")


@users.command("scope")
def scope(
    name: Name,
    area: Annotated[list[str] | None, typer.Option(help="an area of the grid; give it again for more")] = None,
    min_kv: Annotated[float | None, typer.Option(help="lowest nominal voltage [kV]")] = None,
    max_kv: Annotated[float | None, typer.Option(help="highest nominal voltage [kV]")] = None,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="no limit any more")] = False,
    user: User = "local",
    grid: Grid = None,
    data_dir: DataDir = None,
) -> None:
    """Limit where a person (or `local`) may propose and decide; it replaces the limits before."""
    if everywhere is not (not area and min_kv is None and max_kv is None):
        raise typer.BadParameter("give --area, --min-kv or --max-kv, or --everywhere alone")
    app = open_app(grid, data_dir)
    limits = _scope(app, tuple(area or ()), min_kv, max_kv)
    person = personnel.give_scope(app.engine, name, limits, by=who(app, user).name, now=app.now())
    say(f"{person.name} acts {'' if person.scope.everywhere else 'only '}{person.scope.words()} now.")


@users.command("remove")
def remove(name: Name, user: User = "local", data_dir: DataDir = None) -> None:
    """End a person's account at once; the name and all they did stay in the record."""
    app = open_app(data_dir=data_dir)
    say(f"{app.identity.remove(name, by=who(app, user).name).name} is removed; sessions and tokens work no more.")


@users.command("password")
def password(name: Name, user: User = "", data_dir: DataDir = None) -> None:
    """Change one's own password, knowing the present one; with --user an administrator gives somebody else a new one, shown once."""
    app = open_app(data_dir=data_dir)
    if user and person_key(user) != person_key(name):
        say(f"{name}, password (shown once): {app.identity.set_password(name, by=who(app, user).name)}")
        return
    person = app.identity.verify(name, typer.prompt(f"Password of {name}", hide_input=True, err=True))
    app.identity.set_password(person.name, typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True))
    say(f"The password of {person.name} is changed; tokens made before work no more.")


@users.command("token")
def token(name: Name, hours: Annotated[float, typer.Option(min=0.1, help="how long it is valid")] = 8.0, data_dir: DataDir = None) -> None:
    """A token for AEIP_TOKEN, after the person's password."""
    app = open_app(data_dir=data_dir)
    person = app.identity.verify(name, typer.prompt(f"Password of {name}", hide_input=True, err=True))
    say(app.identity.issue_token(person, hours))


def _scope(app: App, areas: tuple[str, ...], min_kv: float | None, max_kv: float | None) -> Scope:
    """Raises AeipError for a range without a voltage and for an area that the grid does not have: it would forbid everything."""
    try:
        wanted = Scope(areas=areas, min_kv=min_kv, max_kv=max_kv)
    except ValidationError as error:
        raise AeipError(f"This scope cannot be given: {error.errors()[0]['msg']}; --min-kv 100 --max-kv 120 works.") from error
    if areas:
        model = app.grid().model
        known = {area_key(area) for area in model.buses.areas}
        unknown = [area for area in areas if area_key(area) not in known]
        if unknown:
            raise AeipError(f"{model.name} has no area '{unknown[0]}'; its areas are {', '.join(model.buses.areas) or 'not named'}.")
    return wanted
