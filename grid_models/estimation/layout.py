"""What stays the same while only values change: rows, sites, node order and the pattern of the factors (cached)."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy.sparse import coo_array, csr_array, eye_array
from scipy.sparse.linalg import splu

from grid_models.estimation.codes import ANGLE
from grid_models.estimation.equations_kernel import Rows, Sites
from grid_models.estimation.network import Network
from grid_models.estimation.places_kernel import pairs_of, places_of
from grid_models.estimation.rows import RowTable, row_table
from grid_models.estimation.saddle import Saddle, saddle_of
from grid_models.estimation.sparse_kernel import Pattern, pattern_of
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.twin.model import BoolArray, FloatArray, IntArray

_EXACT_SHARE = 0.01  # of the usual weight: keeps G definite; more loses digits (1e-2 is best on 1354 to 2869 buses, 1e2 loses all)


@dataclass(frozen=True, eq=False)
class Layout:
    """`order`: (live,) position of each live node in the factors; every node number in sites and reference is such a position.

    reference: (live,) True where the angle is fixed: one node of each island without a measured angle. exact: (rows,).
    """

    network: Network
    table: RowTable
    exact: BoolArray
    order: IntArray
    sites: Sites
    pattern: Pattern
    reference: BoolArray

    @property
    def states(self) -> int:
        """Unknowns: angle and magnitude of every live node, less the references."""
        return 2 * len(self.order) - int(self.reference.sum())

    @cached_property
    def start(self) -> tuple[FloatArray, FloatArray]:
        """Angles behind phase shifters and magnitudes of 1, in the factors' order."""
        theta = np.empty(len(self.order))
        theta[self.order] = self.network.start_angle
        return theta, np.ones(len(self.order))

    @cached_property
    def saddle(self) -> Saddle:
        """The unknowns with the multipliers of the exact rows."""
        return saddle_of(self.sites, self.pattern, self.reference, self.table.code, self.exact)

    def rows(self, measurements: MeasurementSet, used: BoolArray | None = None) -> Rows:
        """Values and weights for one set of this layout; `used`: (rows,) False where a row is to be left out."""
        variance = self.table.variance(measurements.sigma)
        weight = np.divide(1.0, variance, out=np.zeros_like(variance), where=~self.exact)
        weight[self.saddle.node >= 0] = _EXACT_SHARE * (np.median(weight[weight > 0]) if weight.any() else 1.0)
        if used is not None:
            weight = np.where(used, weight, 0.0)
        return Rows(self.table.code, self.table.reading(measurements.value), weight, self.exact, self.saddle.node, self.saddle.lane)


def layout_of(network: Network, measurements: MeasurementSet, zero_injections: bool = False) -> Layout:
    """The layout of a set on a network; sets that differ only in values share one (cached)."""
    return _layout(_Shape(network, measurements, zero_injections))


class _Shape:
    """A network and a set, compared by what decides the layout."""

    def __init__(self, network: Network, measurements: MeasurementSet, zero_injections: bool) -> None:
        self.network, self.measurements, self.zero_injections = network, measurements, zero_injections
        exact = (measurements.sigma == 0).tobytes()
        self._key = (id(network), zero_injections, measurements.quantity.tobytes(), measurements.element.tobytes(), exact)
        self._hash = hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shape) and self._key == other._key


@lru_cache(maxsize=16)
def _layout(shape: _Shape) -> Layout:
    network, table = shape.network, row_table(shape.network, shape.measurements, shape.zero_injections)
    return layout_of_rows(network, table, table.variance((shape.measurements.sigma > 0).astype(np.float64)) == 0)


def layout_of_rows(network: Network, table: RowTable, exact: BoolArray) -> Layout:
    """The layout of given rows."""
    site, first = np.unique(table.site, return_index=True)
    entries = _entries(network, site)
    order = _elimination_order(entries, len(network.node))
    sites, pattern = _ordered(network, site, np.append(first, len(table)), entries, order)
    angled = np.unique(network.island[table.site[table.code == ANGLE]])
    free = np.isin(np.arange(len(network.reference)), angled)
    reference = np.zeros(len(order), dtype=bool)
    reference[order[network.reference[~free]]] = True
    return Layout(network, table, exact, order, sites, pattern, reference)


@dataclass(frozen=True, eq=False)
class _Entries:
    """Sites as a matrix: own: (sites,), y: (sites, live) CSR."""

    own: IntArray
    y: csr_array


def _entries(network: Network, site: IntArray) -> _Entries:
    live, branches = len(network.node), len(network.branch)
    alone = site[site < live]
    nodes = site[(site >= live) & (site < 2 * live)] - live
    end, branch = np.divmod(site[site >= 2 * live] - 2 * live, max(branches, 1))
    own, other = network.ends[end, branch], network.ends[1 - end, branch]
    injections = network.admittance[nodes].tocoo()
    count = len(alone)
    rows = np.concatenate([np.arange(count), count + injections.coords[0], *2 * [count + len(nodes) + np.arange(len(branch))]])
    columns = np.concatenate([alone, injections.coords[1], own, other])
    values = np.concatenate([np.ones(count), injections.data, network.y_own[end, branch], network.y_other[end, branch]])
    y = csr_array(coo_array((values, (rows, columns)), shape=(len(site), live)))
    return _Entries(np.concatenate([alone, nodes, own]), y)


def _elimination_order(entries: _Entries, live: int) -> IntArray:
    """Position of every node, by minimum degree on the pattern of the gain matrix."""
    touched = csr_array((np.ones(len(entries.y.indices)), entries.y.indices, entries.y.indptr), shape=entries.y.shape)
    gain = touched.T @ touched + eye_array(live) * (1.0 + 4.0 * touched.shape[0])
    found = splu(gain.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.asarray(found.perm_c, dtype=np.int64)


def _ordered(network: Network, site: IntArray, row_start: IntArray, entries: _Entries, order: IntArray) -> tuple[Sites, Pattern]:
    y = csr_array((entries.y.data, order[entries.y.indices], entries.y.indptr), shape=entries.y.shape)
    y.sort_indices()
    start, node = y.indptr.astype(np.int64), y.indices.astype(np.int64)
    neighbour_start, neighbour = pairs_of(len(order), start, node)
    pattern = pattern_of(len(order), neighbour_start, neighbour)
    pair_start, pair = places_of(start, node, pattern.low, pattern.low_row)
    sites = Sites(order[entries.own], start, node, y.data.astype(np.complex128), row_start.astype(np.int64), pair_start, pair)
    return sites, pattern
