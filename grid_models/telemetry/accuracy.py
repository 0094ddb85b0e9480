"""How exact is a meter: standard deviation and dead band of each quantity, as a share of its full scale.

All figures are engineering judgement from accuracy classes: a class is the largest error at rated value, read here as about two
standard deviations of the whole chain (instrument transformer, transducer, conversion).
"""

from dataclasses import dataclass

from grid_models.telemetry.quantities import Quantity


@dataclass(frozen=True)
class Accuracy:
    """`sigma_share`, `dead_band_share`: of full scale (angles: degree, full scale 1)."""

    sigma_share: float
    dead_band_share: float


_POWER = Accuracy(0.003, 0.001)  # class 0.5 chain (IEC 61869-2/-3 class 0.5 transformers, IEC 60688 transducer): 0.6 % at two sigma
_VOLTAGE = Accuracy(
    0.002, 0.0005
)  # class 0.5 transformer of IEC 61869-3, 0.4 % at two sigma; a finer dead band, since voltages move little
_CURRENT = Accuracy(0.003, 0.001)  # class 0.5 chain
_AVAILABLE = Accuracy(0.01, 0.001)  # what a park could generate is computed from wind or sun at the site, not metered
PMU_MAGNITUDE = Accuracy(0.0005, 0.0)  # a tenth of the 1 % total vector error that IEC/IEEE 60255-118-1 allows, at two sigma
# Class 0.2 transformers may turn a voltage by 10', a small current by 30' (IEC 61869-3, -2): at two sigma 0.08° and 0.25°.
PMU_VOLTAGE_ANGLE = Accuracy(0.08, 0.0)
PMU_CURRENT_ANGLE = Accuracy(0.25, 0.0)

EXACT = Accuracy(0.0, 0.0)  # positions and echoes: right or wrong, not nearly right

_ANGLES = {
    Quantity.V_ANGLE: PMU_VOLTAGE_ANGLE,
    Quantity.I_ANGLE_FROM: PMU_CURRENT_ANGLE,
    Quantity.I_ANGLE_TO: PMU_CURRENT_ANGLE,
}
_SCADA = {
    Quantity.V: _VOLTAGE,
    Quantity.I_FROM: _CURRENT,
    Quantity.I_TO: _CURRENT,
    Quantity.P_AVAILABLE: _AVAILABLE,
}


def accuracy_of(quantity: Quantity, is_pmu: bool) -> Accuracy:
    """Accuracy of one meter."""
    if not quantity.is_analogue:
        return EXACT
    if quantity in _ANGLES:
        return _ANGLES[quantity]
    return PMU_MAGNITUDE if is_pmu else _SCADA.get(quantity, _POWER)
