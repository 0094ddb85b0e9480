"""Loading grids by name and from files."""

from pathlib import Path

import numpy as np
import pandapower as pp
import pandapower.networks as networks
import pytest

from grid_models.errors import UnknownGrid, UnsupportedGrid
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.store import load_saved, save_grid


def test_a_stored_grid_is_the_same_grid(default_grid: Grid, tmp_path: Path) -> None:
    """The cache keeps content, names, notes and profiles."""
    save_grid(default_grid, tmp_path / "grid.npz")
    again = load_saved(tmp_path / "grid.npz")
    assert again is not None
    assert again.model.content_hash == default_grid.model.content_hash
    assert again.model.notes == default_grid.model.notes
    assert again.profiles is not None
    assert default_grid.profiles is not None
    assert np.array_equal(again.profiles.shape, default_grid.profiles.shape)


def test_a_damaged_cache_is_rebuilt(tmp_path: Path) -> None:
    """A half-written cache file never becomes a grid."""
    (tmp_path / "case9.npz").write_bytes(b"PK half")
    assert load_saved(tmp_path / "case9.npz") is None
    assert len(load_grid("case9", tmp_path).model.buses) == 9


def test_a_pandapower_file_loads(tmp_path: Path) -> None:
    """A net written by pandapower is the built-in case it came from."""
    pp.to_json(networks.case9(), str(tmp_path / "mine.json"))
    assert len(load_grid(str(tmp_path / "mine.json"), tmp_path).model.branches) == 9


@pytest.mark.parametrize("name", ["case999", "nonsense", "1-HV-nothing--0-sw", "missing.json"])
def test_an_unknown_grid_is_one_sentence(name: str, tmp_path: Path) -> None:
    """It says what was asked and what would load."""
    with pytest.raises(UnknownGrid, match=r"would load|nearest names"):
        load_grid(name, tmp_path)


def test_a_broken_file_is_one_sentence(tmp_path: Path) -> None:
    """Not a net, not a traceback."""
    (tmp_path / "broken.json").write_text("{not json")
    with pytest.raises(UnknownGrid, match=r"broken\.json"):
        load_grid(str(tmp_path / "broken.json"), tmp_path)


def test_equipment_the_twin_cannot_model_is_named(tmp_path: Path) -> None:
    """Refused rather than silently left out."""
    net = networks.case9()
    pp.create_svc(net, 0, 1, -10, 1.0, 90)
    pp.to_json(net, str(tmp_path / "svc.json"))
    with pytest.raises(UnsupportedGrid, match="SVCs"):
        load_grid(str(tmp_path / "svc.json"), tmp_path)


def test_placeholder_ratings_are_found(case118: Grid, case39: Grid, default_grid: Grid) -> None:
    """case118's tens of kA are no ratings; case39 and the default grid have real ones."""
    assert not case118.model.ratings_usable
    assert "not usable" in case118.model.ratings_note
    assert case39.model.ratings_usable
    assert default_grid.model.ratings_usable
