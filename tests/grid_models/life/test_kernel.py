"""The compiled equations against the library behind `heating/iec.py`, and many paths against one."""

from dataclasses import replace

import numpy as np
import pytest

from grid_models.heating.ageing import Paper
from grid_models.heating.iec import hot_spot
from grid_models.heating.iec_parameters import IecParameters, iec_parameters
from grid_models.heating.series import ThermalStart
from grid_models.life.constants import Limits, constants
from grid_models.life.heated import steady
from grid_models.life.kernel import many_paths, one_path
from grid_models.life.kernel_columns import FIRST, LIFE, PEAK_HOT, PEAK_OIL
from grid_models.twin.model import FloatArray

STEP = 15.0
CLASSES = [
    iec_parameters("ONAN", "distribution"),
    *(iec_parameters(cooling, "large") for cooling in ("ONAN", "ONAF", "OF", "OD")),
    iec_parameters("ONAF", "large", restricted_flow=True),
    replace(iec_parameters("ONAN", "large"), rated_share=0.6, indoor_rise_k=6.0, loss_ratio=2.2),
]
NAMES = ["distribution", "ONAN", "ONAF", "OF", "OD", "restricted", "fans lost, indoors"]


def weeks(days: int, seed: int = 3) -> tuple[FloatArray, FloatArray]:
    """Loads that jump about between 0 and 1.6 pu, and a daily ambient."""
    rng, steps = np.random.default_rng(seed), days * 96
    load = np.repeat(rng.uniform(0.0, 1.6, steps // 8), 8) * rng.uniform(0.9, 1.1, steps)
    return load, 15.0 + 10.0 * np.sin(np.arange(steps) * 2 * np.pi / 96)


def days_alike(days: int) -> tuple[FloatArray, FloatArray]:
    """Loads between 0.5 and 1.3 pu that follow the clock and jump by some per cent every hour."""
    day = np.sin(np.arange(days * 96) * 2 * np.pi / 96)
    return 0.9 + 0.35 * day + np.repeat(np.random.default_rng(2).normal(0.0, 0.05, days * 24), 4), 15.0 + 8.0 * day


def ours(load: FloatArray, ambient: FloatArray, params: IecParameters) -> tuple[FloatArray, FloatArray, FloatArray]:
    table = constants(params, Limits(105.0, 120.0))
    start = steady(load[:1], float(ambient[0]), table[None, :])[0]
    oil, hot, life = (np.empty_like(load) for _ in range(3))
    one_path(load, ambient, STEP, table, start, oil, hot, life)
    return oil, hot, life


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("params", CLASSES, ids=NAMES)
def test_one_path_is_the_library(params: IecParameters, paper: Paper) -> None:
    """Temperatures within a millionth of a kelvin for every class; the life that a fortnight costs within 2 %, 3 % where load jumps."""
    params = replace(params, paper=paper)
    for (load, ambient), tolerance in ((days_alike(14), 0.02), (weeks(14), 0.03)):
        oil, hot, life = ours(load, ambient, params)
        library = hot_spot(load, ambient, STEP, params)
        assert np.abs(oil - library.top_oil_celsius).max() < 1e-6
        assert np.abs(hot - library.hot_spot_celsius).max() < 1e-6
        assert life[-1] == pytest.approx(library.loss_of_life_min[-1], rel=tolerance)


def test_it_goes_on_where_it_stopped() -> None:
    """Two halves, the second from the first one's end, are the whole."""
    load, ambient = weeks(4)
    table = constants(CLASSES[2], Limits(105.0, 120.0))
    start, whole = steady(load[:1], float(ambient[0]), table[None, :])[0], ours(load, ambient, CLASSES[2])
    halves = []
    for part in (slice(0, 192), slice(192, 384)):
        oil, hot, life = (np.empty(192) for _ in range(3))
        one_path(load[part], ambient[part], STEP, table, start, oil, hot, life)
        halves.append((oil, hot, life))
    assert np.concatenate([halves[0][1], halves[1][1]]) == pytest.approx(whole[1], abs=1e-12)
    assert halves[0][2][-1] + halves[1][2][-1] == pytest.approx(whole[2][-1], rel=1e-12)


def test_steady_is_where_a_constant_load_stays() -> None:
    """The start that is called steady does not move under its load, and is the library's."""
    load, ambient = np.full(96, 0.9), np.full(96, 12.0)
    for params in CLASSES:
        oil, hot, _ = ours(load, ambient, params)
        assert np.ptp(oil) < 1e-9
        assert np.ptp(hot) < 1e-9
        library = hot_spot(load, ambient, STEP, params)
        assert hot[-1] == pytest.approx(library.hot_spot_celsius[-1], abs=1e-6)


@pytest.mark.parametrize("params", CLASSES, ids=NAMES)
def test_many_paths_without_chance_is_one_path(params: IecParameters) -> None:
    """With factors 1, no anomaly, no growth and one course, ten days of every path are those of `one_path` within 1e-9."""
    load, ambient = weeks(10)
    load[672:] = np.tile(load[:672], 2)[: len(load) - 672]  # a later week is the first again
    table = constants(params, Limits(60.0, 90.0))
    start = steady(load[:1], float(ambient[0]), table[None, :])[0]
    turned = load * np.exp(1j * np.linspace(0, 6, len(load)))  # the angle of a load heats nothing
    weeks_load = np.ascontiguousarray(turned[None, :672])
    again = np.ascontiguousarray(np.concatenate([turned[672:], turned[: 1344 - len(load)]])[None, :672])
    watched = np.array([0, 100, 700, len(load) - 1])
    results, seen = np.empty((3, 4)), np.empty((4, 3))
    days = len(load) // 96
    many_paths(
        weeks_load,
        again,
        weeks_load,
        again,
        np.zeros((3, days), dtype=np.int64),
        np.zeros(3),
        ambient,
        np.zeros((3, days + 1)),
        np.ones((3, 3)),
        STEP,
        table,
        start.copy(),
        watched,
        results,
        seen,
    )
    first = start[0] + start[1] - start[2]
    oil, hot, life = ours(load, ambient, params)
    beyond = np.flatnonzero((oil > 60.0) | (hot > 90.0))
    assert results[:, PEAK_OIL] == pytest.approx(max(oil.max(), start[0]), abs=1e-9)
    assert results[:, PEAK_HOT] == pytest.approx(max(hot.max(), first), abs=1e-9)
    assert results[:, LIFE] == pytest.approx(life[-1], rel=1e-9)
    assert results[:, FIRST] == pytest.approx(0 if start[0] > 60.0 or first > 90.0 else beyond[0] + 1 if len(beyond) else -1)
    assert seen == pytest.approx(np.repeat(hot[watched][:, None], 3, axis=1), abs=1e-9)


def test_a_start_of_the_library_can_be_told() -> None:
    """The two parts of the gradient in `start` are those of the library's one."""
    params, load, ambient = CLASSES[2], np.full(8, 0.2), np.full(8, 20.0)
    table = constants(params, Limits(105.0, 120.0))
    gradient = 10.0
    start = np.array([60.0, params.k21 * gradient, (params.k21 - 1.0) * gradient])
    oil, hot, life = (np.empty(8) for _ in range(3))
    one_path(load, ambient, STEP, table, start, oil, hot, life)
    library = hot_spot(load, ambient, STEP, params, ThermalStart(60.0, gradient))
    assert hot == pytest.approx(library.hot_spot_celsius, abs=1e-6)
