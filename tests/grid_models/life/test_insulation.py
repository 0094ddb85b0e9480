"""Insulation life: closed forms where there are any, and what is not claimed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grid_models.assets.book import AssetBook
from grid_models.assets.record import AssetRecord
from grid_models.heating.ageing import Paper, relative_ageing
from grid_models.life import yearly as module
from grid_models.life.ahead import STEP_MIN, past_begin, past_values
from grid_models.life.heated import heated, steady
from grid_models.life.insulation import insulation
from grid_models.life.outlook import Outlook
from grid_models.life.paper import PaperStrength, paper_strength
from grid_models.life.remaining import CAP_YEARS, at_level, remaining, used_since
from grid_models.life.yearly import LEVELS, yearly
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid

Look = Callable[..., Outlook]


def constant(rate: float, samples: int = 3) -> FloatArray:
    return np.full((len(LEVELS), samples), rate)


def power(exponent: float, rate: float = 0.01) -> FloatArray:
    """A rate that grows exponentially with the level, exact for log-linear interpolation."""
    return rate * np.exp(exponent * (LEVELS - 1.0))[:, None] * np.ones((1, 3))


def test_a_constant_rate() -> None:
    """Two per cent a year with half of the life left is 25 years, whatever load does."""
    found = remaining(constant(0.02), np.array([0.0, 0.02, -0.02]), np.full(3, 0.5))
    assert (found.used, found.low_years, found.median_years, found.high_years) == pytest.approx((0.5, 25.0, 25.0, 25.0))
    assert not found.capped
    assert used_since(constant(0.02), np.zeros(3), 12.3) == pytest.approx(12.3 * 0.02)


def test_growth_against_its_integral() -> None:
    """With load that grows by 2 % a year the years left and the years used are those of the integral of the rate."""
    rate, growth, used = power(3.0), np.full(3, 0.02), np.full(3, 0.3)
    fine = np.arange(0.0, 100.0, 0.001)
    gone = np.cumsum(0.01 * np.exp(3.0 * (1.02**fine - 1.0))) * 0.001
    assert remaining(rate, growth, used).median_years == pytest.approx(fine[np.searchsorted(gone, 0.7)], abs=0.01)
    back = np.arange(0.0, 20.0, 0.001)
    assert used_since(rate, growth, 20.0) == pytest.approx(np.sum(0.01 * np.exp(3.0 * (1.02**-back - 1.0))) * 0.001, rel=1e-3)


def test_years_used_come_back() -> None:
    """Who has used up the life of so many years at a constant load has as many fewer left."""
    rate, growth = power(2.0, 0.02), np.zeros(3)
    for years in (0.25, 7.0, 33.0, 49.9):
        assert remaining(rate, growth, used_since(rate, growth, years)).median_years == pytest.approx(50.0 - years)


def test_life_used_grows_with_service() -> None:
    """Each more year of service uses more, from nothing at none."""
    used = [used_since(power(3.0), np.array([0.03, 0.0, -0.03]), years) for years in (0.0, 0.3, 0.5, 1.0, 10.0, 40.0)]
    assert not used[0].any()
    assert (np.diff(used, axis=0) > 0).all()


def test_nothing_is_claimed_beyond_the_cap() -> None:
    """A life that would last longer ends at the cap; a used-up one has no year left, and is used up once, not twice."""
    lasting = remaining(constant(1e-6), np.zeros(3), np.zeros(3))
    assert lasting.median_years == lasting.high_years == CAP_YEARS
    assert lasting.capped
    gone = remaining(constant(0.02), np.zeros(3), np.full(3, 1.7))
    assert (gone.used, gone.low_years, gone.high_years) == (1.0, 0.0, 0.0)


@pytest.mark.filterwarnings("error")
def test_wild_growth_stays_a_number() -> None:
    """Load that doubles every few years, or dies away, gives years and no overflow."""
    found = remaining(power(6.0), np.array([0.3, 0.5, -0.3]), np.zeros(3))
    assert 0.0 < found.low_years <= found.high_years <= CAP_YEARS


def test_between_levels_the_logarithm_is_straight() -> None:
    """At the levels, between and beyond them."""
    for level in (0.3, 0.6, 0.75, 1.0, 1.4, 1.9):
        assert at_level(power(4.0), np.full(3, level)) == pytest.approx(0.01 * np.exp(4.0 * (level - 1.0)))


def test_samples_of_a_year_against_a_direct_calculation(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stretching rise and gradient is the same as heating with other constants: ageing of each sample within 1 %."""
    monkeypatch.setattr(module, "_CLIMATE_SIGMA_K", 0.0)
    outlook = look(20000, hours=24.0)
    u, samples = 3, 6
    year = yearly(outlook, u, samples, 1, False)
    drawn = module.factors(np.random.default_rng((1, outlook.cases[u].unit.stream)), samples, False)
    assume = outlook.assumptions
    past = past_values(assume.grid, assume.at, 366)
    ambient = assume.usual_weather.ambient(past_begin(assume.at, past.shape[1]), past.shape[1], STEP_MIN).celsius
    parts = outlook.load_map.of_parts(past)[:, u]
    assert year.days == pytest.approx(past.shape[1] / 96)
    for level, sample in ((0, 0), (2, 1), (2, 5), (4, 3)):
        load = np.abs(outlook.load_map.offset[u] + LEVELS[level] * parts[0] + parts[1] + parts[2])[None, :]
        table = outlook.constants[u : u + 1].copy()
        table[0, :2] *= drawn[sample, :2]
        direct = heated(load, ambient, table, steady(load[:, 0], float(ambient[0]), table)).hot_spot_celsius[0]
        rate = relative_ageing(direct, Paper.NON_UPGRADED).mean()
        assert year.relative_ageing(Paper.NON_UPGRADED)[level, sample] == pytest.approx(rate, rel=0.01)


