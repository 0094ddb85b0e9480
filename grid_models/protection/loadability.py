"""May a load look like a fault to a distance relay? NERC PRC-023-6 R1, criterion 1, and whether an apparent impedance lies in a zone.

Impedances are primary, positive-sequence ohm seen into the branch; a mho zone is the circle through the origin whose diameter is the reach
at the maximum torque angle. Arguments broadcast.
"""

from math import radians, sqrt

import numpy as np
from numpy.typing import ArrayLike

from grid_models.twin.model import BoolArray, ComplexArray, FloatArray

# PRC-023-6 R1 criterion 1: not below 150 % of the highest seasonal rating, at 0.85 pu voltage and a power factor angle of 30°.
REQUIRED_PU, VOLTAGE_PU, ANGLE_DEGREE = 1.5, 0.85, 30.0


def apparent_ohm(voltage_kv: ArrayLike, p_mw: ArrayLike, q_mvar: ArrayLike) -> ComplexArray:
    """Impedance that a relay sees: V²/(P − jQ), of the voltage between phases and the power flowing into the branch.

    Infinite where nothing flows.
    """
    power = np.asarray(p_mw, dtype=np.float64) - 1j * np.asarray(q_mvar, dtype=np.float64)
    flows = power != 0.0
    return np.where(flows, np.square(voltage_kv) / np.where(flows, power, 1.0), complex(np.inf, 0.0))


def load_ohm(rating_ka: ArrayLike, nominal_kv: ArrayLike, loading_pu: ArrayLike = REQUIRED_PU) -> FloatArray:
    """Magnitude of the load impedance at loading_pu times the rating and 0.85 pu voltage."""
    return np.asarray(VOLTAGE_PU * np.asarray(nominal_kv) / (sqrt(3.0) * np.asarray(loading_pu) * np.asarray(rating_ka)))


def largest_reach_ohm(
    rating_ka: ArrayLike, nominal_kv: ArrayLike, torque_angle_degree: ArrayLike, loading_pu: ArrayLike = REQUIRED_PU
) -> FloatArray:
    """The longest reach of a mho zone that just bears loading_pu times the rating; NaN without a rating.

    >>> round(float(largest_reach_ohm(1.0, 230.0, 85.0)), 1)
    131.2
    """
    return np.asarray(load_ohm(rating_ka, nominal_kv, loading_pu) / np.cos(np.radians(np.asarray(torque_angle_degree) - ANGLE_DEGREE)))


def bears_pu(reach_ohm: ArrayLike, torque_angle_degree: ArrayLike, rating_ka: ArrayLike, nominal_kv: ArrayLike) -> FloatArray:
    """How many times the rating a zone bears at 0.85 pu and 30° before it trips; PRC-023 asks for 1.5."""
    at_load = np.asarray(reach_ohm) * np.cos(np.radians(np.asarray(torque_angle_degree) - ANGLE_DEGREE))
    return np.asarray(load_ohm(rating_ka, nominal_kv, 1.0) / at_load)


def meets_criterion_1(reach_ohm: ArrayLike, torque_angle_degree: ArrayLike, rating_ka: ArrayLike, nominal_kv: ArrayLike) -> BoolArray:
    """Does the zone bear 150 % of the rating? A reach set to the last digit at the limit does; False without a rating."""
    return np.asarray(bears_pu(reach_ohm, torque_angle_degree, rating_ka, nominal_kv) >= REQUIRED_PU * (1.0 - 1e-9))


def reached_pu(apparent: ComplexArray, reach_ohm: ArrayLike, torque_angle_degree: ArrayLike) -> FloatArray:
    """How near apparent impedances come to a zone: 1 on its circle, more inside, 0 behind the relay and where nothing flows.

    NaN where the reach is (no relay) and where there is no voltage.
    """
    turned = np.radians(np.asarray(torque_angle_degree)) - np.angle(apparent)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.maximum(np.asarray(reach_ohm) * np.cos(turned) / np.abs(apparent), 0.0))


def inside_mho(apparent: ComplexArray, reach_ohm: ArrayLike, torque_angle_degree: ArrayLike, blinder_ohm: ArrayLike = np.inf) -> BoolArray:
    """Which apparent impedances lie in the zone: |Z| up to reach·cos(torque angle − angle of Z), forward only.

    blinder_ohm: loads of less resistance than that are let in; a resistive blinder parallel to the torque angle keeps the rest out.
    False where the reach is NaN (no relay).
    """
    torque = np.radians(np.asarray(torque_angle_degree, dtype=np.float64))
    turned = np.where(np.isfinite(apparent), apparent, 0.0) * np.exp(-1j * torque)  # along the torque angle, and across it
    circle = np.square(turned.real) + np.square(turned.imag) <= np.asarray(reach_ohm) * turned.real
    across = np.abs(turned.imag) <= np.asarray(blinder_ohm) * np.sin(np.maximum(torque, radians(1.0)))
    return np.asarray(circle & across & np.isfinite(apparent))
