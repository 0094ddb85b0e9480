"""The rows of many outages at once, in tiles of bounded memory, ready for the kernels over pairs."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from grid_models.contingency.dc_rows import Columns, change_rows, columns_of
from grid_models.contingency.pair_blocks import Flows
from grid_models.contingency.pair_kernel import Tile, empty_tile, summarise_rows
from grid_models.steady.dc import DcFlow
from grid_models.twin.model import BoolArray, FloatArray, IntArray

_TILE_BYTES = 384 * 2**20
_SOLVED_AT_ONCE = 32  # cases whose angles fit the processor's cache


@dataclass(frozen=True, eq=False)
class PairGrid:
    """What is monitored and what fails. Columns: the monitored branches, least slack first, then the others that fail."""

    columns: Columns
    flows: Flows

    @property
    def meshed(self) -> IntArray:
        return self._failing(bridge=False)

    @property
    def bridges(self) -> IntArray:
        return self._failing(bridge=True)

    def _failing(self, *, bridge: bool) -> IntArray:
        fails = np.flatnonzero(failing(self.columns.dc))
        return np.asarray(fails[self.columns.cuts.bridge[fails] == bridge])


def failing(dc: DcFlow) -> BoolArray:
    """(branches,) in service, legs of three-winding transformers left out: those fail as a whole."""
    fails = dc.topology.branch_live.copy()
    fails[dc.state.model.three_winding.legs.ravel()] = False
    return fails


def pair_grid(dc: DcFlow, limits_mw: FloatArray) -> PairGrid:
    """limits_mw: (branches,); infinite or NaN = not monitored."""
    watched = np.flatnonzero(np.isfinite(limits_mw) & (limits_mw > 0) & dc.topology.branch_live)
    slack = limits_mw[watched] - np.abs(dc.flow_mw[watched])
    watched = watched[np.argsort(slack, kind="stable")]
    others = np.setdiff1d(np.flatnonzero(failing(dc)), watched)
    limit = np.concatenate([limits_mw[watched], np.ones(len(others))])
    columns = columns_of(dc, np.concatenate([watched, others]))
    return PairGrid(columns, Flows(columns.flow, limit, 1.0 / limit, len(watched)))


def tiles_of(grid: PairGrid) -> list[IntArray]:
    """The outages in tiles whose rows take at most some 400 MB each, meshed ones first; no tile mixes bridges with others."""
    size = max(_TILE_BYTES // (8 * max(len(grid.columns.branch), 1)), _SOLVED_AT_ONCE)
    return [part[at : at + size] for part in (grid.meshed, grid.bridges) for at in range(0, len(part), size)]


def tile_pairs(grid: PairGrid, tiles: Sequence[IntArray], pool: Executor) -> Iterator[tuple[int, Tile, int, Tile]]:
    """Every pair of tiles once, with the tile's numbers; the first is that with bridges where one has them. Two at most are held."""
    held = {i: build_tile(grid, branches, pool) for i, branches in enumerate(tiles)} if len(tiles) <= 2 else {}
    for i, one in enumerate(tiles):
        tile = held[i] if held else build_tile(grid, one, pool)
        for j in range(i, len(tiles)):
            other = tile if i == j else held[j] if held else build_tile(grid, tiles[j], pool)
            yield (j, other, i, tile) if other.label[0] == 0 else (i, tile, j, other)


def build_tile(grid: PairGrid, branches: IntArray, pool: Executor) -> Tile:
    """The rows of these outages, solved in parallel."""
    columns, cuts = grid.columns, grid.columns.cuts
    topology = columns.dc.topology
    ends = cuts.position[np.stack([topology.from_node[branches], topology.to_node[branches]])]
    tile = empty_tile(len(branches), len(columns.branch), grid.flows.watched)
    tile.column[:], tile.flow_mw[:], tile.label[:] = columns.column_of[branches], columns.dc.flow_mw[branches], cuts.label[branches]
    tile.first[:], tile.last[:], tile.low[:], tile.high[:] = cuts.first[branches], cuts.last[branches], ends.min(axis=0), ends.max(axis=0)
    list(pool.map(lambda at: _fill(grid, branches, tile, at), range(0, len(branches), _SOLVED_AT_ONCE)))
    return tile


def _fill(grid: PairGrid, branches: IntArray, tile: Tile, first: int) -> None:
    part = slice(first, min(first + _SOLVED_AT_ONCE, len(branches)))
    tile.rows[part], kept = change_rows(grid.columns, branches[part])
    tile.weight[part] = kept * grid.columns.dc.susceptance_mw[branches[part]]
    summarise_rows(tile, grid.flows, part.start, part.stop)
