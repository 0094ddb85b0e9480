"""Which equation does each measurement enter? Rows of the estimation, the measurements behind each, and those that cannot be used.

Loads, generators and infeeds are measured one by one, but only their sum at a node is an equation: a node's elements make one row,
if each of them is measured; the row's variance is the sum of theirs. An element alone at its node keeps each measurement as its own row.
"""

from dataclasses import dataclass

import numpy as np

from grid_models.estimation.codes import ANGLE, CURRENT, CURRENT_ANGLE, P, Q, V
from grid_models.estimation.network import Network
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.model import BoolArray, FloatArray, IntArray

_AT_BUS = {
    Quantity.V: (V, False),
    Quantity.V_ANGLE: (ANGLE, False),
    Quantity.P_INJECTION: (P, True),
    Quantity.Q_INJECTION: (Q, True),
}
_AT_END = {
    Quantity.P_FROM: (P, 0),
    Quantity.Q_FROM: (Q, 0),
    Quantity.I_FROM: (CURRENT, 0),
    Quantity.I_ANGLE_FROM: (CURRENT_ANGLE, 0),
    Quantity.P_TO: (P, 1),
    Quantity.Q_TO: (Q, 1),
    Quantity.I_TO: (CURRENT, 1),
    Quantity.I_ANGLE_TO: (CURRENT_ANGLE, 1),
}
_OF_ELEMENTS = {  # quantity: code, table, status array, sign of what it injects
    Quantity.P_LOAD: (P, "loads", "load_on", -1.0),
    Quantity.Q_LOAD: (Q, "loads", "load_on", -1.0),
    Quantity.P_GENERATOR: (P, "generators", "generator_on", 1.0),
    Quantity.Q_GENERATOR: (Q, "generators", "generator_on", 1.0),
    Quantity.P_INFEED: (P, "infeeds", "infeed_on", 1.0),
    Quantity.Q_INFEED: (Q, "infeeds", "infeed_on", 1.0),
}


@dataclass(frozen=True, eq=False)
class RowTable:
    """code, site: (rows,), sorted by site. Site n: node alone; live + n: injection there; 2 live + e: branch end (from ends, then to ends).

    entry_row, entry_measurement, entry_factor: (entries,) a row reads the sum of factor [pu per unit] times value of its entries; a row
    without entries is a zero injection. used: (measurements,).  zero_injections: what was asked of nodes without any element.
    """

    code: IntArray
    site: IntArray
    entry_row: IntArray
    entry_measurement: IntArray
    entry_factor: FloatArray
    used: BoolArray
    zero_injections: bool = False

    def __len__(self) -> int:
        return len(self.code)

    def reading(self, value: FloatArray) -> FloatArray:
        """(rows,) what the rows read [pu, radians]."""
        return _sums(self.entry_row, self.entry_factor * value[self.entry_measurement], len(self))

    def variance(self, sigma: FloatArray) -> FloatArray:
        """(rows,) in pu²; zero where the row is exact."""
        return _sums(self.entry_row, (self.entry_factor * sigma[self.entry_measurement]) ** 2, len(self))


def _sums(row: IntArray, values: FloatArray, count: int) -> FloatArray:
    return np.asarray(np.bincount(row, values, minlength=count), dtype=np.float64)


@dataclass(frozen=True)
class _Part:
    """Measurements that are one row each (group -1) or join the row of their group."""

    code: int
    site: IntArray
    measurement: IntArray
    factor: FloatArray
    joined: BoolArray


