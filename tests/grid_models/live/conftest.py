"""A plant and the twin that watches it, on a clock that tests turn."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grid_models.live.conclusion import Conclusion
from grid_models.live.twin import LiveTwin
from grid_models.telemetry.instruments import instruments_of
from grid_models.twin.profiles import Grid
from grid_models.twin.simulated_plant import SimulatedPlant


@dataclass
class Watched:
    """`after` lets seconds pass and takes the set of then."""

    grid: Grid
    folder: Path
    at: datetime = datetime(2026, 11, 20, 12, tzinfo=UTC)
    plant: SimulatedPlant = field(init=False)
    twin: LiveTwin = field(init=False)

    def __post_init__(self) -> None:
        self.plant = SimulatedPlant(self.grid, self.folder, lambda: self.at)
        self.twin = LiveTwin(self.grid, instruments_of(self.grid.model))

    def after(self, seconds: float = 4.0, rounds: int = 1) -> Conclusion:
        for _ in range(rounds):
            self.at += timedelta(seconds=seconds)
            found = self.twin.take(self.plant.telemetry())
        return found


@pytest.fixture
def watch(tmp_path: Path) -> Callable[[Grid], Watched]:
    """Makes a plant and its twin on a grid."""
    return lambda grid: Watched(grid, tmp_path)


@pytest.fixture
def watched(default_grid: Grid, watch: Callable[[Grid], Watched]) -> Watched:
    """The default grid, watched."""
    return watch(default_grid)
