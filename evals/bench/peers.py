"""The peers of the screening benches, each in its best configuration, which is printed with its time."""

import importlib.util
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import networkx
import numpy as np

from evals.bench.matpower_file import Matrices, matrices_of
from grid_models.errors import AeipError
from grid_models.twin.model import IntArray
from grid_models.twin.state import GridState


@dataclass(frozen=True)
class Race:
    """What every peer is given: the same state, the branches to lose one by one (rows of the branch table), and threads."""

    state: GridState
    matrices: Matrices
    connected: IntArray  # positions in the branch matrix whose loss leaves the grid in one piece
    threads: int


@dataclass(frozen=True)
class Peer:
    """`seconds_per_case` raises AeipError where the peer cannot solve this grid; it is then listed with the reason."""

    name: str
    configuration: str
    package: str
    limit: int  # cases at most: a slow peer is timed on a sample
    connected_only: bool  # it cannot, or does not, solve outages that split the grid
    threaded: bool
    seconds_per_case: Callable[[Race, Sequence[int]], float]


def peers() -> Iterator[Peer]:
    """Those that are installed; pypowsybl and power-grid-model come with the extra `bench`."""
    return (peer for peer in _PEERS if importlib.util.find_spec(peer.package) is not None)


def race_of(state: GridState, threads: int) -> Race:
    """The state and its outages as every peer gets them."""
    matrices = matrices_of(state)
    pairs = [frozenset(pair) for pair in matrices.branch[:, :2].astype(int).tolist()]
    circuits = Counter(pairs)
    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_edges_from(tuple(pair) for pair in circuits)
    bridges = {frozenset(edge) for edge in cast(Iterable[tuple[int, int]], networkx.bridges(graph))}
    connected = [i for i, pair in enumerate(pairs) if pair not in bridges or circuits[pair] > 1]
    return Race(state, matrices, np.array(connected, dtype=np.int64), threads)


def _lightsim2grid(race: Race, cases: Sequence[int]) -> float:
    from evals.bench.peer_lightsim2grid import raw_seconds

    return raw_seconds(race.state, [(case,) for case in cases], race.threads) / len(cases)


def _pypowsybl(race: Race, cases: Sequence[int]) -> float:
    from evals.bench.peer_pypowsybl import analysis_seconds

    with tempfile.TemporaryDirectory(prefix="aeip-bench-") as folder:
        return analysis_seconds(race.matrices, cases, race.threads, Path(folder)) / len(cases)


def _power_grid_model(race: Race, cases: Sequence[int]) -> float:
    from power_grid_model.errors import PowerGridError

    from evals.bench.peer_power_grid_model import batch_seconds

    try:
        return batch_seconds(race.matrices, cases, race.threads) / len(cases)
    except PowerGridError as error:
        raise AeipError(f"power-grid-model finds no solution ({type(error).__name__}).") from error


def _pandapower(race: Race, cases: Sequence[int]) -> float:
    from evals.bench.peer_pandapower import PandapowerLoop

    return PandapowerLoop(race.state).seconds_per_case([int(race.matrices.row[case]) for case in cases])


_PEERS = (
    Peer("lightsim2grid alone", "NR_KLU, islands handled, voltages only", "lightsim2grid", 10**9, False, True, _lightsim2grid),
    Peer("power-grid-model", "batch, Newton-Raphson, fixed Q, connected cases", "power_grid_model", 2000, True, True, _power_grid_model),
    Peer("pypowsybl", "Open Load Flow, threadCount, warm start and warm JVM, connected cases", "pypowsybl", 300, True, True, _pypowsybl),
    Peer("pandapower", "runpp loop, numba, warm start, 12 of the connected cases", "pandapower", 10**9, True, False, _pandapower),
)
