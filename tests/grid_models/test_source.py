"""Loading grids by name and from files."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandapower as pp
import pandapower.networks as networks
import pytest

from grid_models.errors import UnknownGrid, UnsupportedGrid
from grid_models.twin import source
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


@pytest.mark.parametrize(
    "damage", [lambda data: b"PK half", lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"\x80\x04pickle"]
)
def test_a_damaged_cache_is_rebuilt(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    """A half-written cache file never becomes a grid."""
    assert len(load_grid("case9", tmp_path).model.buses) == 9
    (kept,) = tmp_path.glob("case9-*.npz")
    kept.write_bytes(damage(kept.read_bytes()))
    assert load_saved(kept) is None
    source._load.cache_clear()
    assert len(load_grid("case9", tmp_path).model.buses) == 9
    assert load_saved(kept) is not None


def test_an_upgraded_library_reads_a_built_in_grid_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache's name holds the versions of the libraries that the grid comes from."""
    load_grid("case9", tmp_path)
    monkeypatch.setattr(source, "_versions", lambda: "99.0-99.0")
    load_grid("case9", tmp_path)
    assert len(list(tmp_path.glob("case9-*.npz"))) == 2


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    """A file is known by its bytes, not by its name."""
    path, net = tmp_path / "mine.json", networks.case9()
    pp.to_json(net, str(path))
    before = load_grid(str(path), tmp_path / "cache").model
    net.load.loc[0, "p_mw"] = 1.0
    pp.to_json(net, str(path))
    after = load_grid(str(path), tmp_path / "cache").model
    assert after.start.load_p_mw[0] == 1.0 != before.start.load_p_mw[0]


def test_many_writers_leave_one_whole_file(tmp_path: Path, case39: Grid) -> None:
    """Whoever reads in between finds a whole grid or none, and no draft stays behind."""
    path = tmp_path / "case39.npz"
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(save_grid, case39, path) for _ in range(8)]
        read = [load_saved(path) for _ in range(20)]
        assert all(w.exception() is None for w in writers)
    assert all(g is None or g.model.content_hash == case39.model.content_hash for g in read)
    assert [p.name for p in tmp_path.iterdir()] == ["case39.npz"]


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    """The grid loads without a cache."""
    (tmp_path / "taken").write_text("a file where the folder should be")
    assert len(load_grid("case9", tmp_path / "taken").model.buses) == 9


def test_a_pandapower_file_loads(tmp_path: Path) -> None:
    """A net written by pandapower is the built-in case it came from."""
    pp.to_json(networks.case9(), str(tmp_path / "mine.json"))
    assert len(load_grid(str(tmp_path / "mine.json"), tmp_path).model.branches) == 9


@pytest.mark.parametrize("name", ["case999", "nonsense", "1-HV-nothing--0-sw", "1-XY-mixed--0-sw", "missing.json", "case9.M"])
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
