"""What is known of every load, machine and infeed before estimating: its own meter where that is trusted, else the forecast."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from grid_models.forecasting.expected import Expected
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quality, Quantity, Source
from grid_models.twin.model import BoolArray, FloatArray
from grid_models.twin.state import GridState

# Reactive power of machines and parks has no forecast. Engineering judgement: they keep what is scheduled within this share of their size;
# one that holds a voltage is anywhere, twice its size included.
_Q_SHARE = 0.05
_Q_HOLDING_SHARE = 2.0
_LEAST_SIGMA = 0.1  # MW, Mvar
_OBEYED = 0.02  # share of its size by which a machine misses its set-point; engineering judgement


@dataclass(frozen=True, eq=False)
class Prior:
    """Value and standard deviation of one quantity of every element of a table [MW or Mvar]; NaN where nothing is known."""

    value: FloatArray
    sigma: FloatArray

    def with_meters(self, measurements: MeasurementSet, quantity: Quantity, trusted: BoolArray) -> Self:
        """The first trusted meter of each element in place of what was expected."""
        rows = np.flatnonzero((measurements.quantity == quantity) & trusted)[::-1]  # of several the first is written last
        value, sigma = self.value.copy(), self.sigma.copy()
        value[measurements.element[rows]] = measurements.value[rows]
        sigma[measurements.element[rows]] = measurements.sigma[rows]
        return type(self)(value, sigma)


def expected_priors(state: GridState, expected: Expected) -> dict[Quantity, Prior]:
    """What the forecast, the schedules and the set-points let expect; infeeds are whatever balances."""
    machines, loads, infeeds = state.model.generators, len(state.model.loads), len(state.model.infeeds)
    size = np.maximum(np.abs(machines.p_max_mw), np.abs(state.model.start.generator_p_mw))
    size = np.where(np.isfinite(size), size, np.nanmax(size, initial=1.0))
    shed = np.divide(state.load_shed_mw, expected.load_p_mw, out=np.zeros(loads), where=expected.load_p_mw > 0)
    left = 1.0 - np.clip(shed, 0.0, 1.0)
    q_sigma = np.where(machines.holds_voltage, np.maximum(_Q_HOLDING_SHARE * size, state.model.base_mva), _Q_SHARE * size)
    reactive = np.where(np.isnan(state.generator_q_setpoint_mvar), state.model.start.generator_q_mvar, state.generator_q_setpoint_mvar)
    nothing = Prior(np.full(infeeds, np.nan), np.full(infeeds, np.nan))
    return {
        Quantity.P_LOAD: Prior(expected.load_p_mw * left, expected.load_p_sigma_mw),
        Quantity.Q_LOAD: Prior(expected.load_q_mvar * left, expected.load_q_sigma_mvar),
        Quantity.P_GENERATOR: _scheduled(state, expected, size),
        Quantity.Q_GENERATOR: Prior(reactive, np.maximum(q_sigma, _LEAST_SIGMA)),
        Quantity.P_INFEED: nothing,
        Quantity.Q_INFEED: nothing,
    }


def _scheduled(state: GridState, expected: Expected, size_mw: FloatArray) -> Prior:
    """A cap holds wind and PV down; other machines follow their set-point."""
    setpoint = state.generator_p_setpoint_mw
    weather = state.model.generators.weather
    value = np.where(np.isnan(setpoint), expected.generator_p_mw, np.where(weather, np.fmin(expected.generator_p_mw, setpoint), setpoint))
    obeyed = np.maximum(_OBEYED * size_mw, _LEAST_SIGMA)
    return Prior(value, np.where(np.isnan(setpoint) | weather, expected.generator_p_sigma_mw, obeyed))


def expected_values(priors: dict[Quantity, Prior], measurements: MeasurementSet) -> FloatArray:
    """(measurements,) what each was expected to read; NaN where nothing is."""
    found = np.full(len(measurements), np.nan)
    for quantity, prior in priors.items():
        rows = measurements.quantity == quantity
        found[rows] = prior.value[measurements.element[rows]]
    return found


def pseudo_measurements(priors: dict[Quantity, Prior], measured: MeasurementSet, time_s: float) -> MeasurementSet:
    """What is expected of every element without a meter in the set, as measurements of source FORECAST."""
    parts = []
    for quantity, prior in priors.items():
        known = np.isfinite(prior.value) & np.isfinite(prior.sigma)
        known[measured.element[measured.quantity == quantity]] = False
        rows = np.flatnonzero(known)
        parts.append(
            MeasurementSet.column(quantity, rows, prior.value[rows], prior.sigma[rows], time_s, Quality.SUBSTITUTED, Source.FORECAST)
        )
    return MeasurementSet.joined(parts)
