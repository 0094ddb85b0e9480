"""What of a grid can be estimated when not all of it is observable? Its observable islands, as a network of their own.

Everything else takes no part: it needs no made-up values, and the islands' estimate is what it would be without the rest.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy.sparse import coo_array, csr_array

from grid_models.estimation.layout import Layout, layout_of
from grid_models.estimation.network import Network
from grid_models.estimation.observability import Observability
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.twin.model import BoolArray, FloatArray, IntArray


def observable_part(seen: Observability, measurements: MeasurementSet) -> Layout:
    """The layout of the observable islands only; buses outside count as dead in it."""
    return layout_of(_network(seen), measurements, seen.layout.table.zero_injections)


def carried_over(used: BoolArray, whole: Layout, part: Layout) -> BoolArray:
    """Which rows of the part are in use when these of the whole are."""
    out = np.zeros(len(whole.table.used), dtype=bool)
    out[whole.table.entry_measurement[~used[whole.table.entry_row]]] = True
    found = np.ones(len(part.table), dtype=bool)
    found[part.table.entry_row[out[part.table.entry_measurement]]] = False
    return found


@lru_cache(maxsize=16)
def _network(seen: Observability) -> Network:
    whole, island = seen.layout.network, seen.island
    kept = np.flatnonzero(island >= 0)
    place = np.full(len(whole.node), -1, dtype=np.int64)
    place[kept] = np.arange(len(kept))
    inside = (island[whole.ends[0]] == island[whole.ends[1]]) & (island[whole.ends[0]] >= 0)
    reference, angle = _references(whole, island, place)
    balanced = _balanced(whole, island)[kept]
    by_node = np.append(place, -1)
    return replace(
        whole,
        node=whole.node[kept],
        place=np.where(whole.place >= 0, by_node[whole.place], -1),
        branch=whole.branch[inside],
        ends=place[whole.ends[:, inside]],
        y_own=whole.y_own[:, inside],
        y_other=whole.y_other[:, inside],
        admittance=csr_array(whole.admittance)[kept][:, kept],
        island=island[kept],
        reference=reference,
        reference_angle=angle,
        start_angle=whole.start_angle[kept],
        silent=whole.silent[kept] & balanced,
        certain=whole.certain[kept] & balanced,
        balanced=balanced,
    )


def _references(whole: Network, island: IntArray, place: IntArray) -> tuple[IntArray, FloatArray]:
    """Each island's own reference where it has one, its first place otherwise."""
    number, first = np.unique(island, return_index=True)
    at = dict(zip(number.tolist(), first.tolist(), strict=True))
    at.update({int(island[r]): int(r) for r in whole.reference})
    chosen = np.array([at[n] for n in range(int(island.max()) + 1)], dtype=np.int64)
    return place[chosen], whole.start_angle[chosen]


def _balanced(whole: Network, island: IntArray) -> BoolArray:
    """(live,) True where all branches of a node stay in its island."""
    around = coo_array(whole.admittance)
    leaves = island[around.coords[0]] != island[around.coords[1]]
    found = whole.balanced.copy()
    found[around.coords[0][leaves]] = False
    return found
