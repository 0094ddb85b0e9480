"""What a look ahead may know, and how the days beyond the forecast repeat it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grid_models.forecast import OutsideForecast
from grid_models.forecasting.recent_level import WEATHER
from grid_models.life.ahead import WEEK, Ahead, ahead_of, past_values
from grid_models.life.heated import heated
from grid_models.life.kernel_columns import LIFE, PEAK_HOT
from grid_models.life.outlook import Outlook
from grid_models.life.paths import simulate
from grid_models.twin.profiles import Grid

Look = Callable[..., Outlook]
STEP = 9000  # April, with half a year of history missing: the cheaper half


@pytest.fixture(scope="module")
def ahead(default_grid: Grid) -> Ahead:
    return ahead_of(default_grid, default_grid.plant_time(STEP), 720.0)


def test_nothing_after_plant_time_is_used(look: Look, default_grid: Grid) -> None:
    """With every later value replaced by another, temperatures and paths are the same to the last bit."""
    profiles = default_grid.profiles
    assert profiles is not None
    shape = profiles.shape.copy()
    shape[:, STEP:] = np.random.default_rng(0).random((len(shape), profiles.steps - STEP))
    other = replace(default_grid, profiles=replace(profiles, shape=shape))
    state = default_grid.state_at(STEP)
    one, two = (look(STEP, grid=grid, before=state, state=lambda s: state) for grid in (default_grid, other))
    assert np.array_equal(one.start, two.start)
    assert np.array_equal(one.ahead.expected, two.ahead.expected)
    assert np.array_equal(one.ahead.errors.courses, two.ahead.errors.courses)
    assert np.array_equal(one.loads(one.ahead.expected), two.loads(two.ahead.expected))
    assert np.array_equal(simulate(one, 50).results, simulate(two, 50).results)
    assert np.array_equal(past_values(default_grid, state.plant_time, 366), past_values(other, state.plant_time, 366))


def test_the_day_before_is_used(look: Look, default_grid: Grid) -> None:
    """Another last day before plant time gives other present temperatures: the test above can fail."""
    profiles = default_grid.profiles
    assert profiles is not None
    shape = profiles.shape.copy()
    shape[:, STEP - 96 : STEP] *= 0.5
    state = default_grid.state_at(STEP)
    other = look(STEP, grid=replace(default_grid, profiles=replace(profiles, shape=shape)), before=state, state=lambda s: state)
    assert np.abs(other.start - look(STEP, before=state, state=lambda s: state).start).max() > 0.1


def test_weeks_repeat_by_weekday(ahead: Ahead) -> None:
    """From the third week on every value is that of a week before; the second has nothing left of the present departure."""
    assert ahead.expected.shape[1] == 30 * 96
    assert np.array_equal(ahead.expected[:, 2 * WEEK :], ahead.expected[:, WEEK:-WEEK])
    wind = [i for i, kind in enumerate(ahead.rows.kinds) if kind == "wind"]
    now, later = ahead.expected[wind, 0].mean(), ahead.expected[wind, WEEK].mean()
    assert now > later + 0.2  # the demo start is windy
    without = replace(ahead, errors=replace(ahead.errors, courses=np.zeros_like(ahead.errors.courses)))
    assert without.on_path(np.zeros(30, dtype=np.int64)) == pytest.approx(ahead.expected, abs=1e-12)


def test_wind_and_pv_stay_within_what_is_installed(ahead: Ahead) -> None:
    """On no course a park blows backwards or above its installed power; some course would without the bound."""
    weather = np.flatnonzero([k in WEATHER for k in ahead.rows.kinds])
    for course in range(ahead.courses):
        both = np.concatenate([ahead.first(course)[weather], ahead.later(course)[weather]])
        assert both.min() >= 0.0
        assert both.max() <= 1.0
    assert min((ahead._week + c)[weather].min() for c in ahead.errors.courses) < 0.0


def test_a_path_follows_its_course(look: Look) -> None:
    """The kernel's peak, life and watched hot-spots of a path are those of its load rebuilt here, step by step."""
    outlook = look(hours=24.0 * 12.5)
    paths = simulate(outlook, 40, seed=3)
    steps, p = np.arange(outlook.ahead.steps), 7
    parts = outlook.load_map.of_parts(outlook.ahead.on_path(paths.course[p]))
    day, within = steps // 96, steps % 96 / 96.0
    warmer = paths.anomaly[p, day] + (paths.anomaly[p, day + 1] - paths.anomaly[p, day]) * within
    for u in range(len(outlook.cases)):
        demand = parts[0, u] * (1.0 + (paths.growth[p] + outlook.growth[u]) * steps)
        load = np.abs(outlook.load_map.offset[u] + demand + parts[1, u] + parts[2, u])
        rise, gradient, tau = paths.factors[u, p]
        table = outlook.constants[u].copy()
        table[:3] *= rise, gradient, tau
        around, start = outlook.ambient.celsius[0] + table[11], outlook.start[u]
        begin = np.array([[around + paths.anomaly[p, 0] + (start[0] - around) * rise, start[1] * gradient, start[2] * gradient]])
        first = begin[0, 0] + begin[0, 1] - begin[0, 2]
        found = heated(load[None, :], outlook.ambient.celsius + warmer, table[None, :], begin)
        assert paths.results[u, p, PEAK_HOT] == pytest.approx(max(found.hot_spot_celsius.max(), first), abs=1e-9)
        assert paths.results[u, p, LIFE] == pytest.approx(found.life_min[0, -1], rel=1e-9)
        assert paths.hot_spot[u, :, p] == pytest.approx(found.hot_spot_celsius[0, paths.watched], abs=1e-9)


@pytest.mark.parametrize(("at", "measured"), [(1, False), (200, False), (96 * 40, True)])
def test_the_first_days_of_the_year(look: Look, at: int, measured: bool) -> None:
    """With little history the errors are drawn and said to be; temperatures are numbers all the same."""
    outlook = look(at, hours=48.0)
    assert outlook.ahead.errors.measured is measured
    paths = simulate(outlook, 50)
    assert np.isfinite(paths.results).all()
    assert paths.results[:, :, PEAK_HOT].max() < 150.0


def test_before_anything_is_known(look: Look) -> None:
    """At the very first moment nothing is known, and that is what is said, not that the power flow diverges."""
    with pytest.raises(OutsideForecast, match="Nothing is known of"):
        look(0)


def test_a_second_year(look: Look, default_grid: Grid) -> None:
    """A plant that runs on finds the year again, with the first one as its history."""
    profiles = default_grid.profiles
    assert profiles is not None
    late = default_grid.state_at(0).with_arrays(plant_time=profiles.time_of(profiles.steps + 700))
    outlook = look(grid=default_grid, before=late, state=lambda s: late, hours=24.0)
    assert outlook.ahead.errors.measured
    assert np.isfinite(outlook.temperatures(outlook.loads(outlook.ahead.expected)).life_min).all()
    known = past_values(default_grid, late.plant_time, 10)[: len(profiles.shape)]
    assert np.array_equal(known, np.concatenate([profiles.shape[:, -260:], profiles.shape[:, :700]], axis=1))


def test_a_grid_without_profiles_stays_as_it_is(case39: Grid) -> None:
    """Everything is expected to stay, on one course without an error that nobody has seen."""
    ahead = ahead_of(case39, case39.plant_time(), 200.0)
    assert (ahead.expected == 1.0).all()
    assert not ahead.errors.measured
    assert np.array_equal(past_values(case39, case39.plant_time(), 3), np.ones((4, 288)))
    assert ahead.courses == 1
    assert (ahead.first(0) == 1.0).all()
