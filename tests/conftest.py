"""Grids are loaded once a run and cached on disk for the run's worker processes."""

from pathlib import Path

import pytest

from grid_models.twin.profiles import Grid
from grid_models.twin.source import DEFAULT_GRID, load_grid


@pytest.fixture(scope="session")
def grid_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder shared by the workers of one test run."""
    root = tmp_path_factory.getbasetemp()
    return (root.parent if root.name.startswith("popen-") else root) / "grids"


@pytest.fixture(scope="session")
def default_grid(grid_cache: Path) -> Grid:
    """The 110 kV SimBench grid with its year of profiles."""
    return load_grid(DEFAULT_GRID, grid_cache)


@pytest.fixture(scope="session")
def case39(grid_cache: Path) -> Grid:
    return load_grid("case39", grid_cache)


@pytest.fixture(scope="session")
def case118(grid_cache: Path) -> Grid:
    return load_grid("case118", grid_cache)


@pytest.fixture(scope="session")
def training(grid_cache: Path) -> Grid:
    """The hand-made substation."""
    return load_grid("training", grid_cache)
