"""How warm are transformers now? From load and weather of the last days, since nobody measures it."""

import numpy as np

from grid_models.life.ahead import STEP_MIN, past_begin, past_values
from grid_models.life.assumptions import Assumptions
from grid_models.life.heated import heated, steady
from grid_models.life.load_map import LoadMap
from grid_models.twin.model import FloatArray
from grid_models.weather.moments import InvalidAmbient

_WARM_UP_DAYS = 3  # twenty oil time constants: nothing of the guessed start is left


def present_temperatures(assume: Assumptions, table: FloatArray, mapped: LoadMap) -> FloatArray:
    """(units, 3) top oil and both gradients of the hot-spot at plant time.  table: (units, COLUMNS) as cooled until now."""
    past = past_values(assume.grid, assume.at, _WARM_UP_DAYS)
    ambient, load = _ambient_before(assume, past.shape[1]), np.abs(mapped.loads(past))
    start = steady(load[:, 0], float(ambient[0]), table)
    heated(load, ambient, table, start)
    return start


def _ambient_before(assume: Assumptions, steps: int) -> FloatArray:
    """(steps,) until plant time; the usual where a forecast that begins now says nothing of it."""
    first = past_begin(assume.at, steps)
    try:
        return assume.weather.ambient(first, steps, STEP_MIN).celsius
    except InvalidAmbient:
        return assume.usual_weather.ambient(first, steps, STEP_MIN).celsius
