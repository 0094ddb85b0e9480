"""Keep a loaded grid on disk, so that a second start neither converts it nor imports pandapower."""

import contextlib
import json
import uuid
import zipfile
import zlib
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np

from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid, Profiles

FORMAT = 9  # raise when the tables change: older files are then rebuilt


def save_grid(grid: Grid, path: Path) -> None:
    """Write atomically: a reader sees the old file or the new one. A folder that cannot be written is no reason to refuse the grid."""
    arrays: dict[str, Any] = {}
    texts: dict[str, Any] = {"format": FORMAT}
    _collect("model", grid.model, arrays, texts)
    if grid.profiles is not None:
        _collect("profiles", grid.profiles, arrays, texts)
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("wb") as file:
                np.savez(file, _texts=np.array(json.dumps(texts)), **arrays)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def load_saved(path: Path) -> Grid | None:
    """The stored grid, or None when there is none or it is of another format or damaged (it is rebuilt then)."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            data = {key: archive[key] for key in archive.files}
        texts = json.loads(str(data.pop("_texts")))
        if texts["format"] != FORMAT:
            return None
        profiles = _restore(Profiles, "profiles", data, texts) if "profiles.shape" in data else None
        return Grid(_restore(GridModel, "model", data, texts), profiles)
    except (OSError, ValueError, KeyError, TypeError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error):
        return None


def _collect(prefix: str, value: Any, arrays: dict[str, Any], texts: dict[str, Any]) -> None:
    for column in fields(value):
        key, item = f"{prefix}.{column.name}", getattr(value, column.name)
        if is_dataclass(item):
            _collect(key, item, arrays, texts)
        elif isinstance(item, np.ndarray):
            arrays[key] = item
        else:
            texts[key] = item


def _restore(kind: Any, prefix: str, arrays: dict[str, Any], texts: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for column in fields(kind):
        key, hint = f"{prefix}.{column.name}", hints[column.name]
        if is_dataclass(hint):
            values[column.name] = _restore(hint, key, arrays, texts)
        elif key in arrays:
            values[column.name] = arrays[key]
        else:
            values[column.name] = _tuples(texts[key])
    return kind(**values)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list) else value
