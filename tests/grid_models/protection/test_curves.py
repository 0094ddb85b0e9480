"""Inverse-time curves against printed times."""

from math import inf, nan

import numpy as np
import pytest

from grid_models.protection.curves import CURVES, Curve, InvalidRelay, curve_time_s, operating_time_s, reset_time_s

_MULTIPLES = [1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]
_PRINTED = {  # GE L90 and C70 instruction manuals, tables of trip times; (curve, time multiplier): seconds at the multiples above
    (Curve.IEEE_EI, 1.0): [22.682, 9.522, 3.647, 2.002, 1.297, 0.927, 0.709, 0.569, 0.474, 0.407],
    (Curve.IEEE_VI, 1.0): [16.179, 7.028, 2.942, 1.798, 1.308, 1.051, 0.900, 0.802, 0.736, 0.689],
    (Curve.IEEE_MI, 1.0): [6.439, 3.803, 2.432, 1.946, 1.688, 1.526, 1.412, 1.327, 1.260, 1.207],
    (Curve.IEEE_EI, 10.0): [226.817, 95.217, 36.467, 20.017, 12.967, 9.274, 7.092, 5.693, 4.742, 4.065],
    (Curve.IEC_SI, 0.1): [1.719, 1.003, 0.630, 0.498, 0.428, 0.384, 0.353, 0.330, 0.312, 0.297],
}
_INVERSE = [curve for curve in Curve if CURVES[curve].k_s > 0]


@pytest.mark.parametrize(("curve", "multiplier"), _PRINTED)
def test_printed_times(curve: Curve, multiplier: float) -> None:
    """Every time of the manufacturer's tables comes out to the last printed digit."""
    assert curve_time_s(curve, _MULTIPLES, multiplier) == pytest.approx(_PRINTED[curve, multiplier], abs=1.01e-3)


@pytest.mark.parametrize(
    ("curve", "multiple", "seconds"),
    [(Curve.IEC_SI, 2, 10.03), (Curve.IEC_SI, 10, 2.97), (Curve.IEC_VI, 2, 13.5), (Curve.IEC_EI, 2, 26.67), (Curve.IEC_LTI, 2, 120.0)],
)
def test_iec_times(curve: Curve, multiple: float, seconds: float) -> None:
    """The usual check values of IEC 60255-151 at a time multiplier of 1."""
    assert float(curve_time_s(curve, multiple)) == pytest.approx(seconds, abs=0.005)


@pytest.mark.parametrize("curve", Curve)
def test_nothing_trips_at_its_pickup(curve: Curve) -> None:
    """Up to and at the pickup, and without a rating, the time is infinite."""
    assert curve_time_s(curve, [0.0, 0.5, 1.0, nan]).tolist() == [inf] * 4


@pytest.mark.parametrize("curve", _INVERSE)
def test_more_current_is_faster(curve: Curve) -> None:
    """Times fall strictly with the current up to 20 times the pickup and stay constant beyond."""
    times = curve_time_s(curve, np.linspace(1.001, 20.0, 500))
    assert np.all(np.diff(times) < 0)
    assert curve_time_s(curve, [20.0, 25.0, 1e6]).tolist() == [times[-1]] * 3


def test_definite_time_and_instant() -> None:
    """A definite-time relay trips after its delay whatever the current, an instantaneous one at once."""
    assert curve_time_s(Curve.DEFINITE, [1.01, 50.0], 0.7) == pytest.approx([0.7, 0.7])
    assert curve_time_s(Curve.INSTANT, [1.01, 50.0], 0.7).tolist() == [0.0, 0.0]


def test_relays_of_several_curves_at_once() -> None:
    """Arrays of constants give each relay its own curve's time."""
    curves = list(Curve)
    found = [CURVES[curve] for curve in curves]
    columns = ([c.k_s for c in found], [c.exponent for c in found], [c.constant_s for c in found])
    together = operating_time_s(3.0, 0.5, *columns)
    assert together.tolist() == [float(curve_time_s(curve, 3.0, 0.5)) for curve in curves]


def test_reset_is_slowest_near_the_pickup() -> None:
    """Without current the reset takes TM·t_r, near the pickup ever longer, above it for ever; 0 is at once."""
    assert reset_time_s([0.0, 0.5, 0.99, 1.0, 2.0], 2.0, 29.1) == pytest.approx([58.2, 77.6, 2924.6, inf, inf], rel=1e-4)
    assert reset_time_s([0.0, 0.99], 2.0, 0.0).tolist() == [0.0, 0.0]


def test_a_multiplier_must_be_a_number() -> None:
    """A negative or missing time multiplier is refused with what would work."""
    with pytest.raises(InvalidRelay, match="0 or more"):
        curve_time_s(Curve.IEC_SI, 2.0, [1.0, -0.1])
