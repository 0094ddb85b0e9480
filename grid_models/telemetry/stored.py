"""Keep the latest telemetry on disk, for other processes on the same data folder."""

import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import numpy as np

from grid_models.errors import NotOnline
from grid_models.telemetry.measurement_set import MeasurementSet, Telemetry
from grid_models.twin.model import GridModel
from grid_models.twin.npz_file import UNREADABLE, write_arrays


def save_telemetry(telemetry: Telemetry, model: GridModel, path: Path) -> None:
    """Replace the file as a whole. It is not forced to the disk: after a crash a new set comes within seconds."""
    times = {"plant_time": telemetry.plant_time.isoformat(), "taken_at": telemetry.taken_at.isoformat()}
    header = json.dumps({"grid": model.content_hash, **times})
    columns = {f.name: getattr(telemetry.measurements, f.name) for f in fields(MeasurementSet)}
    write_arrays(path, {"_header": np.array(header), **columns}, durable=False)


def load_telemetry(model: GridModel, path: Path) -> Telemetry | None:
    """The latest set; None where there is no file. Raises NotOnline for a damaged file or one of another grid."""
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as archive:
            header = json.loads(str(archive["_header"]))
            measurements = MeasurementSet(**{f.name: archive[f.name] for f in fields(MeasurementSet)})
        times = [datetime.fromisoformat(header[k]) for k in ("plant_time", "taken_at")]
    except UNREADABLE as error:
        raise NotOnline(f"The stored telemetry '{path.name}' cannot be read ({error}); the plant's owner writes it anew.") from error
    if header["grid"] != model.content_hash:
        raise NotOnline(f"The stored telemetry '{path.name}' belongs to another grid than '{model.name}'; another data folder would work.")
    return Telemetry(times[0], times[1], measurements)
