"""How long until a grid is there?"""

from pathlib import Path

from evals.bench.row import Row, seconds
from grid_models.twin.source import DEFAULT_GRID, load_grid


def load_times(work: Path) -> list[Row]:
    """The default grid from its source, and from the cache that the first load leaves."""
    name = f"{DEFAULT_GRID}, with its year of profiles"
    first = seconds(lambda: load_grid(DEFAULT_GRID, work / "grids"))
    again = seconds(lambda: load_grid(DEFAULT_GRID, work / "same" / ".." / "grids"))  # another spelling: past the cache in memory
    return [
        Row("load: from SimBench", first, "s", f"{name}; includes importing pandapower; once per data folder"),
        Row("load: from the data folder", again, "s", name),
    ]