def row_table(network: Network, measurements: MeasurementSet, zero_injections: bool) -> RowTable:
    """The rows of a set on a network; `zero_injections`: nodes without any element inject nothing (else only if it cannot be otherwise)."""
    parts = [*_bus_parts(network, measurements), *_end_parts(network, measurements), *_element_parts(network, measurements)]
    live = len(network.node)
    silent = live + np.flatnonzero(network.silent if zero_injections else network.certain)
    code = np.concatenate([*(np.full(len(p.site), p.code) for p in parts), np.full(len(silent), P), np.full(len(silent), Q)]).astype(
        np.int64
    )
    site = np.concatenate([*(p.site for p in parts), silent, silent]).astype(np.int64)
    measurement = np.concatenate([*(p.measurement for p in parts), np.full(2 * len(silent), -1)]).astype(np.int64)
    factor = np.concatenate([*(p.factor for p in parts), np.zeros(2 * len(silent))])
    joined = np.concatenate([*(p.joined for p in parts), np.zeros(2 * len(silent), dtype=bool)])
    kept = (site < live) | (site >= 2 * live) | network.balanced[(site - live) % live]
    code, site, measurement, factor, joined = code[kept], site[kept], measurement[kept], factor[kept], joined[kept]
    order = np.lexsort((measurement, ~joined, code, site))  # what joins one row stands together
    same = np.zeros(len(order), dtype=bool)
    same[1:] = joined[order][1:] & joined[order][:-1] & (site[order][1:] == site[order][:-1]) & (code[order][1:] == code[order][:-1])
    row = np.cumsum(~same) - 1
    first = np.flatnonzero(~same)
    entries = measurement[order] >= 0
    used = np.zeros(len(measurements), dtype=bool)
    used[measurement[measurement >= 0]] = True
    return RowTable(
        code=code[order][first],
        site=site[order][first],
        entry_row=row[entries],
        entry_measurement=measurement[order][entries],
        entry_factor=factor[order][entries],
        used=used,
        zero_injections=zero_injections,
    )


def _part(code: int, site: IntArray, measurement: IntArray, factor: FloatArray | float, joined: BoolArray | None = None) -> _Part:
    count = len(site)
    factors = np.broadcast_to(np.asarray(factor, dtype=np.float64), count)
    return _Part(code, site, measurement, factors, np.zeros(count, dtype=bool) if joined is None else joined)


def _bus_parts(network: Network, measurements: MeasurementSet) -> list[_Part]:
    parts, live = [], len(network.node)
    for quantity, (code, injection) in _AT_BUS.items():
        found = np.flatnonzero(measurements.quantity == quantity)
        place = network.place_of_bus[measurements.element[found]]
        found, place = found[place >= 0], place[place >= 0]
        factor = 1.0 / network.model.base_mva if injection else np.pi / 180 if code == ANGLE else 1.0
        parts.append(_part(code, place + live * injection, found, factor))
    return parts


def _end_parts(network: Network, measurements: MeasurementSet) -> list[_Part]:
    model, live, count = network.model, len(network.node), len(network.branch)
    at = np.full(len(model.branches), -1, dtype=np.int64)
    at[network.branch] = np.where(network.ends[0] == network.ends[1], -1, np.arange(count))  # both ends on one node: nothing to see
    parts = []
    for quantity, (code, end) in _AT_END.items():
        found = np.flatnonzero(measurements.quantity == quantity)
        branch = at[measurements.element[found]]
        found, branch = found[branch >= 0], branch[branch >= 0]
        factor = np.full(len(found), np.pi / 180 if code == CURRENT_ANGLE else 1.0 / model.base_mva)
        if code == CURRENT:
            bus = (model.branches.from_bus, model.branches.to_bus)[end][network.branch[branch]]
            factor = np.sqrt(3) * model.buses.nominal_kv[bus] / model.base_mva
        parts.append(_part(code, 2 * live + end * count + branch, found, factor))
    return parts


def _element_parts(network: Network, measurements: MeasurementSet) -> list[_Part]:
    """Each element's measurements; rows of nodes with an unmeasured element are left out."""
    live, parts = len(network.node), []
    for code in (P, Q):
        present, measured, found = np.zeros(live, dtype=np.int64), np.zeros(live, dtype=np.int64), []
        for quantity, (its_code, table, status, sign) in _OF_ELEMENTS.items():
            if its_code != code:
                continue
            place_of = network.place_of_bus[getattr(network.model, table).bus]
            place_of = np.where(getattr(network.state, status), place_of, -1)
            present += np.bincount(place_of[place_of >= 0], minlength=live)
            rows = np.flatnonzero(measurements.quantity == quantity)
            place = place_of[measurements.element[rows]]
            rows, place = rows[place >= 0], place[place >= 0]
            first = np.zeros(len(rows), dtype=bool)
            first[np.unique(measurements.element[rows], return_index=True)[1]] = True
            measured += np.bincount(place[first], minlength=live)
            found.append((rows, place, first, sign))
        for rows, place, first, sign in found:
            alone = present[place] == 1
            kept = (measured[place] == present[place]) & (alone | first)
            parts.append(_part(code, live + place[kept], rows[kept], sign / network.model.base_mva, ~alone[kept]))
    return parts
