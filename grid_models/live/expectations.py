"""What is expected of a plant at a moment: the forecast of its profiles, or next to nothing where they are not its own."""

from datetime import datetime

from grid_models.forecast import Expected, expected_now, forecast
from grid_models.forecasting.expected import vague
from grid_models.twin.profiles import Grid


def expectations(grid: Grid, plant_time: datetime, *, foreign: bool) -> Expected:
    """`foreign`: the measurements come from a plant that the grid's profiles say nothing of, as a recording does."""
    return vague(grid.model) if foreign else expected_now(forecast(grid, plant_time), plant_time)
