"""What can be determined from what is measured? Observable islands, the buses outside them, and the meters that are missing.

Asked before any estimating, of the structure alone, in exact arithmetic (`rank_kernel.py`), so no tolerance decides. Islands as Monticelli
and Wu define them (Network observability: theory, IEEE Trans. PAS-104, 1985): rows that reach beyond an island are left out, and it is
asked again until none does.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np

from grid_models.errors import NotObservable
from grid_models.estimation.layout import Layout
from grid_models.estimation.missing_meters import Meter, missing_meters
from grid_models.estimation.network import Network
from grid_models.estimation.no_load import Unseen, unseen
from grid_models.twin.model import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class Observability:
    """unobservable_buses: the first bus of every node in no island, unobservable_bus_count: how many buses those nodes have.

    islands: the buses, one a node, of each observable island, the largest first.  relative: (islands,) True where its angles are known
    only among themselves.  island: (live,) number of each place's island, -1 where in none.  Star points and open line ends go unnamed.
    """

    layout: Layout = field(repr=False)
    observable: bool
    unobservable_buses: tuple[str, ...]
    unobservable_bus_count: int
    islands: tuple[tuple[str, ...], ...]
    relative: tuple[bool, ...]
    island: IntArray = field(repr=False)

    @cached_property
    def missing(self) -> tuple[Meter, ...]:
        """A smallest set of meters that would make everything observable; none of it can be spared."""
        return () if self.observable else missing_meters(self.layout)

    @property
    def words(self) -> str:
        """'2 observable islands, 1 of them with angles only relative to its own reference; 3 buses unobservable'."""
        if self.observable:
            return "everything is observable"
        own, count, buses = sum(self.relative), len(self.islands), self.unobservable_bus_count
        angles = f", {own} of them with angles only relative to {'its' if own == 1 else 'their'} own reference" if own else ""
        return f"{count} observable island{'s' * (count != 1)}{angles}; {buses} bus{'es' * (buses != 1)} unobservable"

    def error(self, measurements: int) -> NotObservable:
        """What to raise where everything was to be estimated."""
        return NotObservable(self.layout.network.model.name, measurements, self.unobservable_buses, [m.words for m in self.missing])


@lru_cache(maxsize=32)
def observability(layout: Layout) -> Observability:
    """Of all rows of a layout (cached)."""
    return _found(layout, None)


def observability_without(layout: Layout, used: BoolArray) -> Observability:
    """Of the rows in use: (rows,)."""
    return _found(layout, used)


def _found(layout: Layout, used: BoolArray | None) -> Observability:
    first = unseen(layout, used)
    if not first.unknowns:
        whole, network = layout.network.island, layout.network
        names = _names(network, whole)
        return Observability(layout, True, (), 0, names, (False,) * len(names), whole)
    kept = np.ones(len(layout.table), dtype=bool) if used is None else used
    found, island = first, _islands(layout, first)
    while (inside := kept & _inside(layout, island)).sum() < kept.sum():
        kept = inside
        found = unseen(layout, kept)
        island = _islands(layout, found)
    return _described(layout, found, island)


def _described(layout: Layout, found: Unseen, island: IntArray) -> Observability:
    network = layout.network
    absolute = np.all(found.change[:, 0] == 0, axis=1)
    largest = np.argsort(-np.bincount(island[island >= 0]), kind="stable") if np.any(island >= 0) else np.zeros(0, dtype=np.int64)
    rank = np.append(np.argsort(largest), -1)
    in_order = rank[island][layout.order]
    outside = np.flatnonzero(in_order < 0)
    names = _names(network, np.where(in_order < 0, 0, -1))
    buses = int(np.isin(network.place_of_bus[~network.model.buses.is_star], outside).sum())
    relative = tuple(not absolute[np.flatnonzero(island == i)[0]] for i in largest)
    return Observability(layout, False, names[0] if names else (), buses, _names(network, in_order), relative, in_order)


def _islands(layout: Layout, found: Unseen) -> IntArray:
    """(nodes,) in the layout's order: nodes whose magnitudes, and angles to each other, no unseen change moves; -1 where alone.

    A node alone counts where its angle is known too.
    """
    electrical = np.empty(len(layout.order), dtype=np.int64)
    electrical[layout.order] = layout.network.island
    determined = np.all(found.change[:, 1] == 0, axis=1)
    _, group = np.unique(np.column_stack([electrical, found.change[:, 0]]), axis=0, return_inverse=True)
    size = np.bincount(group[determined], minlength=group.max(initial=0) + 1)
    good = determined & ((size[group] > 1) | np.all(found.change[:, 0] == 0, axis=1))
    island = np.full(len(group), -1, dtype=np.int64)
    island[good] = np.unique(group[good], return_inverse=True)[1]
    return island


def _inside(layout: Layout, island: IntArray) -> BoolArray:
    """(rows,) True where a row reaches no further than one island, or one node."""
    sites = layout.sites
    low = np.minimum.reduceat(island[sites.node], sites.start[:-1])
    high = np.maximum.reduceat(island[sites.node], sites.start[:-1])
    good = ((low == high) & (low >= 0)) | (np.diff(sites.start) == 1)
    return np.asarray(np.repeat(good, np.diff(sites.row_start)), dtype=np.bool_)


def _names(network: Network, number: IntArray) -> tuple[tuple[str, ...], ...]:
    """First bus of every node, by the number of its place; -1 and nodes without a bus are left out."""
    place = np.where(network.model.buses.is_star, -1, network.place_of_bus)
    here, bus = np.unique(place, return_index=True)
    here, bus = here[here >= 0], bus[here >= 0]
    name, of = network.model.buses.name, number[here]
    return tuple(tuple(str(name[b]) for b in bus[of == n]) for n in np.unique(of[of >= 0]))
