"""A hostile, damaged, empty or huge file ends in one sentence, and nothing in it runs."""

import json
import pickle
import time
from pathlib import Path
from typing import Any

import pandapower as pp
import pandapower.networks as networks
import pytest

from grid_models.errors import AeipError, UnknownGrid, UnsupportedGrid
from grid_models.twin import source
from grid_models.twin.source import load_grid

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower


class _Bomb:
    def __reduce__(self) -> Any:
        return (open, ("/nowhere/ran", "w"))


FILES: dict[str, bytes] = {
    "empty.json": b"",
    "empty.m": b" \n",
    "binary.json": bytes(range(256)),
    "binary.mat": bytes(range(256)) * 40,
    "pickle.json": pickle.dumps(_Bomb()),
    "pickle.mat": pickle.dumps(_Bomb()),
    "list.json": b"[1, 2]",
    "other.json": b'{"buses": []}',
    "deep.json": b"[" * 100_000,
    "half.json": b'{"_module": "pandapower.auxiliary", "_class": "pandapowerNet", "_obj',
    "no_tables.json": b'{"_module": "pandapower.auxiliary", "_class": "pandapowerNet", "_object": {"bus": 3}}',
    "hdf5.mat": b"\x89HDF\r\n\x1a\n" + bytes(600),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_grid_is_one_sentence(name: str, tmp_path: Path) -> None:
    """It names the file and what would load."""
    (tmp_path / name).write_bytes(FILES[name])
    with pytest.raises(AeipError) as refusal:
        load_grid(str(tmp_path / name))
    said = str(refusal.value)
    assert name in said
    assert "would load" in said
    assert "\n" not in said
    assert len(said) < 300


def _with_foreign(net: str, module: str, place: str) -> str:
    """The text of a net with an object of this module at the top, inside a table's text, or with an escaped key."""
    content = json.loads(net)
    foreign = {"_module": module, "_class": "Anything", "_object": "{}"}
    if place == "top":
        content["_object"]["extra"] = foreign
        return json.dumps(content)
    table = json.loads(content["_object"]["bus"]["_object"])
    table["data"][0][0] = foreign
    content["_object"]["bus"]["_object"] = json.dumps(table)
    text = json.dumps(content)
    return text if place == "table" else text.replace('\\"_module\\"', '\\"\\\\u005fmodule\\"')


@pytest.mark.parametrize("place", ["top", "table", "escaped"])
def test_a_file_cannot_import_a_module(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pandapower's reader would import whatever the file names: a module beside the file must not run."""
    (tmp_path / "trap.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "net.json").write_text(_with_foreign(pp.to_json(networks.case9()), "trap", place))
    with pytest.raises(UnsupportedGrid, match="names the module 'trap'"):
        load_grid(str(tmp_path / "net.json"))
    assert not (tmp_path / "ran").exists()


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is stated; a sparse file of 500 MB costs nothing."""
    with (tmp_path / "huge.m").open("wb") as file:
        file.truncate(500_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("a huge file was read"))
    with pytest.raises(UnknownGrid, match=f"500 MB; grid files up to {source.LARGEST_FILE_MB} MB"):
        load_grid(str(tmp_path / "huge.m"))


@pytest.mark.parametrize("piece", [b"\n", b"%{\n", b".", b"mpc.bus = [", b"mpc.baseMVA", b"mpc.bus(", b"'", b"mpc.bus_name = {", b"%"])
def test_no_text_makes_the_reader_slow(piece: bytes, tmp_path: Path) -> None:
    """Two megabytes of one piece over and over: a pattern that looks back would need hours."""
    (tmp_path / "long.m").write_bytes(b"mpc.version = '2';\n" + piece * (2_000_000 // len(piece)))
    start = time.perf_counter()
    with pytest.raises(AeipError, match="would load"):
        load_grid(str(tmp_path / "long.m"))
    assert time.perf_counter() - start < 10.0


def test_a_folder_is_no_grid_file(tmp_path: Path) -> None:
    """Its name may end like one."""
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(UnknownGrid, match="no grid file"):
        load_grid(str(tmp_path / "folder.json"))
