"""Which parts of the grid hang together, and which of them have no voltage?"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from grid_models.steady.supply import Supply, unsupplied
from grid_models.twin.model import BoolArray, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_NAMES = 10


@dataclass(frozen=True)
class Island:
    """One connected part. load_mw and generation_mw: drawn and injected, in a dead part what would be. buses counts busbars only."""

    live: bool
    buses: int
    names: tuple[str, ...]
    load_mw: float
    generation_mw: float
    infeeds: tuple[str, ...]


@dataclass(frozen=True)
class Parts:
    """`rows`: live ones first, largest first; parts that are nothing but terminals of opened branches are left out."""

    rows: tuple[Island, ...]
    deenergised: Supply


def islands_of(state: GridState, around: Collection[int] = ()) -> Parts:
    """Every connected part of the grid with a busbar, a load, a generator or an infeed; `around` keeps those with one of these buses."""
    model, topology = state.model, topology_of(state)
    part = topology.island_of_node[topology.node_of_bus]
    size = int(topology.island_of_node.max(initial=-1)) + 1
    load = np.bincount(part[model.loads.bus], state.load_drawn_mw, size)
    generation = np.bincount(part[model.generators.bus], state.generator_injected_mw, size)
    live = np.zeros(size, dtype=bool)
    live[part[model.infeeds.bus[state.infeed_on]]] = True
    counts = np.bincount(part[model.buses.is_busbar], minlength=size)
    inhabited = np.unique(np.concatenate([part[b] for b in (model.loads.bus, model.generators.bus, model.infeeds.bus)]))
    shown = part[list(around)] if around else np.union1d(np.flatnonzero(counts), inhabited)
    members = _members(part, model.buses.is_busbar)
    rows = [
        Island(
            live=bool(live[p]),
            buses=int(counts[p]),
            names=tuple(model.buses.name[b] for b in members.get(int(p), ())[:_NAMES]),
            load_mw=float(load[p]),
            generation_mw=float(generation[p]),
            infeeds=tuple(
                n for n, b, on in zip(model.infeeds.name, model.infeeds.bus, state.infeed_on, strict=True) if on and part[b] == p
            ),
        )
        for p in np.unique(shown)
    ]
    rows.sort(key=lambda r: (not r.live, -r.buses, -r.load_mw, r.names))
    return Parts(tuple(rows), unsupplied(state))


def _members(part: IntArray, is_busbar: BoolArray) -> dict[int, list[int]]:
    """The busbars of each part, in the order of the bus table."""
    found: dict[int, list[int]] = {}
    for bus in np.flatnonzero(is_busbar):
        found.setdefault(int(part[bus]), []).append(int(bus))
    return found
