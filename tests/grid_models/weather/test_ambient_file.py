"""Ambient temperatures from a CSV file."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from grid_models.weather.ambient_file import read_ambient
from grid_models.weather.climatology import climatology_of
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.moments import InvalidAmbient

USUAL = ConstantAmbient(10.0, "the usual", sigma_k=3.0, day_to_day=0.5)
NOON = datetime(2016, 8, 12, 12, tzinfo=UTC)


def ambient_csv(folder: Path, *rows: str, header: str = "time,ambient_celsius") -> Path:
    path = folder / "ambient.csv"
    path.write_text("\n".join((header, *rows)), encoding="utf-8")
    return path


HOURS = [f"2016-08-12T{hour:02}:00:00Z,{hour}" for hour in range(8, 21)]


def test_between_rows_a_straight_line(tmp_path: Path) -> None:
    """Whole hours as written, quarter hours between them; no doubt, and the file is the source."""
    found = read_ambient(ambient_csv(tmp_path, *HOURS), USUAL).ambient(NOON, 5, 15)
    assert found.celsius.tolist() == [12.0, 12.25, 12.5, 12.75, 13.0]
    assert (found.sigma_k, found.source) == (0.0, "ambient.csv")


def test_the_first_and_the_last_row_are_covered(tmp_path: Path) -> None:
    """Both ends belong to the file."""
    found = read_ambient(ambient_csv(tmp_path, *HOURS), USUAL).ambient(datetime(2016, 8, 12, 8, tzinfo=UTC), 13, 60)
    assert found.celsius.tolist() == list(range(8, 21))


def test_beyond_its_end_the_usual_takes_over_and_is_counted(tmp_path: Path) -> None:
    """With the spread of the usual."""
    found = read_ambient(ambient_csv(tmp_path, *HOURS), USUAL).ambient(NOON, 24, 60)
    assert found.celsius[:9].tolist() == list(range(12, 21))
    assert found.celsius[9:].tolist() == [10.0] * 15
    assert found.source.startswith("ambient.csv for 9 of 24 moments (2016-08-12 08:00 UTC to 2016-08-12 20:00 UTC), else the usual")
    assert (found.sigma_k, found.day_to_day) == (3.0, 0.5)


def test_a_file_of_another_time_is_refused(tmp_path: Path) -> None:
    """Ten years off: what was asked, what it covers, what would work."""
    source = read_ambient(ambient_csv(tmp_path, *HOURS), USUAL)
    with pytest.raises(InvalidAmbient, match=r"ambient\.csv covers 2016-08-12 08:00 UTC to 2016-08-12 20:00 UTC"):
        source.ambient(datetime(2026, 8, 12, tzinfo=UTC), 96, 15)


def test_short_gaps_are_bridged_and_told_longer_ones_are_not(tmp_path: Path) -> None:
    """Three hours are a straight line, four are the usual."""
    rows = [row for row in HOURS if row[11:13] not in ("10", "11", "14", "15", "16")]
    source = read_ambient(ambient_csv(tmp_path, *rows), USUAL)
    found = source.ambient(datetime(2016, 8, 12, 9, tzinfo=UTC), 10, 60)
    assert found.celsius.tolist() == [9, 10, 11, 12, 13, 10, 10, 10, 17, 18]
    assert "1 gap up to 3 h interpolated, 1 longer one not" in found.source


def test_bad_rows_are_told_and_the_others_used(tmp_path: Path) -> None:
    """NaN, a wrong unit, no offset, no time, out of order, twice."""
    rows = (
        "2016-08-12T10:00:00Z,20",
        "2016-08-12T11:00:00Z,nan",
        "2016-08-12T12:00:00Z,295",
        "2016-08-12T12:30:00,21",
        "noon,21",
        "2016-08-12T09:00:00Z,21",
        "2016-08-12T10:00:00Z,21",
        "0016-08-12T13:00:00Z,21",
        "2016-08-12T15:00:00+02:00,23",
    )
    source = read_ambient(ambient_csv(tmp_path, *rows), USUAL)
    assert [error.split(":")[0] for error in source.errors] == [f"ambient.csv, row {row}" for row in range(3, 10)]
    for error, said in zip(
        source.errors, ("'nan'", "-60 to 60", "no offset", "ISO 8601", "ascending", "ascending", "1850 to 2200"), strict=True
    ):
        assert said in error
    assert source.ambient(datetime(2016, 8, 12, 10, tzinfo=UTC), 4, 60).celsius.tolist() == [20, 21, 22, 23]


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        ("time,celsius", HOURS, "lacks the column ambient_celsius"),
        ("time;ambient_celsius", HOURS, "lacks the columns time, ambient_celsius"),
        ("time,ambient_celsius", [], "no row that can be used"),
        ("time,ambient_celsius", ["2016-08-12T11:00:00Z,hot"], "the first: ambient.csv, row 2: the ambient_celsius is 'hot'"),
    ],
)
def test_a_file_without_a_usable_row_is_refused(tmp_path: Path, header: str, rows: list[str], said: str) -> None:
    """With its reason."""
    with pytest.raises(InvalidAmbient) as refused:
        read_ambient(ambient_csv(tmp_path, *rows, header=header), USUAL)
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(InvalidAmbient, match=r"'ambient.csv' cannot be read"):
        read_ambient(tmp_path / "ambient.csv", USUAL)


def test_one_row_covers_its_own_moment(tmp_path: Path) -> None:
    """And the climatology the rest."""
    germany = climatology_of("1-HV-mixed--0-sw")
    found = read_ambient(ambient_csv(tmp_path, "2016-08-12T12:00:00Z,31"), germany).ambient(NOON, 3, 60)
    usual = germany.ambient(NOON, 3, 60).celsius
    assert found.celsius[0] == 31.0
    assert np.array_equal(found.celsius[1:], usual[1:])
    assert "climatology of Germany" in found.source
    assert found.unverified
