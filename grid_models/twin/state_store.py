"""Keep a grid state on disk: what the plant resumes from and what the owner publishes to other processes."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np

from grid_models.errors import NotOnline
from grid_models.twin.model import GridModel
from grid_models.twin.npz_file import UNREADABLE, write_arrays
from grid_models.twin.state import ARRAY_FIELDS, GridState


def save_state(state: GridState, path: Path, notes: Mapping[str, object] | None = None, *, durable: bool = True) -> None:
    """Write atomically, see `write_arrays`. `notes` must be JSON."""
    header = {"grid": state.model.content_hash, "plant_time": state.plant_time.isoformat(), "notes": dict(notes or {})}
    arrays = {name: getattr(state, name) for name in ARRAY_FIELDS}
    write_arrays(path, {"_header": np.array(json.dumps(header)), **arrays}, durable=durable)


def load_state(model: GridModel, path: Path) -> tuple[GridState, dict[str, object]] | None:
    """The stored state and its notes; None when there is no file. Raises NotOnline for a damaged file or one of another grid."""
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as archive:
            header = json.loads(str(archive["_header"]))
            arrays = {name: archive[name] for name in ARRAY_FIELDS}
    except UNREADABLE as error:
        raise NotOnline(
            f"The stored plant state '{path.name}' cannot be read ({error}); removing the file starts the plant afresh."
        ) from error
    if header["grid"] != model.content_hash:
        raise NotOnline(
            f"The stored plant state '{path.name}' belongs to another grid than '{model.name}'; another data folder would work."
        )
    return GridState(model=model, plant_time=datetime.fromisoformat(header["plant_time"]), **arrays), header["notes"]
