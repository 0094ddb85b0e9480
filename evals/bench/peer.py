"""The peer: pandapower solving the same outages one by one, as its users would write the loop."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandapower
import simbench

from evals.bench.row import seconds
from grid_models.twin.state import GridState


@dataclass(frozen=True)
class PeerCase:
    """One outage solved by the peer."""

    outage: str
    max_loading_percent: float
    seconds: float


def outage_loop(state: GridState, lines: Sequence[str]) -> list[PeerCase]:
    """Each line out, one AC power flow, results read; the first, compiling run is not counted."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas' deprecations inside SimBench and pandapower
        net = _net(state)
        _solve(net)
        return [_case(net, name) for name in lines]


def _net(state: GridState) -> Any:
    """The SimBench grid with the injections of `state`."""
    net = simbench.get_simbench_net(state.model.name)
    net.trafo["tap_changer_type"] = "Ratio"  # otherwise pandapower ignores the taps of these transformers
    net.load["p_mw"], net.load["q_mvar"] = state.load_drawn_mw, state.load_drawn_mvar
    net.sgen["p_mw"], net.sgen["q_mvar"] = state.generator_injected_mw, state.generator_injected_mvar
    return net


def _solve(net: Any) -> None:
    pandapower.runpp(net, numba=False)  # numba is no dependency of ours; without this flag pandapower warns at every call


def _case(net: Any, name: str) -> PeerCase:
    row = net.line.index[net.line.name == name][0]
    net.line.loc[row, "in_service"] = False
    try:
        took = seconds(lambda: _solve(net))
        highest = max(net.res_line.loading_percent.max(), net.res_trafo.loading_percent.max())
    finally:
        net.line.loc[row, "in_service"] = True
    return PeerCase(name, float(highest), took)
