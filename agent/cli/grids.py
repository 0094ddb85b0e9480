"""`aeip grid list` and `aeip grid show`: which grids there are, and what one of them holds."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import numpy as np
import typer
from pydantic import JsonValue
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.cli.options import AsJson, DataDir, open_app, print_json
from agent.rendering.harmless import visible
from grid_models.twin.catalogue import SIMBENCH_CODE, known_grids, simbench_families
from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.registry import run_study

FILES = "A pandapower JSON or MATPOWER .m/.mat file loads by its path, up to 200 MB and 100,000 buses."
grid = typer.Typer(help="The grids.", no_args_is_help=True)


@grid.command("list")
def grid_list(as_json: AsJson = False) -> None:
    """Grids that load by name, SimBench codes, and which files load."""
    named, families = known_grids(), simbench_families()
    if as_json:
        simbench: JsonValue = {"code": SIMBENCH_CODE, "codes": sum(f.codes for f in families), "families": [asdict(f) for f in families]}
        print_json({"grids": [asdict(g) for g in named], "simbench": simbench, "files": FILES})
        return
    console = Console()
    console.print(_table("Grids by name", ("name", "kind", "buses", "branches"), [(g.name, g.kind, g.buses, g.branches) for g in named]))
    title = f"{sum(f.codes for f in families)} SimBench codes: {SIMBENCH_CODE}"
    console.print(_table(title, ("levels", "what", "codes", "example"), [(f.levels, f.meaning, f.codes, f.example) for f in families]))
    console.print(FILES)


@grid.command("show")
def grid_show(
    name: Annotated[str | None, typer.Argument(help="name of the grid or path of a grid file")] = None,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Size, voltage levels, ratings, infeeds and the loader's notes."""
    app = open_app(name, data_dir)
    state, source = app.present(name)
    result = run_study("grid_data", {}, StudyContext(state, app.limits(name), source)).model_dump(mode="json")
    shown: dict[str, JsonValue] = {**result, **_more(state)}
    if as_json:
        print_json(shown)
    else:
        _print(shown, state.model)


def _more(state: GridState) -> dict[str, JsonValue]:
    """What the study of a grid's data does not tell: ratings by tier, infeeds, content hash."""
    model = state.model
    branches = model.branches
    temporary = np.isfinite(branches.temporary_from_ka) | np.isfinite(branches.temporary_to_ka)
    return {
        "ratings": {
            "usable": model.ratings_usable,
            "branches": len(branches),
            "permanent": int(branches.rated.sum()),
            "temporary": int(temporary.sum()),
        },
        "infeeds": [
            {"name": n, "bus": model.buses.name[b], "vm_pu": float(v), "in_service": bool(on)}
            for n, b, v, on in zip(model.infeeds.name, model.infeeds.bus, state.infeed_vm_pu, state.infeed_on, strict=True)
        ],
        "content_hash": model.content_hash,
    }


def _print(shown: dict[str, JsonValue], model: GridModel) -> None:
    branches = model.branches
    temporary = int(np.sum(np.isfinite(branches.temporary_from_ka) | np.isfinite(branches.temporary_to_ka)))
    counts = shown["counts"] if isinstance(shown["counts"], dict) else {}
    levels = sorted({float(v) for v in model.buses.nominal_kv}, reverse=True)
    areas, stations = model.buses.areas, model.buses.substations
    rows = [
        *((kind, str(count)) for kind, count in counts.items()),
        ("voltage levels", ", ".join(f"{kv:g}" for kv in levels) + " kV"),
        ("areas", str(len(areas))),
        ("substations", str(len(stations)) if stations else "not named in the source"),
        ("permanent ratings (PATL)", f"{int(branches.rated.sum())} of {len(branches)} branches"),
        ("temporary ratings (TATL)", f"{temporary} of {len(branches)} branches"),
        ("infeeds at", ", ".join(model.buses.name[b] for b in model.infeeds.bus)),
        ("content hash", model.content_hash[:16]),
    ]
    console = Console()
    console.print(_table(model.name, ("what", "found"), rows))
    for note in (model.ratings_note, *model.notes):
        console.print(visible(note), markup=False, highlight=False)


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Table:
    table = Table(title=title, title_justify="left")
    for i, column in enumerate(columns):
        numbers = bool(rows) and all(isinstance(row[i], int | None) for row in rows)
        table.add_column(column, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if value is None else visible(str(value))) for value in row))  # a name is no markup
    return table
