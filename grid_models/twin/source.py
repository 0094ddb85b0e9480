"""Load a grid by name: a SimBench code, a pandapower built-in case, the training substation, or a file. Cached on disk."""

import hashlib
import inspect
import re
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from grid_models.errors import AeipError, UnknownGrid
from grid_models.twin.model import IntArray
from grid_models.twin.profiles import Grid, Profiles
from grid_models.twin.store import load_saved, save_grid

DEFAULT_GRID = "1-HV-mixed--0-sw"
TRAINING_GRID = "training"
_SIMBENCH_CODE = re.compile(r"^\d-(HV|MV|LV|EHV|HVMV|MVLV|EHVHV|complete_data)[\w.]*-[\w.]*-?[\w.]*-\d-(sw|no_sw)$")
_FILE_SUFFIXES = (".json", ".m", ".mat")


def load_grid(name: str, cache_dir: Path | None = None) -> Grid:
    """The grid of this name. Raises UnknownGrid or UnsupportedGrid; a file is known by its content, so a changed file is read anew."""
    file = Path(name) if name.endswith(_FILE_SUFFIXES) else None
    if file is not None and not file.is_file():
        raise UnknownGrid(f"There is no grid file '{name}'; a pandapower JSON or MATPOWER .m/.mat file that exists would load.")
    key = hashlib.sha256(file.read_bytes()).hexdigest()[:16] if file else re.sub(r"[^\w.-]", "_", name)
    return _load(name, key, cache_dir)


@lru_cache(maxsize=8)
def _load(name: str, key: str, cache_dir: Path | None) -> Grid:
    path = cache_dir / f"{key}.npz" if cache_dir else None
    if path and (saved := load_saved(path)):
        return saved
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas' deprecations inside SimBench and pandapower are not the user's business
        grid = _read(name)
    if path:
        save_grid(grid, path)
    return grid


def _read(name: str) -> Grid:
    from grid_models.intake.net import model_from_net  # imports pandapower: only when the cache has no copy

    try:
        if name == TRAINING_GRID:
            return Grid(model_from_net(_from_json(Path(__file__).parents[1] / "data" / "training.json"), name))
        if name.endswith(_FILE_SUFFIXES):
            return Grid(model_from_net(_from_file(Path(name)), Path(name).stem))
        if _SIMBENCH_CODE.match(name):
            return _simbench(name)
        return Grid(model_from_net(_builtin(name), name))
    except AeipError:
        raise
    except Exception as error:
        raise UnknownGrid(
            f"Grid '{name}' could not be read ({type(error).__name__}: {error}); a SimBench code, a case or a valid file would load."
        ) from error


def builtin_cases() -> tuple[str, ...]:
    """Names of pandapower's built-in cases."""
    import pandapower.networks as networks

    return tuple(
        sorted(
            n
            for n, f in inspect.getmembers(networks, inspect.isfunction)
            if re.match(r"^case\w+$", n) and not inspect.signature(f).parameters.keys() - {"kwargs"}
        )
    )


def _builtin(name: str) -> Any:
    import pandapower.networks as networks

    if not re.match(r"^case\w+$", name) or not hasattr(networks, name):
        from rapidfuzz import process

        near = [m[0] for m in process.extract(name, [*builtin_cases(), DEFAULT_GRID, TRAINING_GRID], limit=3)]
        raise UnknownGrid(f"There is no grid '{name}'; the nearest names are {', '.join(near)}. `aeip grid list` shows all.")
    return getattr(networks, name)()


def _from_json(path: Path) -> Any:
    import pandapower as pp

    net = pp.from_json(str(path))
    if not hasattr(net, "bus"):
        raise UnknownGrid(f"File '{path.name}' is JSON but holds no pandapower net; one written by pandapower.to_json would load.")
    return net


def _from_file(path: Path) -> Any:
    if path.suffix == ".json":
        return _from_json(path)
    from pandapower.converter import from_mpc

    return from_mpc(str(path), f_hz=50)


def _simbench(code: str) -> Grid:
    import simbench

    from grid_models.intake.net import model_from_net

    net = simbench.get_simbench_net(code)
    profiles = _profiles(net)
    return Grid(model_from_net(net, code), profiles)


def _profiles(net: Any) -> Profiles:
    """Relative profiles of loads and generators; an element without one is constant."""
    columns: dict[str, np.ndarray] = {}
    for table in ("load", "renewables", "powerplants", "storage"):
        frame = net.profiles.get(table)
        if frame is not None and len(frame):
            columns |= {f"{table}.{c}": frame[c].to_numpy(float) for c in frame.columns if c != "time"}
    names = list(columns)
    row = {n: i for i, n in enumerate(names)}

    def rows(frame: Any, *patterns: str) -> IntArray:
        wanted = frame["profile"] if "profile" in frame else [None] * len(frame)
        return np.array([next((row[p.format(w)] for p in patterns if p.format(w) in row), -1) for w in wanted], dtype=np.int64)

    parts = [rows(net.sgen, "renewables.{}", "powerplants.{}"), rows(net.gen, "powerplants.{}", "renewables.{}")]
    if "storage" in net:
        parts.append(rows(net.storage, "storage.{}"))
    return Profiles(
        shape=np.array([columns[n] for n in names]),
        load_p=rows(net.load, "load.{}_pload"),
        load_q=rows(net.load, "load.{}_qload"),
        generator_p=np.concatenate(parts).astype(np.int64),
    )
