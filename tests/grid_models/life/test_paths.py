"""The Monte-Carlo: repeatable, right where the answer is known, and honest against what really came."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grid_models.life import paths as module
from grid_models.life.course import course_of, on_course
from grid_models.life.first_limit import first_limits, interval
from grid_models.life.heated import heated
from grid_models.life.kernel_columns import LIMIT_HOT, PEAK_HOT
from grid_models.life.outlook import Outlook, outlook_of
from grid_models.life.paths import Paths, simulate
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid

Look = Callable[..., Outlook]


def nominal(rng: np.random.Generator, paths: int, measured: bool) -> FloatArray:
    return np.ones((paths, 3))


def quiet(outlook: Outlook) -> Outlook:
    """Without errors of forecasts and without growth."""
    errors = replace(outlook.ahead.errors, courses=np.zeros_like(outlook.ahead.errors.courses))
    return replace(outlook, ahead=replace(outlook.ahead, errors=errors), growth=np.zeros_like(outlook.growth))


def test_the_seed_decides(ahead_now: Outlook) -> None:
    """The same seed gives the same paths to the last bit, another seed others."""
    one, same, other = (simulate(ahead_now, 60, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one.results, same.results)
    assert np.array_equal(one.hot_spot, same.hot_spot)
    assert not np.array_equal(one.results, other.results)


def test_a_transformer_has_its_own_luck(look: Look, ahead_now: Outlook) -> None:
    """Asked about alone it gets the paths that it gets among all: two answers about one transformer never differ."""
    every = look(hours=48.0)
    alone = outlook_of(every.assumptions, [every.cases[3]])
    among, apart = simulate(every, 60, seed=2), simulate(alone, 60, seed=2)
    assert np.array_equal(among.factors[3], apart.factors[0])
    assert among.results[3] == pytest.approx(apart.results[0], rel=1e-9)


def test_without_chance_every_path_is_the_expected_course(ahead_now: Outlook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over 30 days, to 1e-9 K, the second week and later included."""
    monkeypatch.setattr(module, "factors", nominal)
    monkeypatch.setattr(module, "GROWTH_SIGMA", 0.0)
    calm = quiet(replace(ahead_now, ambient=replace(ahead_now.ambient, sigma_k=0.0)))
    paths = simulate(calm, 4)
    expected = calm.temperatures(calm.loads(calm.ahead.expected))
    for p in range(4):
        assert paths.hot_spot[:, :, p] == pytest.approx(expected.hot_spot_celsius[:, paths.watched], abs=1e-9)


