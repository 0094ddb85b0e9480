"""All pairs of outages beyond a threshold: the work in pieces over threads, the worst pairs of each piece joined."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from grid_models.contingency.pair_cuts import cut_pairs
from grid_models.contingency.pair_kernel import Bounds, Found, Tile, bridge_pairs, meshed_pairs
from grid_models.contingency.pair_tiles import PairGrid, failing, tile_pairs, tiles_of
from grid_models.errors import StudyCancelled
from grid_models.twin.model import FloatArray, IntArray

_PAIRS_PER_PIECE = 250_000  # some 30 ms: how long a stop button waits
_CUTS_AT_ONCE = 32

Piece = tuple[int, Callable[[], Found]]  # how many pairs it covers, and its work; `one` and `other` are branches


@dataclass(frozen=True, eq=False)
class PairCounts:
    """over: pairs beyond a limit.  within: pairs beyond the threshold; the worst `capacity` of them are listed, worst first.

    first, second, worst_branch: (listed,) rows of the branch table.  worst: (listed,) share of the limit.
    """

    over: int
    within: int
    first: IntArray
    second: IntArray
    worst: FloatArray
    worst_branch: IntArray


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def search_pairs(
    grid: PairGrid,
    threshold: float,
    capacity: int,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    threads: int | None = None,
) -> PairCounts:
    """Evaluate every pair. Raises StudyCancelled, asked between pieces."""
    outages = int(failing(grid.columns.dc).sum())
    total = outages * (outages - 1) // 2
    best = _Best(threshold, capacity)
    workers = threads or cores()
    with ThreadPoolExecutor(workers) as pool:
        for pairs, found in _finished(pool, _pieces(grid, best, pool), workers, lambda: _stop(cancelled, best.done, total)):
            best.add(pairs, found)
            if progress is not None:
                progress(best.done, total)
    return best.counts(grid.columns.branch)


class _Best:
    """What has been found so far. The kernels skip what can neither be counted nor listed any more: `bounds` says what."""

    def __init__(self, threshold: float, capacity: int) -> None:
        self.bounds = Bounds(threshold, threshold, capacity)
        self.done = self._over = self._within = 0
        self._one = self._other = self._column = np.zeros(0, dtype=np.int64)
        self._worst = np.zeros(0)

    def add(self, pairs: int, found: Found) -> None:
        self.done += pairs
        self._over += int(found.over)
        self._within += int(found.within)
        self._one, self._other = np.append(self._one, found.one), np.append(self._other, found.other)
        self._worst, self._column = np.append(self._worst, found.worst), np.append(self._column, found.column)
        capacity = self.bounds.capacity
        if len(self._worst) > capacity:
            least = np.partition(self._worst, -capacity)[-capacity]
            kept = self._worst >= least
            self._one, self._other, self._worst, self._column = (x[kept] for x in (self._one, self._other, self._worst, self._column))
            self.bounds = self.bounds._replace(
                floor=float(np.nextafter(least, 0.0))
            )  # equal ones stay: the list must not depend on the order

    def counts(self, branch_of_column: IntArray) -> PairCounts:
        first, second = np.minimum(self._one, self._other), np.maximum(self._one, self._other)
        order = np.lexsort((second, first, -self._worst))[: self.bounds.capacity]
        column = self._column[order]
        return PairCounts(self._over, self._within, first[order], second[order], self._worst[order], branch_of_column[column])


def _stop(cancelled: Callable[[], bool] | None, done: int, total: int) -> None:
    if cancelled is not None and cancelled():
        raise StudyCancelled(done, total)


def _finished(pool: Executor, pieces: Iterator[Piece], workers: int, check: Callable[[], None]) -> Iterator[tuple[int, Found]]:
    """Results as they come; twice as many pieces as workers are under way at any time, so that tiles are built only when needed."""
    running: dict[Future[Found], int] = {}
    for pairs, work in pieces:
        check()
        running[pool.submit(work)] = pairs
        while len(running) >= 2 * workers:
            yield from _collected(running)
    while running:
        check()
        yield from _collected(running)


def _collected(running: dict[Future[Found], int]) -> Iterator[tuple[int, Found]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()


def _pieces(grid: PairGrid, best: _Best, pool: Executor) -> Iterator[Piece]:
    one, other = grid.columns.cuts.pairs(failing(grid.columns.dc))
    for at in range(0, len(one), _CUTS_AT_ONCE):
        part = slice(at, at + _CUTS_AT_ONCE)
        yield len(one[part]), lambda k=one[part], e=other[part]: cut_pairs(grid, k, e, best.bounds.threshold)  # type: ignore[misc]
    tiles = tiles_of(grid)
    for i, tile, j, with_tile in tile_pairs(grid, tiles, pool):
        cut_inside = _cuts_between(tile, with_tile)
        for start, stop, pairs in _ranges(len(tiles[i]), len(tiles[j]), i == j):
            yield pairs - int(cut_inside[start:stop].sum()), _work(grid, tiles, (i, tile, j, with_tile), best, (start, stop))


def _cuts_between(k: Tile, other: Tile) -> IntArray:
    """(outages of k,) how many partners are left to `cut_pairs`; those within one tile are counted from one side."""
    if k.label[0] == 0:
        return np.zeros(len(k.label), dtype=np.int64)
    if k is not other:
        labels, count = np.unique(other.label, return_counts=True)
        at = np.minimum(np.searchsorted(labels, k.label), len(labels) - 1)
        return np.where(labels[at] == k.label, count[at], 0)
    later = np.zeros(len(k.label), dtype=np.int64)
    seen: dict[int, int] = {}
    for i in range(len(k.label) - 1, -1, -1):
        label = int(k.label[i])
        later[i] = seen.get(label, 0)
        seen[label] = later[i] + 1
    return later


def _ranges(size: int, other_size: int, same: bool) -> Iterator[tuple[int, int, int]]:
    """(start, stop, pairs) of about equal numbers of pairs."""
    partners = np.arange(size - 1, -1, -1) if same else np.full(size, other_size)
    running = np.concatenate([[0], np.cumsum(partners)])
    pieces = max(int(running[-1]) // _PAIRS_PER_PIECE, 1)
    bounds = np.unique(np.concatenate([[0], np.searchsorted(running, np.linspace(0, running[-1], pieces + 1)[1:-1]), [size]]))
    for start, stop in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        yield start, stop, int(running[stop] - running[start])


def _work(
    grid: PairGrid, tiles: list[IntArray], pair: tuple[int, Tile, int, Tile], best: _Best, rows: tuple[int, int]
) -> Callable[[], Found]:
    i, tile, j, other = pair
    kernel = bridge_pairs if tile.label[0] == 0 else meshed_pairs

    def work() -> Found:
        found = kernel(tile, other, i == j, grid.flows, best.bounds, *rows)
        return found._replace(one=tiles[i][found.one], other=tiles[j][found.other])

    return work
