"""Which branches cut something off from every infeed: alone (bridges), or two together?

A depth-first tree from the infeeds (joined: whoever reaches one has supply) numbers the nodes so that whatever hangs below a branch is an
interval. Every branch outside the tree gets a random label, every branch of the tree the exclusive or of those that span it: a bridge has
none (0), and two branches cut together exactly if their labels are equal (Pritchard and Thurimella, "Fast computation of small cuts via
cycle space sampling", 2011). With 64 bits two branches of 10,000 agree by accident with probability 3e-12.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from grid_models.twin.model import BoolArray, FloatArray, IntArray

_SEED = 20110707  # any number: it makes labels the same in every process


@dataclass(frozen=True, eq=False)
class Cuts:
    """position: (nodes,) place in the depth-first order; 0 for the infeeds' nodes, -1 where dead.

    first, last: (branches,) positions first ≤ p < last hang below the branch; empty (0, 0) for one outside the tree.
    label: (branches,) 0 for bridges and dead branches; equal ones cut together.  live: (branches,).
    """

    position: IntArray
    first: IntArray
    last: IntArray
    label: IntArray
    live: BoolArray

    @cached_property
    def bridge(self) -> BoolArray:
        """(branches,) cuts something off by itself."""
        return np.asarray(self.live & (self.label == 0))

    def below(self, amount: FloatArray) -> FloatArray:
        """(nodes,) amounts → (branches,) what hangs below each branch in the tree."""
        running = self._running(amount)
        return np.asarray(running[self.last] - running[self.first])

    def _running(self, amount: FloatArray) -> FloatArray:
        live = self.position >= 0
        return np.concatenate([[0.0], np.cumsum(np.bincount(self.position[live], amount[live], len(self.position)))])

    def between(self, one: IntArray, other: IntArray, amount: FloatArray) -> FloatArray:
        """What two branches that cut together cut off: below one of them and not below the other."""
        below = self.below(amount)
        return np.abs(below[one] - below[other])

    def cut_off(self, one: int, other: int) -> BoolArray:
        """(nodes,) cut off by two branches that cut together."""
        return self._below(one) ^ self._below(other)

    def _below(self, branch: int) -> BoolArray:
        return np.asarray((self.position >= self.first[branch]) & (self.position < self.last[branch]))

    def within(self, branches: IntArray) -> bool:
        """Do these live branches cut anything off, alone or together? They do if some of their labels cancel out."""
        independent: list[int] = []
        for label in self.label[branches].tolist():
            for known in independent:
                label = min(label, label ^ known)
            if label == 0:
                return True
            independent.append(label)
        return False

    def pairs(self, among: BoolArray) -> tuple[IntArray, IntArray]:
        """The pairs (one < other) of branches in `among`, none of them a bridge, that cut something off together."""
        rows = np.flatnonzero(among & self.live & (self.label != 0))
        rows = rows[np.argsort(self.label[rows], kind="stable")]
        label, found = self.label[rows], [(rows[:0], rows[:0])]
        for apart in range(1, len(rows)):  # equal labels lie side by side
            same = label[apart:] == label[:-apart]
            if not same.any():
                break
            found.append((rows[:-apart][same], rows[apart:][same]))
        return np.concatenate([f for f, _ in found]), np.concatenate([t for _, t in found])


def cuts_of(from_node: IntArray, to_node: IntArray, live: BoolArray, held: BoolArray) -> Cuts:
    """The cuts of a grid. from_node, to_node, live: (branches,); held: (nodes,) those of an infeed in service."""
    rows = np.flatnonzero(live)
    order, above, end = _walk(np.where(held, -1, np.arange(len(held))), from_node, to_node, rows)
    position = np.where(held, 0, -1)
    position[order] = np.arange(1, len(order) + 1)
    tree = above[order]
    first, last = np.zeros(len(live), dtype=np.int64), np.zeros(len(live), dtype=np.int64)
    first[tree], last[tree] = position[order], end[order]
    return Cuts(position, first, last, _labels(from_node, to_node, rows, order, tree, position, end), live)


def _walk(node: IntArray, from_node: IntArray, to_node: IntArray, rows: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Nodes in depth-first order, and (nodes,) the branch above each and the position where what hangs below it ends; -1 is the infeeds."""
    neighbours: list[list[tuple[int, int]]] = [[] for _ in range(len(node) + 1)]  # the last list is the infeeds'
    for branch, f, t in zip(rows.tolist(), node[from_node[rows]].tolist(), node[to_node[rows]].tolist(), strict=True):
        neighbours[f].append((t, branch))
        neighbours[t].append((f, branch))
    order: list[int] = []
    above, end = np.full(len(node), -1, dtype=np.int64), np.zeros(len(node), dtype=np.int64)
    seen = [False] * len(node) + [True]
    stack = [(-1, iter(neighbours[-1]))]
    while stack:
        here, rest = stack[-1]
        step = next(((other, branch) for other, branch in rest if not seen[other]), None)
        if step is None:
            stack.pop()
            if here >= 0:
                end[here] = len(order) + 1
            continue
        other, branch = step
        seen[other] = True
        order.append(other)
        above[other] = branch
        stack.append((other, iter(neighbours[other])))
    return np.array(order, dtype=np.int64), above, end


def _labels(
    from_node: IntArray, to_node: IntArray, rows: IntArray, order: IntArray, tree: IntArray, position: IntArray, end: IntArray
) -> IntArray:
    label = np.zeros(len(from_node), dtype=np.int64)
    outside = np.setdiff1d(rows, tree)
    label[outside] = np.random.default_rng(_SEED).integers(1, 2**63 - 1, len(outside))
    at_position = np.zeros(len(order) + 1, dtype=np.int64)
    for ends in (from_node, to_node):
        np.bitwise_xor.at(at_position, position[ends[outside]], label[outside])
    running = np.concatenate([[0], np.bitwise_xor.accumulate(at_position)])
    label[tree] = running[end[order]] ^ running[position[order]]
    return label
