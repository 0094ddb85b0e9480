"""`aeip replay FILE`: what a recording says, set by set, without any plant."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from pydantic import JsonValue

from agent.cli.options import AsJson, DataDir, Grid, open_app, print_json
from agent.cli.terminal import say
from grid_models.live.twin import LiveTwin
from grid_models.live.view import TwinView
from grid_models.telemetry.instruments import instruments_of
from grid_models.telemetry.measurement_set import Telemetry
from grid_models.telemetry.replay import read_measurements
from grid_models.twin.profiles import Grid as LoadedGrid
from tools.context import StudyContext
from tools.registry import run_study


def replay(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet: time, quantity, element, value, sigma and perhaps quality, unit")],
    grid: Grid = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Estimate every set of a recording; with --json one object a set, as `aeip study state_estimate` prints it."""
    app = open_app(grid, data_dir)
    loaded = app.grid(grid)
    recorded = read_measurements(file, loaded.model)
    for error in recorded.errors:
        say(str(error), err=True)
    for telemetry, view in _watched(loaded, recorded.sets()):
        context = StudyContext(view.state, app.limits(grid), "live", twin=view, now=telemetry.taken_at)
        result = run_study("state_estimate", {}, context)
        if as_json:
            told: dict[str, JsonValue] = {"plant_time": telemetry.plant_time.isoformat(), "grid": loaded.model.name}
            print_json({**told, "state_id": view.state.state_id, "result": result.model_dump(mode="json")})
        else:
            say(f"{telemetry.plant_time:%Y-%m-%d %H:%M:%S}  {result.headline()}")
    raise typer.Exit(0 if len(recorded.measurements) else 1)


def _watched(grid: LoadedGrid, sets: Iterator[Telemetry]) -> Iterator[tuple[Telemetry, TwinView]]:
    """Every set with what is known after it: the latest accepted state, the source's own before the first."""
    twin = LiveTwin(grid, instruments_of(grid.model), foreign=True)
    start = grid.state_at()
    view = TwinView(grid, start, start.plant_time, foreign=True)
    for telemetry in sets:
        found = twin.take(telemetry)
        if found.accepted and found.state is not None:
            view = TwinView(grid, found.state, telemetry.taken_at, telemetry, found.left_out, last=found, foreign=True)
        else:
            view = replace(view, telemetry=telemetry, doubts=found.doubts, last=found)
        yield telemetry, view
