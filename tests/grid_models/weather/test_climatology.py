"""How warm it usually is, and a constant where nobody knows."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest

from grid_models.weather.climatology import Climatology, climatology_of
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.moments import InvalidAmbient

DEFAULT = "1-HV-mixed--0-sw"
YEAR = datetime(2015, 1, 1, tzinfo=UTC)


@pytest.fixture
def germany() -> Climatology:
    found = climatology_of(DEFAULT)
    assert isinstance(found, Climatology)
    return found


def test_monthly_means_are_those_of_the_data(germany: Climatology) -> None:
    """To a third of a kelvin, as a smooth year allows; the year is the DWD's 9.3 °C."""
    celsius = germany.ambient(YEAR, 8760, 60).celsius
    month = np.array([(YEAR + timedelta(hours=h)).month for h in range(8760)])
    means = [celsius[month == m].mean() for m in range(1, 13)]
    assert np.abs(np.array(means) - germany.mean_celsius).max() < 0.35
    assert celsius.mean() == pytest.approx(9.3, abs=0.1)


def test_the_day_is_warmest_at_three_by_the_sun(germany: Climatology) -> None:
    """At 10.5 degrees east that is 14:18 UTC, with July's swing between the coldest and the warmest moment."""
    day = germany.ambient(datetime(2016, 7, 16, tzinfo=UTC), 1440, 1).celsius
    assert np.argmax(day) == pytest.approx(14 * 60 + 18, abs=2)
    assert day.max() - day.min() == pytest.approx(11.0, abs=0.2)
    assert day.mean() == pytest.approx(18.3, abs=0.15)


def test_no_day_jumps_to_the_next(germany: Climatology) -> None:
    """Through month ends, new year and leap day: a quarter of an hour moves it by less than 0.4 K."""
    celsius = germany.ambient(datetime(2015, 12, 1, tzinfo=UTC), 96 * 400, 15).celsius
    assert np.abs(np.diff(celsius)).max() < 0.4


def test_every_year_is_the_same_and_the_offset_does_not_matter(germany: Climatology) -> None:
    """Plant time of 2016 or 1950, said in UTC or in local time."""
    utc = germany.ambient(datetime(2016, 8, 12, 10, tzinfo=UTC), 4, 15)
    local = germany.ambient(datetime(2016, 8, 12, 12, tzinfo=timezone(timedelta(hours=2))), 4, 15)
    past = germany.ambient(datetime(1952, 8, 12, 10, tzinfo=UTC), 4, 15)
    assert np.array_equal(utc.celsius, local.celsius)
    assert past.celsius == pytest.approx(utc.celsius, abs=1e-9)


def test_it_says_where_its_numbers_come_from(germany: Climatology) -> None:
    """The means have a source, swing and spread have none."""
    found = germany.ambient(YEAR, 1, 60)
    assert "DWD" in found.source
    assert "1991-2020" in found.source
    assert "engineering judgement" in found.unverified
    assert (found.sigma_k, found.day_to_day) == (4.0, 0.75)


@pytest.mark.parametrize("name", ["case14", "training", "my-grid.json", "x/1-HV-mixed--0-sw"])
def test_a_grid_of_no_known_region_gets_the_standards_20_degrees(name: str) -> None:
    """Which is no weather, and says so, with a wide spread."""
    found = climatology_of(name).ambient(YEAR, 3, 60)
    assert found.celsius.tolist() == [20.0, 20.0, 20.0]
    assert "IEC 60076-2" in found.source
    assert "no weather" in found.unverified
    assert found.sigma_k > 5


def test_every_simbench_grid_lies_in_germany() -> None:
    """The region goes by the form of the code."""
    assert isinstance(climatology_of("1-EHVHV-mixed-all-0-sw"), Climatology)
    assert isinstance(climatology_of("1-complete_data-mixed-all-0-no_sw"), Climatology)


def test_a_constant_is_as_exact_as_the_person_says() -> None:
    """No spread, and its source is the number."""
    found = ConstantAmbient(35.0).ambient(YEAR, 2, 15)
    assert (found.celsius.tolist(), found.sigma_k, found.source) == ([35.0, 35.0], 0.0, "35 °C as given")


@pytest.mark.parametrize("celsius", [float("nan"), 95.0, 308.15, -61.0])
def test_a_constant_that_is_no_air_temperature_is_refused(celsius: float) -> None:
    """Kelvin, Fahrenheit, nothing."""
    with pytest.raises(InvalidAmbient, match="-60 to 60 °C"):
        ConstantAmbient(celsius)


@pytest.mark.parametrize(("steps", "step_min"), [(0, 15), (-1, 15), (4, 0), (4, float("nan")), (10**9, 60)])
def test_moments_that_are_none_are_refused(germany: Climatology, steps: int, step_min: float) -> None:
    """Before anything is calculated."""
    with pytest.raises(InvalidAmbient, match="would work"):
        germany.ambient(YEAR, steps, step_min)


def test_a_time_without_offset_is_refused(germany: Climatology) -> None:
    """It could be local or UTC."""
    with pytest.raises(InvalidAmbient, match="would mean UTC"):
        germany.ambient(datetime(2016, 8, 12), 1, 15)  # noqa: DTZ001  # the naive time is the point
