"""Which way through the grid is best by a metric, and how many ways share no branch?"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import cast

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from grid_models.structure.graph import GridGraph
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.state import GridState


class Metric(StrEnum):
    HOPS = "hops"
    LENGTH = "length"
    IMPEDANCE = "impedance"


@dataclass(frozen=True)
class Route:
    """Fused nodes passed and the rows of the branches between them."""

    nodes: tuple[int, ...]
    rows: tuple[int, ...]


def impedances_pu(state: GridState) -> FloatArray:
    """(branches,) |z| of the series impedance at the present tap [pu on the model's base]."""
    branches = state.model.branches
    at = state.tap_entry
    return np.asarray(np.hypot(branches.r_pu[at], branches.x_pu[at]))


def weights(state: GridState, graph: GridGraph, metric: Metric) -> FloatArray:
    """(branches,) what a branch adds to the metric: 1, km or |z| pu; NaN where that is not known.

    A transformer adds no length; without any length in the source everything is NaN.
    """
    branches = state.model.branches
    if metric is Metric.IMPEDANCE:
        return impedances_pu(state)
    if metric is Metric.LENGTH:
        known = not np.all(np.isnan(branches.length_km))
        return np.where(branches.is_line, branches.length_km, 0.0 if known else np.nan)
    hops = np.ones(len(branches))
    hops[list(graph.transformer_of_leg)] = 0.5  # two legs make one transformer
    return hops


def best_route(graph: GridGraph, start: IntArray, goal: IntArray, weight: FloatArray) -> Route | None:
    """The route of smallest total weight over branches in service; branches without a weight are not used."""
    cost = np.nan_to_num(weight, nan=np.inf).tolist()

    def smallest(_one: int, _other: int, circuits: dict[str, object]) -> float | None:
        found = float(min(cost[int(row)] for row in circuits))
        return None if found == np.inf else found  # None hides the edge

    nodes = nearest_way(graph.connected, start, goal, smallest)
    if not nodes:
        return None
    rows = (min((int(row) for row in graph.connected[a][b]), key=lambda row: (cost[row], row)) for a, b in pairwise(nodes))
    return Route(tuple(nodes), tuple(rows))


def nearest_way(
    graph: "nx.Graph[int]", start: IntArray, goal: IntArray, weight: Callable[[int, int, dict[str, object]], float | None] | str
) -> list[int]:
    """The nodes from any of `start` to the nearest of `goal` by Dijkstra; empty when none can be reached."""
    found = nx.multi_source_dijkstra(graph, set(start.tolist()), weight=weight)
    distance, path = cast("tuple[dict[int, float], dict[int, list[int]]]", found)  # without a target it is two dictionaries
    reached = [n for n in goal.tolist() if n in distance]
    return path[min(reached, key=lambda n: distance[n])] if reached else []


def edge_disjoint_paths(graph: GridGraph, start: IntArray, goal: IntArray) -> int:
    """How many ways share no branch (the maximum flow with one unit a branch); 0 when both places are one node."""
    if np.intersect1d(start, goal).size:
        return 0
    count = len(graph.topology.node_live)
    source, sink, plenty = count, count + 1, len(graph.connects)
    rows = np.flatnonzero(graph.connects & (graph.topology.from_node != graph.topology.to_node))
    one, other = graph.topology.from_node[rows], graph.topology.to_node[rows]
    tails = np.concatenate([one, other, np.full(len(start), source), goal])
    heads = np.concatenate([other, one, start, np.full(len(goal), sink)])
    capacity = np.concatenate([np.ones(2 * len(rows)), np.full(len(start) + len(goal), plenty)]).astype(np.int32)
    network = csr_array((capacity, (tails, heads)), shape=(count + 2, count + 2))
    network.sum_duplicates()
    return int(maximum_flow(network, source, sink).flow_value)
