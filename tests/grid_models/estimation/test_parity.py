"""Two independent solvers on the same measurements, clean and noisy: pandapower's WLS and power-grid-model's Newton-Raphson estimation."""

import importlib.util
from collections.abc import Callable

import numpy as np
import pytest

from evals.bench.full_measurements import full_measurements, noisy
from evals.bench.peer_pandapower_estimation import PandapowerEstimation
from grid_models.estimation.estimate import estimate
from grid_models.steady.solution import Solution
from grid_models.telemetry.measurement_set import MeasurementSet

pytestmark = pytest.mark.slow
GRIDS = ("case9", "case14", "case30", "case39", "case57", "case118")


def sets(solution: Solution, seed: int | None) -> MeasurementSet:
    full = full_measurements(solution)
    return full if seed is None else noisy(full, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", [None, 1, 2], ids=["clean", "noise 1", "noise 2"])
@pytest.mark.parametrize("name", GRIDS)
def test_pandapower_finds_the_same_state(solution_of: Callable[[str], Solution], name: str, seed: int | None) -> None:
    """Magnitudes within 1e-6 pu and angles within 1e-4 degree, without zero injections on either side."""
    solution = solution_of(name)
    measurements = sets(solution, seed)
    ours, theirs = estimate(solution.model, measurements), PandapowerEstimation(solution, measurements)
    theirs.run()
    np.testing.assert_allclose(ours.vm_pu, theirs.vm_pu, atol=1e-6, rtol=0)
    np.testing.assert_allclose(ours.va_degree, theirs.va_degree, atol=1e-4, rtol=0)


@pytest.mark.skipif(importlib.util.find_spec("power_grid_model") is None, reason="comes with the extra `bench`")
@pytest.mark.parametrize("seed", [None, 1], ids=["clean", "noise"])
@pytest.mark.parametrize("name", GRIDS)
def test_power_grid_model_finds_the_same_state(solution_of: Callable[[str], Solution], name: str, seed: int | None) -> None:
    """Magnitudes within 1e-6 pu by its Newton-Raphson method; its linear method minimises something else where there is noise."""
    from evals.bench.peer_power_grid_model_estimation import PowerGridModelEstimation

    solution = solution_of(name)
    measurements = sets(solution, seed)
    theirs = PowerGridModelEstimation(solution, measurements, "newton_raphson").vm_pu()
    np.testing.assert_allclose(estimate(solution.model, measurements).vm_pu, theirs, atol=1e-6, rtol=0)
