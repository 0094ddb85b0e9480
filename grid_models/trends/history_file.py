"""The history on disk: one file, written whole or not at all, refused where it is damaged or another grid's."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grid_models.errors import AeipError
from grid_models.trends.columns import Float32Array, width
from grid_models.trends.ring import MARKS, Ring
from grid_models.twin.model import GridModel
from grid_models.twin.npz_file import UNREADABLE, write_arrays

StoredRing = tuple[NDArray[Any], Float32Array]  # marks, values


class HistoryLost(AeipError):
    """The stored history cannot be used; recording goes on with an empty one."""


def save_rings(model: GridModel, rings: Sequence[Ring], samples: int, path: Path) -> None:
    """Write atomically, see `write_arrays`."""
    arrays: dict[str, NDArray[Any]] = {}
    for number, ring in enumerate(rings):
        order = ring.order()
        arrays[f"marks_{number}"], arrays[f"values_{number}"] = ring.marks[order], ring.values[order]
    arrays["_header"] = np.array(json.dumps({"grid": model.content_hash, "samples": samples, "rings": len(rings)}))
    write_arrays(path, arrays)


def load_rings(model: GridModel, path: Path) -> tuple[int, list[StoredRing]]:
    """Number of samples ever taken, and the rows of each ring, oldest first. Raises HistoryLost."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            header = json.loads(str(archive["_header"]))
            grid, samples = str(header["grid"]), int(header["samples"])
            stored = [(archive[f"marks_{n}"], archive[f"values_{n}"]) for n in range(int(header["rings"]))]
    except UNREADABLE as error:
        raise HistoryLost(f"The stored history '{path.name}' cannot be read ({error}); recording goes on with an empty one.") from error
    if grid != model.content_hash or any(not _fits(model, *ring) for ring in stored):
        raise HistoryLost(
            f"The stored history '{path.name}' belongs to another grid than '{model.name}'; recording goes on with an empty one, "
            "another data folder would keep both."
        )
    return samples, stored


def _fits(model: GridModel, marks: NDArray[Any], values: Float32Array) -> bool:
    return marks.dtype == MARKS and values.shape == (len(marks), width(model)) and values.dtype == np.float32
