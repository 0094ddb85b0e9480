"""A cascade in pandapower, as its users write the loop: `rundcpp`, trip what is above its limit, balance islands by hand, again."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandapower
from pandapower import networks
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from evals.bench.row import seconds
from grid_models.twin.model import FloatArray, IntArray

_MARGIN = 1e-6  # MW and share of the rating, as ours


class PandapowerCascades:
    """A built-in case of loads, machines and one external grid. rating_mw: (branches,) lines first, then transformers, as the twin's."""

    def __init__(self, name: str, rating_mw: FloatArray) -> None:
        self._above = rating_mw * (1 + _MARGIN) + _MARGIN
        self.lost_load_mw: list[float] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._net: Any = getattr(networks, name)()
        net = self._net
        self._load_mw, self._scheduled_mw = net.load.p_mw.to_numpy().copy(), net.gen.p_mw.to_numpy().copy()
        self._ends = np.concatenate([net.line[["from_bus", "to_bus"]].to_numpy(), net.trafo[["hv_bus", "lv_bus"]].to_numpy()]).T

    def seconds_each(self, outages: Sequence[Sequence[int]]) -> float:
        """Mean over these outages; `lost_load_mw` keeps what each lost."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pandas' deprecations inside pandapower
            return seconds(lambda: self._all(outages)) / len(outages)

    def _all(self, outages: Sequence[Sequence[int]]) -> None:
        for outage in outages:
            self._cascade(outage)

    def _cascade(self, outage: Sequence[int]) -> None:
        net, on, trips = self._net, np.ones(len(self._above), dtype=bool), np.array(outage)
        net.load["p_mw"], net.gen["p_mw"], net.gen["slack"] = self._load_mw, self._scheduled_mw, False
        while len(trips):
            on[trips] = False
            net.line["in_service"], net.trafo["in_service"] = on[: len(net.line)], on[len(net.line) :]
            self._balance(connected_components(coo_array((np.ones(on.sum()), self._ends[:, on]), shape=(len(net.bus),) * 2))[1])
            pandapower.rundcpp(net)
            flow = np.abs(np.concatenate([net.res_line.p_from_mw, net.res_trafo.p_hv_mw]))
            trips = np.flatnonzero(on & (np.nan_to_num(flow) > self._above))
        self.lost_load_mw.append(float(self._load_mw.sum() - net.load.p_mw.sum()))

    def _balance(self, part: IntArray) -> None:
        """Each part without the external grid scales its generation down or sheds; its first machine becomes its slack."""
        net = self._net
        of_load, of_machine, fed = part[net.load.bus], part[net.gen.bus], part[net.ext_grid.bus]
        demand = np.bincount(of_load, net.load.p_mw, part.max() + 1)
        scheduled = np.bincount(of_machine, self._scheduled_mw, part.max() + 1)
        served = np.where(demand > 0, np.minimum(1.0, scheduled / np.where(demand > 0, demand, 1.0)), 1.0)
        given = np.minimum(1.0, demand / np.where(scheduled > 0, scheduled, 1.0))
        served[fed] = given[fed] = 1.0
        net.load["p_mw"], net.gen["p_mw"] = net.load.p_mw * served[of_load], self._scheduled_mw * given[of_machine]
        slack = np.zeros(len(of_machine), dtype=bool)
        slack[np.unique(of_machine, return_index=True)[1]] = True
        net.gen["slack"] = slack & (scheduled[of_machine] > 0) & ~np.isin(of_machine, fed)
