"""SimBench grids by their code, with a year of profiles."""

from typing import Any

import numpy as np

from grid_models.errors import UnknownGrid
from grid_models.twin.model import IntArray
from grid_models.twin.profiles import Profiles

LEVELS = ("EHV", "HV", "MV", "LV", "EHVHV", "HVMV", "MVLV", "complete_data")


def simbench_codes() -> tuple[str, ...]:
    """Every code, in SimBench's own order."""
    import simbench

    return tuple(simbench.collect_all_simbench_codes())


def simbench_net(code: str) -> Any:
    """Raises UnknownGrid with the nearest codes."""
    import simbench
    from rapidfuzz import process

    codes = simbench_codes()
    if code not in codes:
        near = ", ".join(m[0] for m in process.extract(code, codes, limit=3))
        raise UnknownGrid(f"There is no SimBench grid '{code}' among the {len(codes)} codes; the nearest names are {near}.")
    return simbench.get_simbench_net(code)


def profiles_of(net: Any, loads: int, generators: int) -> Profiles:
    """Relative profiles of loads and generators; an element without one is constant, also what the intake puts behind the tables."""
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

    slack = net.gen.slack.fillna(False).astype(bool) if "slack" in net.gen else [False] * len(net.gen)
    machines = net.gen[[not s for s in slack]]
    parts = [rows(net.sgen, "renewables.{}", "powerplants.{}"), rows(machines, "powerplants.{}", "renewables.{}")]
    if "storage" in net:
        parts.append(rows(net.storage, "storage.{}"))
    return Profiles(
        shape=np.array([columns[n] for n in names]),
        load_p=_padded(rows(net.load, "load.{}_pload"), loads),
        load_q=_padded(rows(net.load, "load.{}_qload"), loads),
        generator_p=_padded(np.concatenate(parts).astype(np.int64), generators),
    )


def _padded(rows: IntArray, count: int) -> IntArray:
    return np.append(rows, np.full(count - len(rows), -1, dtype=np.int64))
