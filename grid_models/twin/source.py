"""Load a grid by name: a SimBench code, a pandapower built-in case, the training substation, or a file. Cached on disk."""

import hashlib
import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from grid_models.errors import AeipError, UnknownGrid
from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid
from grid_models.twin.store import load_saved, save_grid

DEFAULT_GRID = "1-HV-mixed--0-sw"
TRAINING_GRID = "training"
LARGEST_FILE_MB = 200  # a 100,000-bus case is about 60 MB of text
_TRAINING_FILE = Path(__file__).parents[1] / "data" / "training.json"
_SIMBENCH_CODE = re.compile(r"^\d-[A-Za-z_]+-.*-(sw|no_sw)$")
_FILE_SUFFIXES = (".json", ".m", ".mat")
_SOURCES = "a SimBench code, a built-in case, or a pandapower JSON or MATPOWER .m/.mat file"


def load_grid(name: str, cache_dir: Path | None = None) -> Grid:
    """The grid of this name. Raises UnknownGrid or UnsupportedGrid in one sentence.

    A file is known by its content, so a changed file is read anew; a built-in grid by its name and the versions of the libraries it
    comes from, so an upgrade reads it anew.
    """
    file = Path(name) if name.casefold().endswith(_FILE_SUFFIXES) else None
    if file is None:
        return _load(name, f"{_safe(name)}-{_versions()}", cache_dir, None)
    return _load_file(file, _content(file), cache_dir)


def _load_file(file: Path, data: bytes, cache_dir: Path | None) -> Grid:
    key = f"{_safe(file.stem)}-{hashlib.sha256(data).hexdigest()[:16]}"
    return _load(str(file), f"{key}-{_versions()}", cache_dir, file)


def _content(file: Path) -> bytes:
    if not file.is_file():
        raise UnknownGrid(f"There is no grid file '{file}'; a pandapower JSON or MATPOWER .m/.mat file that exists would load.")
    try:
        size_mb = file.stat().st_size / 1e6
        if size_mb > LARGEST_FILE_MB:
            raise UnknownGrid(f"File '{file.name}' has {size_mb:.0f} MB; grid files up to {LARGEST_FILE_MB} MB would load.")
        data = file.read_bytes()
    except OSError as error:
        raise UnknownGrid(f"File '{file.name}' cannot be read ({error.strerror}); a readable file would load.") from error
    if not data.strip():
        raise UnknownGrid(f"File '{file.name}' is empty; a pandapower JSON or MATPOWER .m/.mat file would load.")
    return data


@lru_cache(maxsize=8)
def _load(name: str, key: str, cache_dir: Path | None, file: Path | None) -> Grid:
    """`key` stands for what is read: the name of a file alone does not say what is in it."""
    path = cache_dir / f"{key}.npz" if cache_dir else None
    if path and (saved := load_saved(path)):
        return saved
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas' deprecations inside SimBench and pandapower are not the user's business
        grid = _read(name, file)
    if path:
        save_grid(grid, path)
    return grid


def _read(name: str, file: Path | None) -> Grid:
    try:
        if file is not None:
            return Grid(_from_file(file))
        if name == TRAINING_GRID:
            return Grid(_from_json(_TRAINING_FILE, name))
        return _from_simbench(name) if _SIMBENCH_CODE.match(name) else Grid(_from_builtin(name))
    except AeipError:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:150]
        raise UnknownGrid(f"Grid '{name}' could not be read ({type(error).__name__}: {said}); {_SOURCES} would load.") from error


def _from_file(file: Path) -> GridModel:
    from grid_models.intake.columns import shown

    if file.suffix.casefold() == ".json":
        return _from_json(file, shown(file.stem))
    from grid_models.intake.matpower import model_from_matpower
    from grid_models.intake.matpower_file import case_from_file

    return model_from_matpower(case_from_file(file), shown(file.stem))


def _from_json(file: Path, name: str) -> GridModel:
    from grid_models.intake.json_file import net_from_json
    from grid_models.intake.net import model_from_net

    return model_from_net(net_from_json(file.read_bytes(), file.name), name)


def _from_simbench(code: str) -> Grid:
    from grid_models.intake.net import model_from_net
    from grid_models.intake.simbench_grid import profiles_of, simbench_net

    net = simbench_net(code)
    model = model_from_net(net, code)
    return Grid(model, profiles_of(net, len(model.loads), len(model.generators)))


def _from_builtin(name: str) -> GridModel:
    from grid_models.intake.net import model_from_net  # imports pandapower: only when the cache has no copy

    functions = _functions()
    if name not in functions:
        from rapidfuzz import process

        near = [m[0] for m in process.extract(name, [*functions, DEFAULT_GRID, TRAINING_GRID], limit=3)]
        raise UnknownGrid(f"There is no grid '{name}'; the nearest names are {', '.join(near)}. `aeip grid list` shows all.")
    return model_from_net(functions[name](), name)


def builtin_cases() -> tuple[str, ...]:
    """Names of pandapower's built-in networks, the published cases first."""
    return tuple(_functions())


def _functions() -> dict[str, Callable[[], object]]:
    from grid_models.intake.builtin import builtin_functions

    return builtin_functions()


def _safe(name: str) -> str:
    return re.sub(r"[^\w.-]", "_", name)[:80]


@lru_cache(maxsize=1)
def _versions() -> str:
    return "-".join(version(library) for library in ("pandapower", "simbench"))
