"""The reduced model of Anderson and Mirheydar, solved exactly and integrated."""

import numpy as np
import pytest

from grid_models.dynamics.linear import LinearModel
from grid_models.dynamics.measures import nadir, rocof_at_once, rocof_over, settling_hz
from grid_models.dynamics.refused import NotCalculable
from grid_models.dynamics.response import Governor
from grid_models.dynamics.system import FrequencySystem, Loss, damping_of
from grid_models.dynamics.trajectory import trajectory_of

BASE_MW = 10_000.0
REFERENCE = FrequencySystem(50.0, 4.0 * BASE_MW / 1000.0, BASE_MW, damping_of(1.0, 50.0), (Governor().group(BASE_MW, 50.0),))


def test_the_reference_set() -> None:
    """wn, zeta, wr, alpha and the time of the nadir as worked out from the published parameters (worked-examples, sfr)."""
    model = LinearModel()
    found = (model.natural_rad_per_s, model.damping_ratio, model.damped_rad_per_s, model.amplitude, model.nadir_s)
    assert found == pytest.approx((0.55902, 0.86089, 0.28443, 7.16772, 2.36883), abs=6e-6)


@pytest.mark.parametrize(
    ("step", "nadir_pu", "steady", "at_60", "at_50"),
    [(-0.1, -0.01083, -0.005, 59.350, 49.458), (-0.2, -0.02166, -0.010, 58.700, 48.917), (-0.3, -0.03250, -0.015, 58.050, 48.375)],
)
def test_nadirs_of_three_steps(step: float, nadir_pu: float, steady: float, at_60: float, at_50: float) -> None:
    """Against the same file, closed form and integrated course."""
    model = LinearModel()
    assert model.nadir_pu(step) == pytest.approx(nadir_pu, abs=6e-6)
    assert model.steady_pu(step) == pytest.approx(steady)
    assert (60 * (1 + model.nadir_pu(step)), 50 * (1 + model.nadir_pu(step))) == pytest.approx((at_60, at_50), abs=6e-4)
    course = trajectory_of(REFERENCE, [Loss(0.0, -step * BASE_MW)])
    assert nadir(course).frequency_hz == pytest.approx(at_50, abs=6e-4)
    assert nadir(course).at_s == pytest.approx(2.36883, abs=5e-5)
    assert settling_hz(course) == pytest.approx(50 * (1 + steady), abs=1e-8)


def test_the_course_is_the_closed_form() -> None:
    """At every row of a minute, to 1e-9 Hz."""
    course = trajectory_of(REFERENCE, [Loss(0.0, 1000.0)])
    exact = [50.0 * LinearModel().deviation_pu(-0.1, t) for t in course.time_s]
    assert np.abs(course.deviation_hz - exact).max() < 1e-9


def test_rate_at_once_of_an_irish_loss() -> None:
    """450 MW of 19,000 MVA·s at 50 Hz: 0.592 Hz/s, the published figure; over 500 ms it is a little less."""
    course = trajectory_of(FrequencySystem(50.0, 19.0, 4750.0, 2.0), [Loss(0.0, 450.0)])
    assert rocof_at_once(course) == pytest.approx(0.592, abs=5e-4)
    assert 0.95 * 0.592 < rocof_over(course, 0.5) < 0.592


@pytest.mark.parametrize(
    "bad", [{"droop_pu": 0.0}, {"inertia_s": -1.0}, {"damping_pu": float("nan")}, {"reheat_fraction": 1.0, "gain": 20}]
)
def test_no_model_is_refused(bad: dict[str, float]) -> None:
    """Zero droop, negative inertia, no number, and an answer that does not swing, for which the closed form does not hold."""
    with pytest.raises(NotCalculable, match="work"):
        LinearModel(**bad)
