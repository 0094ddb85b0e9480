"""Grids with their meters and their truth."""

from pathlib import Path

import pytest

from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import Instruments, instruments_of
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid


@pytest.fixture(scope="session")
def case14(grid_cache: Path) -> Grid:
    return load_grid("case14", grid_cache)


@pytest.fixture(scope="session")
def solved(default_grid: Grid) -> Solution:
    """The default grid at its demo start."""
    return solve(default_grid.state_at())


@pytest.fixture(scope="session")
def instruments(default_grid: Grid) -> Instruments:
    """Its meters."""
    return instruments_of(default_grid.model)
