"""Does a value look like the right reading in the wrong unit: kW for MW, A for kA, kV or percent for pu?"""

import numpy as np

from grid_models.telemetry.gauges import NOWHERE, Gauges
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import BoolArray, FloatArray

# All engineering judgement.
_LARGE = (500.0, 2000.0)  # times the last good value: 1000 and what may have changed since
_LARGE_OF_SCALE = (100.0, 2000.0)  # times the full scale, where no last value is known
_SMALL = (0.7e-3, 1.4e-3)  # times the last good value
_TELLING = 0.1  # of full scale: a thousandth of less drowns in noise
_LEAST_ROWS = 3  # one flow may fall to a thousandth by chance; a whole station does not
_KV = (10.0, 1300.0)  # a voltage between these is one in kV, or in percent


def suspicious_unit(measurements: MeasurementSet, gauges: Gauges, last: FloatArray, outside: BoolArray) -> BoolArray:
    """(rows,) True where the value is implausible and about 1000 times what it was, or a station's all are a thousandth."""
    power = (measurements.quantity >= Quantity.P_INJECTION) & (measurements.quantity <= Quantity.P_AVAILABLE)
    power &= ~np.isin(measurements.quantity, (Quantity.I_ANGLE_FROM, Quantity.I_ANGLE_TO))
    of_last = np.abs(measurements.value / last)
    of_scale = np.abs(measurements.value / gauges.full_scale)
    large = _within(of_last, _LARGE) | (~np.isfinite(last) & _within(of_scale, _LARGE_OF_SCALE))
    volts = (measurements.quantity == Quantity.V) & _within(measurements.value, _KV)
    telling = np.abs(last) > _TELLING * gauges.full_scale
    return np.asarray(outside & (volts | (power & large)) | _small_stations(power, of_last, telling, gauges))


def _small_stations(power: BoolArray, of_last: FloatArray, telling: BoolArray, gauges: Gauges) -> BoolArray:
    """Powers and currents of the stations where every telling one is a thousandth of what it was."""
    placed = power & (gauges.station != NOWHERE)
    station = np.where(placed, gauges.station, 0)
    asked = np.bincount(station[placed & telling], minlength=len(gauges.stations) or 1)
    small = np.bincount(station[placed & telling & _within(of_last, _SMALL)], minlength=len(gauges.stations) or 1)
    return np.asarray(placed & ((small >= _LEAST_ROWS) & (small == asked))[station])


def _within(values: FloatArray, band: tuple[float, float]) -> BoolArray:
    return np.asarray((values >= band[0]) & (values <= band[1]))
