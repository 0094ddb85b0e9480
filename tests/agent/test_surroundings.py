"""What studies are told of transformers and weather: from the settings' files, the demo records, the climatology."""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.app.plants import Plants
from agent.app.surroundings import Surroundings
from agent.open_meteo import OpenMeteo
from agent.settings import InvalidSettings, Settings, read_settings
from grid_models.errors import AeipError
from grid_models.twin.profiles import Grid
from grid_models.weather.climatology import Climatology
from grid_models.weather.constant import ConstantAmbient
from grid_models.weather.moments import InvalidAmbient

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PLANT = datetime(2016, 8, 12, 10, tzinfo=UTC)


def surroundings(**settings: object) -> Surroundings:
    return Surroundings(Settings(_env_file=None, **settings), lambda: NOW)  # type: ignore[arg-type, call-arg]


def written(path: Path, text: str) -> Path:
    """With another modification time than the last one."""
    later = path.stat().st_mtime_ns + 1_000_000 if path.exists() else None
    path.write_text(text, encoding="utf-8")
    if later is not None:
        os.utime(path, ns=(later, later))
    return path


def test_a_study_gets_records_weather_and_profiles(tmp_path: Path, grid_cache: Path, default_grid: Grid) -> None:
    """Of the default grid: the demo records, Germany's climatology, a year of profiles; of another grid what is known of that one."""
    (tmp_path / "grids").symlink_to(grid_cache, target_is_directory=True)
    plants = Plants(Settings(_env_file=None, data_dir=tmp_path), lambda: NOW)  # type: ignore[call-arg]
    context = plants.study_context()
    assert context.assets is not None
    assert context.assets.words == "6 asset records, 6 of them invented for demonstration"
    assert isinstance(context.weather, Climatology)
    assert context.grid is not None
    assert context.grid.profiles is not None
    assert context.grid.profiles.steps == 35136
    other = plants.study_context("case39")
    assert other.assets is not None
    assert other.assets.records == ()
    assert isinstance(other.weather, ConstantAmbient)
    assert other.grid is not None
    assert other.grid.profiles is None
    health = plants.health()
    assert (health["assets"], health["ambient"]) == (context.assets.words, "climatology")


def test_a_file_of_records_replaces_the_demo_ones_and_is_read_anew_when_it_changes(tmp_path: Path, default_grid: Grid) -> None:
    """Not for every question."""
    path = written(tmp_path / "assets.csv", "element,rated_mva\nHV1 Trafo 1,350\n")
    found = surroundings(assets=path)
    first = found.assets(default_grid)
    assert [record.element for record in first.records] == ["HV1 Trafo 1"]
    assert found.assets(default_grid) is first
    written(path, "element,rated_mva\nHV1 Trafo 2,350\n")
    assert [record.element for record in found.assets(default_grid).records] == ["HV1 Trafo 2"]


def test_errors_of_the_records_are_logged_and_told_by_the_doctor(
    tmp_path: Path, default_grid: Grid, caplog: pytest.LogCaptureFixture
) -> None:
    """A bad cell and an unknown name; the good row is used all the same."""
    path = written(tmp_path / "assets.csv", "element,moisture_percent\nHV1 Trafo 1,1\nHV1 Trafo 2,40\nHV1 Trafo 7,1\n")
    found = surroundings(assets=path)
    with caplog.at_level(logging.WARNING):
        book = found.assets(default_grid)
        found.assets(default_grid)
    assert [record.element for record in book.records] == ["HV1 Trafo 1"]
    assert [record.getMessage() for record in caplog.records] == list(book.errors)
    with pytest.raises(AeipError, match=r"2 errors in their file; assets\.csv, row 3: moisture_percent is '40'.*1 more"):
        found.checked_assets(default_grid)


def test_a_file_of_records_that_cannot_be_read_leaves_none(tmp_path: Path, default_grid: Grid) -> None:
    """The demo records never stand in for a utility's own."""
    book = surroundings(assets=tmp_path / "missing.csv").assets(default_grid)
    assert book.records == ()
    assert "'missing.csv' cannot be read" in book.errors[0]


