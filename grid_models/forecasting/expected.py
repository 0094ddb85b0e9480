"""What a forecast expects at one moment between its steps: the values of pseudo-measurements."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from grid_models.errors import AeipError
from grid_models.forecasting.ahead import Forecast, sigma_of
from grid_models.twin.model import FloatArray, GridModel
from grid_models.twin.profiles import STEP


class OutsideForecast(AeipError):
    """A plant time that the forecast does not cover."""


@dataclass(frozen=True, eq=False)
class Expected:
    """Every load and generator at one moment with standard deviations, (elements,). NaN: unknown, so no pseudo-measurement."""

    load_p_mw: FloatArray
    load_p_sigma_mw: FloatArray
    load_q_mvar: FloatArray
    load_q_sigma_mvar: FloatArray
    generator_p_mw: FloatArray
    generator_p_sigma_mw: FloatArray


def vague(model: GridModel) -> Expected:
    """What may be expected of a plant whose past is not known: the source's own values, each uncertain by its own size."""
    start = model.start
    return Expected(
        load_p_mw=start.load_p_mw,
        load_p_sigma_mw=_size(start.load_p_mw),
        load_q_mvar=start.load_q_mvar,
        load_q_sigma_mvar=_size(start.load_q_mvar),
        generator_p_mw=start.generator_p_mw,
        generator_p_sigma_mw=_size(start.generator_p_mw),
    )


def _size(values: FloatArray) -> FloatArray:
    """At least a megawatt, or a tenth of the largest where all are smaller; engineering judgement."""
    largest = float(np.abs(values).max(initial=0.0))
    return np.maximum(np.abs(values), min(1.0, 0.1 * largest) or 1.0)


def expected_now(ahead: Forecast, time: datetime) -> Expected:
    """The forecast at a plant time, linear between its steps. Raises OutsideForecast."""
    position = (time - ahead.times[0]) / STEP
    if not 0 <= position <= len(ahead.times) - 1:
        raise OutsideForecast(
            f"{time:%Y-%m-%dT%H:%MZ} is not in the forecast from {ahead.times[0]:%Y-%m-%dT%H:%MZ}; a new forecast would cover it."
        )
    low = min(int(position), len(ahead.times) - 2)
    part = np.array([1 - (position - low), position - low])
    values, sigmas = ahead.values[:, low : low + 2] @ part, ahead.sigmas[:, low : low + 2] @ part
    start, rows = ahead.model.start, ahead.rows
    return Expected(
        load_p_mw=start.load_p_mw * values[rows.load_p],
        load_p_sigma_mw=sigma_of(start.load_p_mw, sigmas[rows.load_p]),
        load_q_mvar=start.load_q_mvar * values[rows.load_q],
        load_q_sigma_mvar=sigma_of(start.load_q_mvar, sigmas[rows.load_q]),
        generator_p_mw=start.generator_p_mw * values[rows.generator_p],
        generator_p_sigma_mw=sigma_of(start.generator_p_mw, sigmas[rows.generator_p]),
    )