@pytest.mark.slow
def test_ambient_alone_spreads_as_computed_directly(ahead_now: Outlook, monkeypatch: pytest.MonkeyPatch) -> None:
    """With only the weather unknown the 90 % band is that of a first-order filter of warm and cold days, simulated apart."""
    monkeypatch.setattr(module, "factors", nominal)
    monkeypatch.setattr(module, "GROWTH_SIGMA", 0.0)
    calm = quiet(ahead_now)
    paths = simulate(calm, 3000, seed=1)
    rng, share = np.random.default_rng(99), calm.ambient.day_to_day
    day = rng.standard_normal((3000, 31))
    for d in range(1, 31):
        day[:, d] = share * day[:, d - 1] + np.sqrt(1 - share**2) * day[:, d]
    day *= calm.ambient.sigma_k
    u, tau = 2, calm.constants[2, 2] * calm.constants[2, 7]
    at = np.arange(2880)
    ambient = day[:, at // 96] * (1 - at % 96 / 96) + day[:, at // 96 + 1] * (at % 96 / 96)
    oil, seen = day[:, 0].copy(), []
    for i in at:
        oil += (ambient[:, i] - oil) * (1 - np.exp(-15.0 / tau))
        seen.append(oil.copy())
    direct = np.quantile(np.array(seen)[paths.watched], (0.05, 0.95), axis=1)
    expected = calm.temperatures(calm.loads(calm.ahead.expected)).hot_spot_celsius[u, paths.watched]
    ours = np.quantile(paths.hot_spot[u], (0.05, 0.95), axis=1) - expected
    assert np.diff(ours, axis=0).mean() == pytest.approx(np.diff(direct, axis=0).mean(), rel=0.03)
    assert np.abs(ours - direct).max() < 1.0


def test_unknown_constants_widen_the_band(ahead_now: Outlook) -> None:
    """A transformer with a heat-run test has a narrower band from its constants than one of which only the class is known."""
    paths = simulate(ahead_now, 800)
    tested, assumed = (paths.factors[u].std(axis=0) for u in (2, 3))
    assert ahead_now.cases[2].record is not None
    assert ahead_now.cases[2].record.top_oil_rise_k is not None
    assert (tested < 0.6 * assumed).all()
    assert paths.factors.min() >= 0.5


@pytest.mark.slow
def test_what_came_lies_in_the_band(look: Look, default_grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    """At twelve plant times of the year the hot-spots that really came lie in the 90 % band of their paths for 75 to 100 % of moments."""
    monkeypatch.setattr(module, "factors", nominal)
    monkeypatch.setattr(module, "GROWTH_SIGMA", 0.0)
    profiles, shares, below, above = default_grid.profiles, [], [], []
    assert profiles is not None
    for at in np.linspace(4000, 32000, 12).astype(int):
        outlook = look(int(at), hours=720.0)
        outlook = replace(outlook, ambient=replace(outlook.ambient, sigma_k=0.0), growth=np.zeros_like(outlook.growth))
        paths = simulate(outlook, seed=1)
        points = profiles.shape[:, (at + np.arange(2881)) % profiles.steps]
        came = np.concatenate([(points[:, :-1] + points[:, 1:]) / 2, np.ones((4, 2880))])
        load = np.abs(outlook.load_map.loads(came))
        hot = heated(load, outlook.ambient.celsius, outlook.constants, outlook.start.copy()).hot_spot_celsius[:, paths.watched]
        low, high = np.quantile(paths.hot_spot, (0.05, 0.95), axis=2)
        shares.append(float(((hot >= low) & (hot <= high)).mean()))
        below.append(float((hot < low).mean()))
        above.append(float((hot > high).mean()))
    print(f"in the band {np.mean(shares):.3f}, below {np.mean(below):.3f}, above {np.mean(above):.3f}; least {min(shares):.2f}")
    assert 0.75 <= np.mean(shares) <= 1.0
    assert min(shares) > 0.5


def made_up(first: list[list[float]]) -> Paths:
    """Paths of which only the first crossing matters, -1: never."""
    table = np.zeros((len(first), len(first[0]), 4))
    table[:, :, 2] = first
    empty = np.zeros(0)
    return Paths(table, np.zeros(0, dtype=np.int64), empty, np.zeros((len(first[0]), 1), dtype=np.int64), empty, empty, empty)


def test_paths_that_never_cross_are_no_days() -> None:
    """Where fewer than 5, 50 or 95 % of the paths cross, those days are None and the probability says how many do."""
    never, some, most = first_limits(made_up([[-1.0] * 100, [96.0] * 30 + [-1.0] * 70, [0.0] * 60 + [960.0] * 36 + [-1.0] * 4]))
    assert (never.probability, never.low_days, never.median_days, never.high_days) == (0.0, None, None, None)
    assert (some.probability, some.low_days, some.median_days, some.high_days) == (0.3, 1.0, None, None)
    assert (most.probability, most.low_days, most.median_days, most.high_days) == (0.96, 0.0, 0.0, 10.0)


def test_leads_share_out_the_paths_that_cross() -> None:
    """Who is first is counted once a path; two in the same step share it; a path without a crossing has no leader."""
    found = first_limits(made_up([[5.0, 9.0, -1.0, 7.0], [5.0, 3.0, -1.0, -1.0], [-1.0, 4.0, -1.0, -1.0]]))
    assert [f.leads for f in found] == pytest.approx([0.5 / 4 + 1 / 4, 0.5 / 4 + 1 / 4, 0.0])
    assert sum(f.leads for f in found) == pytest.approx(3 / 4)


def test_leads_of_a_real_look_ahead(ahead_now: Outlook) -> None:
    """With limits that about half of the paths cross, the leads add up to the share in which anything crosses."""
    peaks = simulate(ahead_now, 300).results[:, :, PEAK_HOT]
    table = ahead_now.constants.copy()
    table[:, LIMIT_HOT] = np.median(peaks, axis=1)
    paths = simulate(replace(ahead_now, constants=table), 300)
    found = first_limits(paths)
    assert [f.probability for f in found] == pytest.approx([0.5] * 6, abs=0.01)
    assert sum(f.leads for f in found) == pytest.approx(np.isfinite(paths.first_step).any(axis=0).mean())


def test_the_course_told_is_the_path_of_the_middle(ahead_now: Outlook) -> None:
    """Its peak is the median of the paths' peaks, and heating its course gives that peak again."""
    paths = simulate(ahead_now, 101)
    for u in (0, 3):
        course = course_of(ahead_now, u, paths)
        found = on_course(course, ahead_now.load_map, u)
        assert found.hot_spot_celsius.max() == pytest.approx(interval(paths.results[u, :, PEAK_HOT])[1], abs=1e-9)
