"""Grids are loaded once a run and cached on disk for the run's worker processes."""

from collections.abc import Callable
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


@pytest.fixture
def report_count(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Takes a sentence with what a test has counted; it stands at the end of the run, from whichever process it came."""
    return lambda sentence: request.node.user_properties.append(("counted", sentence))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the tests have counted."""
    reports = [r for outcome in ("passed", "failed") for r in terminalreporter.getreports(outcome) if r.when == "call"]
    counted = [(r.nodeid, sentence) for r in reports for name, sentence in r.user_properties if name == "counted"]
    if counted:
        terminalreporter.section("counted")
    for test, sentence in counted:
        terminalreporter.write_line(f"{test.rpartition('::')[2]}: {sentence}")
