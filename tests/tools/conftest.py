"""A plant that ran for some minutes, as studies see it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.live_plant import LivePlant
from grid_models.assets.book import AssetBook
from grid_models.assets.demo import demo_records
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.telemetry.faults import Fault
from grid_models.twin.profiles import Grid
from grid_models.twin.simulated_plant import SimulatedPlant
from tools.context import StudyContext
from tools.registry import run_study
from tools.result import Result
from tools.thermal_result import ThermalResult

LIMITS = OperatingLimits((VoltageBand("voltage-110", 110, 300, 0.90, 1.118),), 100.0, "branch-loading")


@dataclass
class Live:
    """`run` lets rounds pass; `study` is a study of then."""

    grid: Grid
    folder: Path
    at: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)
    plant: LivePlant = field(init=False)

    def __post_init__(self) -> None:
        source = SimulatedPlant(self.grid, self.folder, lambda: self.at)
        self.plant = LivePlant(self.grid, source, self.folder, lambda: LIMITS, lambda: self.at)
        self.run()

    def run(self, rounds: int = 1, fault: Fault | None = None, seconds: float = 4.0) -> None:
        if fault is not None:
            self.plant.source.inject(fault)
        for _ in range(rounds):
            self.at += timedelta(seconds=seconds)
            self.plant.look()

    def context(self) -> StudyContext:
        assert self.plant.view is not None
        return StudyContext(self.plant.view.state, LIMITS, "live", twin=self.plant.view, now=self.at)

    def study(self, tool: str, **args: object) -> Result:
        return run_study(tool, args, self.context())


@pytest.fixture
def live(default_grid: Grid, tmp_path: Path) -> Live:
    """The default grid's plant, just started."""
    return Live(default_grid, tmp_path)


@pytest.fixture
def standing() -> Callable[..., Result]:
    """A study of a grid's standing start, where nobody measures."""
    return lambda grid, tool, **args: run_study(tool, args, StudyContext(grid.state_at(), LIMITS))


@pytest.fixture
def thermal(default_grid: Grid) -> Callable[..., ThermalResult]:
    """`thermal_rul` on the default grid with its demo records, as the application calls it; another context is the first argument."""
    book = AssetBook.of(default_grid.model, demo_records(default_grid.model.name))
    usual = StudyContext(default_grid.state_at(), LIMITS, assets=book, grid=default_grid)

    def run(ctx: StudyContext = usual, **args: object) -> ThermalResult:
        result = run_study("thermal_rul", args, ctx)
        assert isinstance(result, ThermalResult)
        return result

    return run
