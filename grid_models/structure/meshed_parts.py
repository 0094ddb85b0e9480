"""Which parts of the live grid stay together whichever branch is lost, and how do bridges hang them onto each other?"""

from dataclasses import dataclass
from itertools import chain

import networkx as nx
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_models.structure.graph import GridGraph
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.state import GridState


@dataclass(frozen=True, eq=False)
class Tree:
    """The parts between bridges, one tree an island, each rooted at a part with an infeed.

    part_of_node: (nodes,).  order: parts from the roots down, a subtree in one run.  subtree_size: {part: parts in its subtree}.
    parent: {part: the part it hangs on, -1 for a root}.  bridge_above: {part: row of the branch that hangs it there}.
    """

    part_of_node: IntArray
    order: tuple[int, ...]
    subtree_size: dict[int, int]
    parent: dict[int, int]
    bridge_above: dict[int, int]

    def below(self, amount_of_node: FloatArray) -> FloatArray:
        """(parts,) sum of an amount given by node over each part's subtree."""
        total = np.zeros(int(self.part_of_node.max(initial=-1)) + 1)
        np.add.at(total, self.part_of_node, amount_of_node)
        for part in reversed(self.order):
            if self.parent[part] >= 0:
                total[self.parent[part]] += total[part]
        return total

    def subtrees(self) -> dict[int, tuple[int, ...]]:
        """The parts in the subtree below each bridge, by the part directly below it."""
        place = {part: i for i, part in enumerate(self.order)}
        return {part: self.order[place[part] : place[part] + self.subtree_size[part]] for part in self.bridge_above}


def tree_of(state: GridState, graph: GridGraph) -> Tree:
    """The tree of a state's live grid."""
    topology = graph.topology
    live = graph.connects & topology.branch_live
    bridges = [row for row in graph.bridge_rows if live[row]]
    kept = live.copy()
    kept[bridges] = False
    part = parts_with(graph, kept)
    forest: nx.Graph[int] = nx.Graph()
    forest.add_nodes_from(np.unique(part[topology.node_live]).tolist())
    forest.add_edges_from((int(part[topology.from_node[row]]), int(part[topology.to_node[row]]), {"row": row}) for row in sorted(bridges))
    infeeds = topology.node_of_bus[state.model.infeeds.bus[state.infeed_on]]
    return _rooted(part, forest, dict.fromkeys(int(p) for p in part[infeeds]))


def _rooted(part: IntArray, forest: "nx.Graph[int]", candidates: dict[int, None]) -> Tree:
    order: list[int] = []
    parent: dict[int, int] = {}
    for root in candidates:
        if root not in parent:
            order.append(root)
            parent[root] = -1
            for above, part_below in nx.dfs_edges(forest, root):
                order.append(part_below)
                parent[part_below] = above
    size = dict.fromkeys(order, 1)
    for below in reversed(order):
        if parent[below] >= 0:
            size[parent[below]] += size[below]
    above_row = {p: int(forest[p][a]["row"]) for p, a in parent.items() if a >= 0}
    return Tree(part, tuple(order), size, parent, above_row)


def parts_with(graph: GridGraph, branches: BoolArray) -> IntArray:
    """(nodes,) the connected part of each node over the chosen branches alone."""
    ends = graph.topology.from_node[branches], graph.topology.to_node[branches]
    count = len(graph.topology.node_live)
    return np.asarray(
        connected_components(coo_array((np.ones(len(ends[0])), ends), shape=(count, count)), directed=False)[1], dtype=np.int64
    )


def busbars_of_parts(graph: GridGraph, part_of_node: IntArray) -> dict[int, list[int]]:
    """Rows of the live busbars in each part."""
    found: dict[int, list[int]] = {}
    node_of_bus = graph.topology.node_of_bus
    for bus in np.flatnonzero(graph.model.buses.is_busbar & graph.topology.bus_live).tolist():
        found.setdefault(int(part_of_node[node_of_bus[bus]]), []).append(bus)
    return found


def members(busbars: dict[int, list[int]], parts: tuple[int, ...]) -> list[int]:
    """The busbars of several parts, in the order of the bus table."""
    return sorted(chain.from_iterable(busbars.get(p, ()) for p in parts))
