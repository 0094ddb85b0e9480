"""The unknowns with the multipliers of the exact rows beside them: K = [G Cᵀ; C 0], so that constraints hold without large weights.

A multiplier node holds up to two exact rows of one site and is eliminated right behind the site's own node, where its pivot is negative
definite; so one pass of LDLᵀ without any search for pivots serves K as it serves G. G has the exact rows' squares added at a usual weight,
which changes nothing in the solution and keeps it positive definite where only constraints determine it.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.estimation.equations_kernel import Sites
from grid_models.estimation.places_kernel import pairs_of, places_of
from grid_models.estimation.sparse_kernel import Pattern, pattern_of
from grid_models.twin.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Saddle:
    """place: (live,) position of each node of the layout. sites, pattern, reference: as the layout's, in these positions.

    dual: (nodes,) True for multiplier nodes. node, lane: (rows,) where the multiplier of each exact row stands, -1 for the others and for
    an exact row that repeats another of its site.
    """

    place: IntArray
    sites: Sites
    pattern: Pattern
    reference: BoolArray
    dual: BoolArray
    node: IntArray
    lane: IntArray

    def spread(self, values: FloatArray, idle: float) -> FloatArray:
        """Values of the live nodes among those of all; multiplier nodes have `idle`."""
        found = np.full(len(self.dual), idle)
        found[self.place] = values
        return found


def saddle_of(sites: Sites, pattern: Pattern, reference: BoolArray, code: IntArray, exact: BoolArray) -> Saddle:
    """The saddle of a layout's parts; the layout's own arrays where no row is exact."""
    live, rows = len(reference), len(code)
    holding = np.flatnonzero(exact)
    site = np.searchsorted(sites.row_start, holding, side="right") - 1
    _, first = np.unique(site * (code.max(initial=0) + 1) + code[holding], return_index=True)
    holding, site = holding[np.sort(first)], site[np.sort(first)]
    node, lane = np.full(rows, -1, dtype=np.int64), np.zeros(rows, dtype=np.int64)
    if not len(holding):
        return Saddle(np.arange(live), sites, pattern, reference, np.zeros(live, dtype=bool), node, lane)
    began = np.searchsorted(site, site)  # position of the first exact row of the same site
    rank = np.arange(len(site)) - began
    lane[holding] = rank % 2
    pairs, which = np.unique(np.column_stack([site, rank // 2]), axis=0, return_inverse=True)
    behind = np.argsort(np.concatenate([np.arange(live), sites.own[pairs[:, 0]] + 0.5]), kind="stable")
    position = np.empty(len(behind), dtype=np.int64)
    position[behind] = np.arange(len(behind))
    place, at = position[:live], position[live:]
    node[holding] = at[which.ravel()]
    dual = np.zeros(len(behind), dtype=bool)
    dual[at] = True
    return _patterned(sites, place, pairs[:, 0], at, reference, dual, node, lane)


def _patterned(
    sites: Sites, place: IntArray, site: IntArray, at: IntArray, reference: BoolArray, dual: BoolArray, node: IntArray, lane: IntArray
) -> Saddle:
    """The sites with their multiplier nodes as further entries, of no admittance, and the pattern of all."""
    owner = np.concatenate([np.repeat(np.arange(len(sites.own)), np.diff(sites.start)), site])
    entry = np.concatenate([place[sites.node], at])
    order = np.lexsort((entry, owner))
    start = np.searchsorted(owner[order], np.arange(len(sites.own) + 1)).astype(np.int64)
    y = np.concatenate([sites.y, np.zeros(len(at), dtype=np.complex128)])[order]
    nodes = np.ascontiguousarray(entry[order])
    pattern = pattern_of(len(dual), *pairs_of(len(dual), start, nodes))
    pair_start, pair = places_of(start, nodes, pattern.low, pattern.low_row)
    held = np.zeros(len(dual), dtype=bool)
    held[place] = reference
    wider = Sites(place[sites.own], start, nodes, y, sites.row_start, pair_start, pair)
    return Saddle(place, wider, pattern, held, dual, node, lane)
