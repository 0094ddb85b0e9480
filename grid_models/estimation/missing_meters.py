"""Which meters would make a grid observable? As few as there are open unknowns, taken where they determine what nothing else does.

Greedy is smallest here, as each meter that adds anything adds exactly one unknown: P and Q together at one place first, then voltages.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from grid_models.estimation.codes import P, Q, V
from grid_models.estimation.independent_kernel import independent
from grid_models.estimation.layout import Layout, layout_of_rows
from grid_models.estimation.network import Network
from grid_models.estimation.no_load import exact_series, unseen
from grid_models.estimation.rank_kernel import PRIME
from grid_models.estimation.rows import RowTable
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.model import BoolArray, IntArray

_AT_ONCE = 64  # open unknowns looked at in one round


@dataclass(frozen=True)
class Meter:
    """A quantity of an element, by display name."""

    quantity: Quantity
    element: str

    @property
    def words(self) -> str:
        """'voltage of Bus 3'."""
        return f"{SPECS[self.quantity].words} of {self.element}"


@dataclass(frozen=True, eq=False)
class _Candidates:
    """Rows that could be measured: code, site as in RowTable, two by two (P, Q) but for voltages, whose partner has site -1."""

    code: IntArray
    site: IntArray
    meter: list[Meter | None]


def missing_meters(layout: Layout) -> tuple[Meter, ...]:
    """Meters that determine everything, none of which can be spared; empty where nothing is missing."""
    candidates = _candidates(layout.network)
    present = candidates.site >= 0
    wide, of_row = _with_rows(layout, candidates.code[present], candidates.site[present])
    row = np.full(len(candidates.site), -1, dtype=np.int64)
    row[present] = of_row
    used = np.ones(len(wide.table), dtype=bool)
    used[of_row] = False
    chosen = np.zeros(len(candidates.site), dtype=bool)
    while (open_now := unseen(wide, used, _AT_ONCE)).unknowns:
        vectors = min(_AT_ONCE, open_now.unknowns)
        seen = _seen(wide, candidates, open_now.change[:, :, :vectors])
        more = independent(seen, vectors == open_now.unknowns)
        if not more.any():
            break
        chosen |= more
        used[row[more]] = True
    return tuple(m for m, c in zip(candidates.meter, chosen, strict=True) if c and m is not None)


def _candidates(network: Network) -> _Candidates:
    """Flows of every branch, then injections of every node that may inject, then voltages; only where a meter can stand."""
    model, live, count = network.model, len(network.node), len(network.branch)
    bus = _bus_of_place(network)
    end = (bus[network.ends[0]] < 0).astype(np.int64)
    passes = network.ends[0] != network.ends[1]
    flows = 2 * live + end * count + np.arange(count)
    by_end = ((Quantity.P_FROM, Quantity.Q_FROM), (Quantity.P_TO, Quantity.Q_TO))
    names = model.branches.name
    found = [(int(flows[b]), by_end[end[b]], str(names[network.branch[b]])) for b in np.flatnonzero(passes)]
    at_node = (Quantity.P_INJECTION, Quantity.Q_INJECTION)
    named = model.buses.name
    found += [(live + int(n), at_node, str(named[bus[n]])) for n in np.flatnonzero((bus >= 0) & ~network.silent & network.balanced)]
    voltages = [(int(n), Meter(Quantity.V, str(named[bus[n]]))) for n in np.flatnonzero(bus >= 0)]
    site = [s for s, _, _ in found for _ in range(2)] + [s for n, _ in voltages for s in (n, -1)]
    code = [c for _ in found for c in (P, Q)] + [V] * (2 * len(voltages))
    meters: list[Meter | None] = [Meter(q, e) for _, quantities, e in found for q in quantities]
    for _, meter in voltages:
        meters += [meter, None]
    return _Candidates(np.array(code, dtype=np.int64), np.array(site, dtype=np.int64), meters)


def _bus_of_place(network: Network) -> IntArray:
    """(live,) first bus of every place that is no star point; -1 where there is none."""
    place = np.where(network.model.buses.is_star, -1, network.place_of_bus)
    here, bus = np.unique(place, return_index=True)
    found = np.full(len(network.node), -1, dtype=np.int64)
    found[here[here >= 0]] = bus[here >= 0]
    return found


def _with_rows(layout: Layout, code: IntArray, site: IntArray) -> tuple[Layout, IntArray]:
    """The layout with further rows, and where they lie in it."""
    table = layout.table
    codes, sites = np.concatenate([table.code, code]), np.concatenate([table.site, site])
    order = np.argsort(sites, kind="stable")
    nothing = np.zeros(0, dtype=np.int64)
    wide = RowTable(codes[order], sites[order], nothing, nothing, np.zeros(0), np.zeros(0, dtype=bool), table.zero_injections)
    at = np.empty(len(order), dtype=np.int64)
    at[order] = np.arange(len(order))
    found = layout_of_rows(layout.network, wide, np.zeros(len(order), dtype=bool))
    reference = np.zeros(len(layout.order), dtype=bool)
    reference[found.order] = layout.reference[layout.order]
    assert np.array_equal(reference, found.reference)  # no candidate is an angle
    return found, at[len(table) :]


def _seen(layout: Layout, candidates: _Candidates, change: IntArray) -> IntArray:
    """(candidates, vectors) what each would see of the changes."""
    network, live, count = layout.network, len(layout.network.node), len(layout.network.branch)
    change = change[layout.order]  # by place
    angle, size = change[:, 0], change[:, 1]
    re, im = (w[:, None] for w in exact_series(network))
    f, t = network.ends
    turn, rise = (angle[f] - angle[t]) % PRIME, (size[f] - size[t]) % PRIME
    flows = (im * turn % PRIME + re * rise % PRIME) % PRIME, (PRIME - re * turn % PRIME + im * rise % PRIME) % PRIME
    seen = np.zeros((len(candidates.site), change.shape[2]), dtype=np.int64)
    for code, flow in zip((P, Q), flows, strict=True):
        into = np.zeros((live, change.shape[2]), dtype=np.int64)
        np.add.at(into, f, flow)
        np.add.at(into, t, PRIME - flow)
        for mine, values in _places(candidates, code, live, count):
            seen[mine] = (into % PRIME if values[1] else flow)[values[0]]
    voltage = (candidates.code == V) & (candidates.site >= 0)
    seen[voltage] = size[candidates.site[voltage]]
    return seen


def _places(candidates: _Candidates, code: int, live: int, count: int) -> Iterator[tuple[BoolArray, tuple[IntArray, bool]]]:
    """Candidates of flows with their branches (the sign is all that the end decides), then those of injections with their nodes."""
    flow = (candidates.code == code) & (candidates.site >= 2 * live)
    yield flow, ((candidates.site[flow] - 2 * live) % max(count, 1), False)
    node = (candidates.code == code) & (candidates.site >= live) & (candidates.site < 2 * live)
    yield node, (candidates.site[node] - live, True)
