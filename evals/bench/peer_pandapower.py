"""pandapower solving outages one by one, as its users write the loop, with numba and the intact grid's voltages as the start."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandapower
import simbench
from pandapower import networks

from evals.bench.row import seconds
from grid_models.twin.state import GridState

_SAMPLE = 12  # outages solved; spread over the table of branches


class PandapowerLoop:
    """One grid at `state`. `seconds_per_case` solves a sample; `highest_percent` keeps what each outage loads most, by its branch row."""

    def __init__(self, state: GridState) -> None:
        self.highest_percent: dict[int, float] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pandas' deprecations inside SimBench and pandapower
            self._net = _net(state)
            pandapower.runpp(self._net, numba=True)  # the first, compiling run is not counted
        self._start = self._net.res_bus.vm_pu.to_numpy().copy(), self._net.res_bus.va_degree.to_numpy().copy()

    def seconds_per_case(self, rows: Sequence[int]) -> float:
        """Median over a sample of the branch rows that do not split the grid."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(np.median([self._one(row) for row in rows[:: -(-len(rows) // _SAMPLE)]]))

    def _one(self, row: int) -> float:
        net = self._net
        table, index = (net.line, net.line.index[row]) if row < len(net.line) else (net.trafo, net.trafo.index[row - len(net.line)])
        table.loc[index, "in_service"] = False
        try:
            vm, va = self._start
            took = seconds(lambda: pandapower.runpp(net, numba=True, init_vm_pu=vm, init_va_degree=va))
            self.highest_percent[row] = float(np.nanmax([net.res_line.loading_percent.max(), net.res_trafo.loading_percent.max()]))
        finally:
            table.loc[index, "in_service"] = True
        return took


def _net(state: GridState) -> Any:
    """The source's net with the injections of `state`."""
    name = state.model.name
    if name.startswith("case"):
        return getattr(networks, name)()
    net = simbench.get_simbench_net(name)
    net.trafo["tap_changer_type"] = "Ratio"  # otherwise pandapower ignores the taps of these transformers
    net.load["p_mw"], net.load["q_mvar"] = state.load_drawn_mw, state.load_drawn_mvar
    net.sgen["p_mw"], net.sgen["q_mvar"] = state.generator_injected_mw, state.generator_injected_mvar
    return net
