"""How warm are transformers now? From load and weather of the last days, since nobody measures it."""

from dataclasses import dataclass

import numpy as np

from grid_models.life.ahead import STEP_MIN, past_begin, past_values
from grid_models.life.assumptions import Assumptions
from grid_models.life.heated import heated, steady
from grid_models.life.load_map import LoadMap
from grid_models.twin.model import FloatArray
from grid_models.weather.moments import InvalidAmbient

_WARM_UP_DAYS = 3  # twenty oil time constants: nothing of the guessed start is left


@dataclass(frozen=True, eq=False)
class Past:
    """values: (rows, steps) of the profiles until plant time.  table: (units, COLUMNS) and mapped: as cooled and switched until now."""

    values: FloatArray
    ambient_celsius: FloatArray
    usual_celsius: FloatArray
    table: FloatArray
    mapped: LoadMap

    def now(self) -> FloatArray:
        """(units, 3) top oil and both gradients of the hot-spot at plant time."""
        return warmed(np.abs(self.mapped.loads(self.values)), self.ambient_celsius, self.table)


def past_of(assume: Assumptions, table: FloatArray, mapped: LoadMap) -> Past:
    """The last days; the usual weather where a source that begins now says nothing of them."""
    values = past_values(assume.grid, assume.at, _WARM_UP_DAYS)
    first, steps = past_begin(assume.at, values.shape[1]), values.shape[1]
    usual = assume.usual_weather.ambient(first, steps, STEP_MIN).celsius
    try:
        ambient = assume.weather.ambient(first, steps, STEP_MIN).celsius
    except InvalidAmbient:
        ambient = usual
    return Past(values, ambient, usual, table, mapped)


def warmed(load_pu: FloatArray, ambient_celsius: FloatArray, table: FloatArray) -> FloatArray:
    """(units, 3) at the end of a load (units, steps) that began steady."""
    start = steady(load_pu[:, 0], float(ambient_celsius[0]), table)
    heated(load_pu, ambient_celsius, table, start)
    return start
