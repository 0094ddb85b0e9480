"""How long is one round of the live twin, from the plant's meters to the published state, and does its memory stay?"""

import tempfile
from pathlib import Path
from statistics import median, quantiles

from agent.app import App
from agent.live_plant import LivePlant
from evals.bench.estimation import resident_mib
from evals.bench.row import Row, seconds
from evals.doubles.clock import Clock
from grid_models.limits import OperatingLimits
from grid_models.telemetry.scada import SCAN_S
from grid_models.twin.simulated_plant import SimulatedPlant

_ROUNDS = {None: 900, "case2869pegase": 30}  # an hour of plant time on the default grid
_SETTLED = 60  # rounds after which memory is compared


def live_times(app: App) -> list[Row]:
    """On the default grid and the largest the issue names; each alone in this process, the plant's own work included."""
    return [row for grid, rounds in _ROUNDS.items() for row in _rounds(app, grid, rounds)]


def _rounds(app: App, grid: str | None, rounds: int) -> list[Row]:
    limits = app.limits(grid)
    with tempfile.TemporaryDirectory(prefix="aeip-live-") as folder:
        clock = Clock()
        plant = _opened(app, grid, Path(folder), clock, limits)
        plant.look()
        times, before = [], 0.0
        for i in range(rounds):
            clock.advance(SCAN_S / 60)
            times.append(seconds(plant.look) * 1e3)
            if i == _SETTLED:
                before = resident_mib()
    name = f"live twin {plant.model.name}"
    how = f"{rounds} rounds of {SCAN_S:g} s: plant, door, estimate, history, alarms, files"
    rows = [Row(f"{name}: one round", median(times), "ms", how)]
    if rounds > _SETTLED:
        grown = resident_mib() - before
        rows.append(Row(f"{name}: slowest of a hundred", quantiles(times, n=100)[-1], "ms", "99th percentile"))
        rows.append(Row(f"{name}: memory", grown, "MiB", f"what the process holds more at the end than after round {_SETTLED}"))
    return rows


def _opened(app: App, grid: str | None, folder: Path, clock: Clock, limits: OperatingLimits) -> LivePlant:
    loaded = app.grid(grid)
    return LivePlant(loaded, SimulatedPlant(loaded, folder, clock), folder, lambda: limits, clock)