def test_the_settings_files_describe_no_other_grid(tmp_path: Path, default_grid: Grid, case39: Grid) -> None:
    """A question about another grid does not get this one's records or weather."""
    assets = written(tmp_path / "assets.csv", "element\nHV1 Trafo 1\n")
    ambient = written(tmp_path / "ambient.csv", "time,ambient_celsius\n2016-08-12T10:00:00Z,31\n")
    found = surroundings(assets=assets, ambient=ambient)
    assert found.weather(default_grid).ambient(PLANT, 1, 15).celsius.tolist() == [31.0]
    assert found.assets(case39, own=False).errors == ()
    assert isinstance(found.weather(case39, own=False), ConstantAmbient)


def test_an_ambient_file_is_read_anew_when_it_changes(tmp_path: Path, default_grid: Grid) -> None:
    """And told by the doctor."""
    path = written(tmp_path / "ambient.csv", "time,ambient_celsius\n2016-08-12T10:00:00Z,31\n")
    found = surroundings(ambient=path)
    assert found.weather(default_grid).ambient(PLANT, 1, 15).celsius.tolist() == [31.0]
    assert found.checked_ambient(default_grid).startswith("ambient.csv, 2016-08-12 10:00 UTC")
    written(path, "time,ambient_celsius\n2016-08-12T10:00:00Z,22\n2016-08-12T11:00:00Z,hot\n")
    assert found.weather(default_grid).ambient(PLANT, 1, 15).celsius.tolist() == [22.0]
    with pytest.raises(AeipError, match="the ambient_celsius is 'hot'"):
        found.checked_ambient(default_grid)


def test_an_ambient_file_that_cannot_be_read_refuses_only_temperatures(tmp_path: Path, default_grid: Grid) -> None:
    """Nobody gets the climatology who named a file; studies that need no weather go on."""
    found = surroundings(ambient=tmp_path / "missing.csv")
    with pytest.raises(InvalidAmbient, match=r"'missing.csv' cannot be read"):
        found.weather(default_grid).ambient(PLANT, 1, 15)
    assert "'missing.csv' cannot be read" in found.ambient_words(default_grid)


def test_the_network_is_asked_only_where_the_settings_say_so(default_grid: Grid, case39: Grid) -> None:
    """With the settings' place, else the grid's own if it is on the map; without either there is nothing to ask for."""
    assert isinstance(surroundings().weather(default_grid), Climatology)
    assert isinstance(surroundings(weather="open-meteo").weather(default_grid), OpenMeteo)
    assert isinstance(surroundings(weather="open-meteo").weather(case39), ConstantAmbient)
    placed = surroundings(weather="open-meteo", latitude=42.4, longitude=-71.4)
    assert isinstance(placed.weather(case39), OpenMeteo)
    simulated = placed.weather(default_grid).ambient(PLANT, 4, 15)  # of 2016: answered without the network
    assert "climatology of Germany" in simulated.source
    assert "because Open-Meteo forecasts the weather of now" in simulated.source


def test_half_a_place_is_refused() -> None:
    """By the variable to mend."""
    with pytest.raises(InvalidSettings, match=r"AEIP_LONGITUDE=.*belong together"):
        read_settings(latitude=53.0)
    with pytest.raises(InvalidSettings, match="AEIP_LATITUDE"):
        read_settings(latitude=95.0, longitude=11.0)


def test_relay_settings_of_single_elements(tmp_path: Path, grid_cache: Path) -> None:
    """The file's pickup is used, and an element that is not there is told, in studies and by the doctor."""
    file = tmp_path / "relays.yaml"
    file.write_text("- {element: HV1 Line 54, pickup_pu: 2.0}\n- {element: HV1 Line 540, pickup_pu: 2.0}\n", encoding="utf-8")
    (tmp_path / "grids").symlink_to(grid_cache, target_is_directory=True)
    plants = Plants(Settings(_env_file=None, data_dir=tmp_path, protection=file), lambda: NOW)  # type: ignore[call-arg]
    found = plants.study_context().protection
    assert found is not None
    row = plants.grid().model.registry.find("HV1 Line 54").index
    assert found.branches.pickup_pu[row] == 2.0
    assert "HV1 Line 540" in found.errors[0]
    with pytest.raises(AeipError, match="HV1 Line 540"):
        plants.surroundings.checked_protection(plants.grid())
