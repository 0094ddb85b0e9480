"""One file of arrays, written whole or not at all: what keeps states, telemetry and history on disk."""

import os
import uuid
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

# Whatever reading half a file, or something else under its name, raises.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error)


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], *, durable: bool = True) -> None:
    """Write atomically: after a crash there is the old file or the new one, never half of one.

    durable: wait until the disk has it; not needed for what is written anew within seconds.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")  # two threads may write at once
    with draft.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)
