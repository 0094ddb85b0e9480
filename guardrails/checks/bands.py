"""Which nodes a voltage rule is about, and their limits on the rule's own base."""

from dataclasses import dataclass

import numpy as np

from grid_models.twin.model import Buses, FloatArray, IntArray
from guardrails.checks.conclusion import Reading
from guardrails.checks.finding import was
from guardrails.rule import Rule


@dataclass(frozen=True, eq=False)
class Band:
    """All arrays follow `nodes` (rows of the bus table, busbars first: they give a finding its name).

    base_kv: what 1 pu stands for.  low, high: limits [pu of that base].
    """

    buses: Buses
    nodes: IntArray
    base_kv: FloatArray
    low: FloatArray
    high: FloatArray

    def beyond(self, vm_pu: FloatArray) -> FloatArray:
        """Distance past the upper and, in a second half, past the lower limit: (..., 2 nodes) for voltages (..., buses) [pu of nominal]."""
        own = self._on_base(vm_pu)
        return np.concatenate([own - self.high, self.low - own], axis=-1)

    def read(self, column: int, after: FloatArray, before: FloatArray, lead: str) -> Reading:
        """A column of `beyond` in words; `after` and `before` are voltages (buses,) [pu of nominal]."""
        node = column % len(self.nodes)
        limit = float(self.high[node] if column < len(self.nodes) else self.low[node])
        value, earlier = float(self._on_base(after)[node]), float(self._on_base(before)[node])
        name, kv = self.buses.name[self.nodes[node]], value * self.base_kv[node]
        words = f"{lead} {name} to {value:.4f} pu, {kv:.1f} kV ({was(earlier, '.4f', 'pu')}), limit {limit:.4f} pu"
        return Reading(name, words, value, limit, earlier)

    def _on_base(self, vm_pu: FloatArray) -> FloatArray:
        return vm_pu[..., self.nodes] * (self.buses.nominal_kv[self.nodes] / self.base_kv)


def band_of(buses: Buses, rule: Rule) -> Band:
    """Nodes within the rule's range of nominal voltages and its areas. Star points inside equipment are no nodes.

    Without numbers of its own the rule takes the grid's planning band.
    """
    covered = rule.voltage_range_kv
    assert covered is not None  # the table of checks asks for it
    kv = buses.nominal_kv
    inside = (kv >= covered.from_kv) & ((kv < covered.below) if covered.below is not None else (kv <= (covered.to or 0.0)))
    low = buses.planning_min_pu if rule.limit.min is None else np.full(len(kv), rule.limit.min)
    high = buses.planning_max_pu if rule.limit.max is None else np.full(len(kv), rule.limit.max)
    if rule.areas:
        inside &= np.isin(np.array(buses.area), rule.areas)
    chosen = np.flatnonzero(inside & ~buses.is_star & np.isfinite(low) & np.isfinite(high))
    nodes = chosen[np.argsort(~buses.is_busbar[chosen], kind="stable")].astype(np.int64)
    base = np.full(len(nodes), rule.base_kv) if rule.base_kv else kv[nodes]
    return Band(buses, nodes, base, low[nodes], high[nodes])
