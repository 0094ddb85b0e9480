"""Grids, their solved states and exact measurements of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.source import load_grid


@pytest.fixture(scope="session")
def solution_of(grid_cache: Path) -> Callable[[str], Solution]:
    """The power flow of a named grid at its own start."""
    return lambda name: solve(load_grid(name, grid_cache).state_at())


@pytest.fixture(scope="session")
def solved14(solution_of: Callable[[str], Solution]) -> Solution:
    """case14."""
    return solution_of("case14")