def test_no_year_of_service_no_life(look: Look, default_grid: Grid) -> None:
    """Without the year it went into service nothing is said of used and remaining life, but how fast it ages."""
    found = insulation(look(hours=24.0, book=AssetBook()), 0, 0)
    assert found.remaining is None
    assert found.yearly_rate > 0.0
    assert "no record" in found.words


def test_service_counts(look: Look, default_grid: Grid) -> None:
    """An older transformer has used more of its life; one that is not yet in service none, and never less than none."""
    used = []
    for year in (1960, 1990, 2015, 2016, 2020):
        book = AssetBook.of(default_grid.model, [AssetRecord("HV1 Trafo 4", commissioned_year=year, load_growth_percent_per_year=1.0)])
        found = insulation(look(hours=24.0, book=book), 3, 0).remaining
        assert found is not None
        assert 0.0 <= found.low_years <= found.median_years <= found.high_years <= CAP_YEARS
        used.append(found.used)
    assert used[0] > used[1] > used[2] > used[3]
    assert used[4] == 0.0


def test_the_growth_that_is_asked_for_shortens_what_is_left(look: Look, station: Callable[..., Grid]) -> None:
    """More growth in the coming years leaves fewer of them, and does not change what is used already."""
    grid = station(60.0)
    book = AssetBook.of(grid.model, [AssetRecord("T1", rated_mva=40.0, commissioned_year=1990)])
    found = [insulation(look(grid=grid, book=book, growth_percent_per_year=g), 0, 0).remaining for g in (None, 0.0, 3.0, 10.0)]
    (asked_nothing, none, some, much) = (f for f in found if f is not None)
    assert asked_nothing == none
    assert none.used == some.used == much.used
    assert none.median_years > some.median_years > much.median_years > 0.0


def test_warmer_constants_live_shorter(look: Look, default_grid: Grid) -> None:
    """A usual year without fans costs more than ten times the life."""
    cool, hot = (insulation(look(hours=24.0, cooling_lost=lost), 3, 0).yearly_rate for lost in (False, True))
    assert hot > 10 * cool


def paper_of(look: Look, grid: Grid, record: AssetRecord) -> PaperStrength | None:
    return paper_strength(look(hours=24.0, book=AssetBook.of(grid.model, [record])), 0, 0)


def test_paper_needs_moisture_tank_and_a_measurement(look: Look, default_grid: Grid) -> None:
    """Years are told only where water, oxygen and a DP or furan are known and have constants; a measured DP alone is told as it is."""
    whole = AssetRecord("HV1 Trafo 1", paper=Paper.NON_UPGRADED, moisture_percent=1.0, sealed=True, polymerisation=600.0)
    found = paper_of(look, default_grid, whole)
    assert found is not None
    assert found.remaining is not None
    assert "unverified" in found.unverified or "not compared" in found.unverified
    assert paper_of(look, default_grid, replace(whole, polymerisation=None)) is None
    unaged: tuple[dict[str, Any], ...] = ({"moisture_percent": None}, {"sealed": None}, {"moisture_percent": 30.0})
    for without in unaged:
        plain = paper_of(look, default_grid, replace(whole, **without))
        assert plain is None or (plain.remaining is None and plain.polymerisation == 600.0)
    furan = paper_of(look, default_grid, replace(whole, polymerisation=None, furan_ppm=1.0))
    assert furan is not None
    assert 200.0 < furan.polymerisation < 800.0


def test_how_the_paper_is_known_is_a_phrase(look: Look, default_grid: Grid) -> None:
    """It is told inside a sentence, word for word, so it ends with no full stop of its own."""
    furan = AssetRecord("HV1 Trafo 1", paper=Paper.NON_UPGRADED, moisture_percent=1.8, sealed=False, furan_ppm=0.4)
    for record in (furan, replace(furan, sealed=None)):
        found = paper_of(look, default_grid, record)
        assert found is not None
        assert "not aged since" in found.how
        assert not found.how.endswith(".")


def test_paper_ages_since_it_was_measured(look: Look, default_grid: Grid) -> None:
    """A DP measured years ago is lower now; one measured this year, or dated next year, is what it was."""
    book = [
        AssetRecord("HV1 Trafo 1", moisture_percent=3.0, sealed=True, polymerisation=600.0, polymerisation_year=year)
        for year in (1996, 2006, 2016, 2017)
    ]
    now = [found.polymerisation for record in book if (found := paper_of(look, default_grid, record))]
    assert now[0] < now[1] < now[2] == pytest.approx(600.0)
    assert now[3] == pytest.approx(600.0)
