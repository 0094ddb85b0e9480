"""The compiled loop over cascades: trip, islands, balance, factors, flows, and again. Rules in `dc_grid.py`."""

from typing import NamedTuple

import numpy as np

from grid_models.cascade.dc_factor import Pattern
from grid_models.cascade.dc_islands import IN, OUT, TIE, TRIPPED, Islands, Net, balance, keep_ties, parts_left
from grid_models.cascade.dc_matrix import Base, Matrix, follow, solve_angles
from grid_models.compiled import compiled_finite, compiled_within
from grid_models.twin.model import BoolArray, FloatArray, IntArray


class Found(NamedTuple):
    """(samples,) each, as in `DcEnsemble`. out: (samples, lines) or no columns.  imbalance_mw: (samples,) or empty."""

    lost_load_mw: FloatArray
    rounds: IntArray
    tripped: IntArray
    islands: IntArray
    out: BoolArray
    imbalance_mw: FloatArray


@compiled_finite
def cascades(net: Net, pattern: Pattern, base: Base, outages: IntArray, balanced: bool, found: Found) -> None:
    """Run one cascade per row of `outages`: (samples, k) lines, -1 for none."""
    nodes, free, lines = len(net.load_mw), len(base.pivot), len(net.above_mw)
    status, trips = np.zeros(lines, dtype=np.int64), np.zeros(lines, dtype=np.int64)
    islands = Islands(
        np.zeros(nodes, dtype=np.int64), np.zeros(nodes), np.zeros(nodes), np.zeros(nodes, dtype=np.bool_), np.ones(nodes), np.zeros(nodes)
    )
    matrix = Matrix(
        base.value.copy(),
        base.pivot.copy(),
        np.zeros(free),
        np.zeros(len(pattern.upper_row)),
        np.zeros(free),
        np.zeros(nodes),
        np.zeros(nodes),
    )
    for sample in range(len(outages)):
        _begin(net, base, status, islands, matrix)
        new = 0
        for line in outages[sample]:
            if line >= 0 and status[line] == IN:
                status[line], trips[new] = TRIPPED, line
                new += 1
        parts, living, rounds, tripped, worst = base.parts, base.parts, 0, 0, 0.0
        while True:
            left = parts_left(net, status, islands.root, parts) if new else parts
            if left != parts:
                parts, living = left, balance(net, status, islands, balanced)
                keep_ties(net, status, islands.root, trips[:new])
            follow(net, pattern, status, matrix, trips[:new])
            solve_angles(net, pattern, islands, matrix)
            if len(found.imbalance_mw):
                worst = max(worst, _imbalance(net, status, islands, matrix))
            new = _overloaded(net, status, matrix.angle, trips)
            if new == 0:
                break
            rounds += 1
            tripped += new
        found.rounds[sample], found.tripped[sample], found.islands[sample] = rounds, tripped, living
        found.lost_load_mw[sample] = _lost(net, islands) if parts != base.parts else 0.0
        if len(found.imbalance_mw):
            found.imbalance_mw[sample] = worst
        if found.out.shape[1]:
            for line in range(lines):
                found.out[sample, line] = status[line] == OUT or status[line] == TIE


@compiled_within
def _begin(net: Net, base: Base, status: IntArray, islands: Islands, matrix: Matrix) -> None:
    status[:] = IN
    matrix.value[:], matrix.pivot[:], matrix.known_mw[:] = base.value, base.pivot, base.known_mw
    for node in range(len(net.load_mw)):
        islands.served[node] = 1.0
        islands.injection_mw[node] = net.generation_mw[node] - net.demand_mw[node]


@compiled_within
def _overloaded(net: Net, status: IntArray, angle: FloatArray, trips: IntArray) -> int:
    """Mark and list what is above its limit, and count it."""
    new = 0
    for line in range(len(status)):
        flow = net.start_mw[line] + net.susceptance_mw[line] * (angle[net.from_node[line]] - angle[net.to_node[line]])
        if abs(flow) > net.above_mw[line] and status[line] == IN:
            status[line], trips[new] = TRIPPED, line
            new += 1
    return new


@compiled_within
def _imbalance(net: Net, status: IntArray, islands: Islands, matrix: Matrix) -> float:
    """The worst node's injection less what lines in service carry away; an infeed takes what its node needs."""
    left = islands.injection_mw.copy()
    for line in range(len(status)):
        one, other = net.from_node[line], net.to_node[line]
        if status[line] == IN:
            flow = net.start_mw[line] + net.susceptance_mw[line] * (matrix.angle[one] - matrix.angle[other])
            left[one] -= flow
            left[other] += flow
    worst = 0.0
    for node in range(len(matrix.pivot)):
        worst = max(worst, abs(left[node]))
    return worst


@compiled_within
def _lost(net: Net, islands: Islands) -> float:
    lost = 0.0
    for node in range(len(net.load_mw)):
        lost += net.load_mw[node] * (1.0 - islands.served[node])
    return lost
