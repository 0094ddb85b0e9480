"""`aeip alarms`: what stands, and who knows of it."""

from typing import Annotated

import typer

from agent.app import App
from agent.cli.options import AsJson, DataDir, Grid, User, open_app, print_json, who
from agent.cli.terminal import say

alarms = typer.Typer(help="The alarms of the running plant.", no_args_is_help=True)


@alarms.command("list")
def list_(grid: Grid = None, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Those that stand, the oldest first, each with the number and key that `ack` takes."""
    found = open_app(grid, data_dir).alarms(grid)
    if as_json:
        print_json([{"number": i, "key": a.key, **a.model_dump(mode="json")} for i, a in enumerate(found, 1)])
        return
    for number, alarm in enumerate(found, 1):
        known = f"  acknowledged by {alarm.acknowledged_by}" if alarm.acknowledged_by else ""
        say(f"{number:4}  {alarm.severity.value:8} {alarm.since:%Y-%m-%d %H:%M}Z  {alarm.reading.sentence()}{known}")
        say(f"      {alarm.key}")
    if not found:
        say("No alarm stands.")


@alarms.command("ack")
def ack(
    key: Annotated[str, typer.Argument(help="number or key of the alarm, as listed")],
    user: User = "local",
    note: Annotated[str, typer.Option("--note", "-n", help="for the record")] = "",
    grid: Grid = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Acknowledge an alarm by name; it asks again when it worsens."""
    app = open_app(grid, data_dir)
    person = who(app, user)
    made = app.acknowledge(_key(app, key, grid), person, note, grid)
    if as_json:
        print_json(made.model_dump(mode="json"))
    else:
        say(f"{made.person} acknowledged {made.key}.")


def _key(app: App, asked: str, grid: str | None) -> str:
    """The key that a number of the list stands for; anything else is a key itself."""
    listed = [alarm.key for alarm in app.alarms(grid)] if asked.isdecimal() else []
    return listed[int(asked) - 1] if asked.isdecimal() and 0 < int(asked) <= len(listed) else asked
