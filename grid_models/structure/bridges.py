"""Which branches cut something off when they are lost, and how much load hangs behind them?

A bridge is a branch without which its island falls apart (networkx finds them); of parallel circuits none is one. Whatever stands
below a bridge in the tree of `meshed_parts.py` is lost with it, unless an infeed stands there too: then the island falls in two.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grid_models.structure.graph import GridGraph, graph_of
from grid_models.structure.meshed_parts import busbars_of_parts, members, parts_with, tree_of
from grid_models.twin.model import BoolArray, FloatArray
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

_NAMES = 5


@dataclass(frozen=True)
class Bridge:
    """What is lost with one branch [MW]; lost_buses counts busbars, names are the first. splits: both sides keep an infeed."""

    branch: str
    kind: ElementKind
    from_bus: str
    to_bus: str
    lost_load_mw: float
    lost_generation_mw: float
    lost_buses: int
    names: tuple[str, ...]
    splits: bool


@dataclass(frozen=True)
class RadialParts:
    """bridges: most load lost first. radial_*: what hangs behind any of them, counted once; the other two: all that is supplied."""

    bridges: tuple[Bridge, ...]
    radial_load_mw: float
    radial_generation_mw: float
    load_mw: float
    generation_mw: float


@dataclass(frozen=True, eq=False)
class _Amounts:
    """(nodes,) what is drawn, injected and fed in at each live node."""

    load_mw: FloatArray
    generation_mw: FloatArray
    infeeds: FloatArray
    busbars: FloatArray


def bridges_of(state: GridState) -> RadialParts:
    """Every branch of the live grid whose loss cuts off a busbar, a load or a generator, or splits the grid."""
    graph = graph_of(state)
    amounts = _amounts(state, graph)
    found, behind = _single_branches(state, graph, amounts)
    for row, lost in _three_winding(state, graph, amounts):
        found.append(row)
        behind |= lost
    found.sort(key=lambda b: (-b.lost_load_mw, -b.lost_generation_mw, -b.lost_buses, b.branch))
    return RadialParts(
        tuple(found),
        float(amounts.load_mw[behind].sum()),
        float(amounts.generation_mw[behind].sum()),
        float(amounts.load_mw.sum()),
        float(amounts.generation_mw.sum()),
    )


def _amounts(state: GridState, graph: GridGraph) -> _Amounts:
    model, topology = state.model, graph.topology
    nodes, live = len(topology.node_live), topology.node_live

    def at_nodes(buses: np.ndarray, amount: np.ndarray) -> FloatArray:
        return np.where(live, np.bincount(topology.node_of_bus[buses], amount.astype(np.float64), nodes), 0.0)

    return _Amounts(
        at_nodes(model.loads.bus, state.load_drawn_mw),
        at_nodes(model.generators.bus, state.generator_injected_mw),
        at_nodes(model.infeeds.bus, state.infeed_on),
        at_nodes(np.arange(len(model.buses)), model.buses.is_busbar),
    )


def _single_branches(state: GridState, graph: GridGraph, amounts: _Amounts) -> tuple[list[Bridge], BoolArray]:
    """The bridges that are lines and two-winding transformers, and (nodes,) what stands behind any."""
    tree = tree_of(state, graph)
    load, generation, infeeds, count = (tree.below(a) for a in (amounts.load_mw, amounts.generation_mw, amounts.infeeds, amounts.busbars))
    busbars, subtrees = busbars_of_parts(graph, tree.part_of_node), tree.subtrees()
    found = []
    for part, row in tree.bridge_above.items():
        if row in graph.transformer_of_leg or not (count[part] or load[part] or generation[part]):
            continue
        splits = bool(infeeds[part])
        names = [] if splits else members(busbars, subtrees[part])
        figures = (0.0, 0.0) if splits else (float(load[part]), float(generation[part]))
        found.append(_bridge(graph, row, figures, names, splits))
    behind = np.isin(
        tree.part_of_node, [p for p, row in tree.bridge_above.items() if not infeeds[p] and row not in graph.transformer_of_leg]
    )
    return found, behind & graph.topology.node_live


def _three_winding(state: GridState, graph: GridGraph, amounts: _Amounts) -> Iterator[tuple[Bridge, BoolArray]]:
    """Three-winding transformers are lost as a whole: those that cut something off, and (nodes,) what."""
    live = graph.connects & graph.topology.branch_live
    before = len(np.unique(graph.topology.island_of_node[amounts.infeeds > 0]))
    for legs in state.model.three_winding.legs:
        if not live[legs].any():
            continue
        kept = live.copy()
        kept[legs] = False
        part = parts_with(graph, kept)
        fed = np.unique(part[amounts.infeeds > 0])
        lost = graph.topology.node_live & ~np.isin(part, fed)
        busbars = np.flatnonzero(lost[graph.topology.node_of_bus] & state.model.buses.is_busbar & ~state.model.buses.is_star).tolist()
        figures = (float(amounts.load_mw[lost].sum()), float(amounts.generation_mw[lost].sum()))
        if busbars or any(figures) or len(fed) > before:
            yield _bridge(graph, int(legs[0]), figures, busbars, len(fed) > before and not busbars), lost


def _bridge(graph: GridGraph, row: int, lost_mw: tuple[float, float], busbars: list[int], splits: bool) -> Bridge:
    name, ends = graph.model.buses.name, graph.home_of_end[row].tolist()
    if row in graph.transformer_of_leg:  # from its high- to its low-voltage bus, not to the star point
        legs = graph.model.three_winding.legs[graph.transformer_of_leg[row]]
        ends = [bus for leg in (legs[0], legs[-1]) for bus in graph.home_of_end[leg].tolist() if not graph.model.buses.is_star[bus]]
    return Bridge(
        branch=graph.branch_name(row),
        kind=graph.branch_kind(row),
        from_bus=name[ends[0]],
        to_bus=name[ends[1]],
        lost_load_mw=lost_mw[0],
        lost_generation_mw=lost_mw[1],
        lost_buses=len(busbars),
        names=tuple(name[b] for b in busbars[:_NAMES]),
        splits=splits,
    )
