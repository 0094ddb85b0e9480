"""`aeip study` and `aeip tools`: the studies without an agent."""

import json
import time
from typing import Annotated

import typer
from pydantic import JsonValue

from agent.app.watch import Watch
from agent.cli.argument_files import with_texts
from agent.cli.options import AsJson, At, DataDir, Grid, open_app, parse_at, print_json
from agent.cli.progress import progress_bar
from agent.cli.terminal import say
from agent.toolbox import tool_list
from grid_models.errors import AeipError
from tools.registry import run_study


def study(
    tool: Annotated[str, typer.Argument(help="name of the study, see `aeip tools`")],
    args: Annotated[
        str, typer.Option("--args", help="arguments as a JSON object; for a text, NAME.csv or @NAME puts the file's text in")
    ] = "{}",
    grid: Grid = None,
    at: At = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Run one read-only study directly."""
    began = time.perf_counter()
    told: dict[str, JsonValue] = {
        "tool": tool,
        "args": args,
        "grid": grid,
        "state_id": "",
        "plant_time": "",
        "ok": False,
        "result": None,
        "error": None,
    }
    try:
        told["args"] = parsed = _object(args)
        texts = with_texts(parsed)
        app = open_app(grid, data_dir)
        when = parse_at(at)
        if doubt := app.rules_doubt(grid):
            typer.echo(doubt, err=True)  # beside the document that --json prints
        state = app.present(grid, when)[0]
        told |= {"grid": state.model.name, "state_id": state.state_id, "plant_time": state.plant_time.isoformat()}
        with progress_bar(tool) as progress:
            result = run_study(tool, texts, app.study_context(grid, when, Watch(progress=progress)))
        told |= {"ok": True, "result": result.model_dump(mode="json")}
        headline = result.headline()
    except AeipError as error:
        told["error"] = headline = str(error)
    told["elapsed_ms"] = round((time.perf_counter() - began) * 1000, 2)
    if as_json:
        print_json(told)
    else:
        say(headline, err=not told["ok"])
        if told["ok"]:
            say(json.dumps(told["result"], indent=2, ensure_ascii=False), lines=True)
    raise typer.Exit(0 if told["ok"] else 1)


def _object(text: str) -> dict[str, JsonValue]:
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        raise AeipError(f"The arguments are not JSON ({error}); --args '{{\"top\": 5}}' works.") from error
    if not isinstance(value, dict):
        raise AeipError(f"The arguments are {type(value).__name__}, not a JSON object; --args '{{\"top\": 5}}' works.")
    return value


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def tools(as_json: AsJson = False) -> None:
    """Names, purposes and argument schemas of all tools."""
    found = tool_list()
    if as_json:
        print_json(list(found))
        return
    for tool in found:
        say(f"{tool['name']:24} {'(gated write) ' if tool['writes'] else ''}{tool['purpose']}")
