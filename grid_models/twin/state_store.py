"""Keep a grid state on disk: what the plant resumes from and what the owner publishes to other processes."""

import json
import os
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import numpy as np

from grid_models.errors import NotOnline
from grid_models.twin.model import GridModel
from grid_models.twin.state import ARRAY_FIELDS, GridState


def save_state(state: GridState, path: Path, notes: Mapping[str, object] | None = None, *, durable: bool = True) -> None:
    """Write atomically: after a crash there is the old file or the new one, never half of one. `notes` must be JSON.

    durable: wait until the disk has it; not needed for what is written anew within seconds.
    """
    header = {"grid": state.model.content_hash, "plant_time": state.plant_time.isoformat(), "notes": dict(notes or {})}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")  # two threads may write at once
    with draft.open("wb") as file:
        np.savez(file, _header=np.array(json.dumps(header)), **{name: getattr(state, name) for name in ARRAY_FIELDS})
        if durable:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)


def load_state(model: GridModel, path: Path) -> tuple[GridState, dict[str, object]] | None:
    """The stored state and its notes; None when there is no file. Raises NotOnline for a damaged file or one of another grid."""
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as archive:
            header = json.loads(str(archive["_header"]))
            arrays = {name: archive[name] for name in ARRAY_FIELDS}
    except (OSError, ValueError, KeyError) as error:
        raise NotOnline(
            f"The stored plant state '{path.name}' cannot be read ({error}); removing the file starts the plant afresh."
        ) from error
    if header["grid"] != model.content_hash:
        raise NotOnline(
            f"The stored plant state '{path.name}' belongs to another grid than '{model.name}'; another data folder would work."
        )
    return GridState(model=model, plant_time=datetime.fromisoformat(header["plant_time"]), **arrays), header["notes"]
