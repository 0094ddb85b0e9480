"""Invented records for the default grid, so that there is something to ask about; each says that it is synthetic."""

from functools import lru_cache
from pathlib import Path

from grid_models.assets.record import AssetRecord
from grid_models.assets.record_file import read_records

_FOLDER = Path(__file__).parents[1] / "data" / "assets"
_YEAR = 2016  # the year of SimBench's profiles, in which the demo plays


@lru_cache(maxsize=8)
def demo_records(grid_name: str) -> tuple[AssetRecord, ...]:
    """The demo records of a grid; none for any other."""
    files = {path.stem: path for path in _FOLDER.glob("*.yaml")}
    return read_records(files[grid_name], _YEAR).records if grid_name in files else ()
