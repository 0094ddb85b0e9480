"""A line to a bus out of service stays charged from its other end; pandapower's own answer is the key."""

import copy
from typing import Any

import numpy as np
import pandapower as pp
import pytest

from grid_models.intake.net import model_from_net
from grid_models.steady.boundary import solve
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower


def _net(out_of_service: int, switch: str | None) -> Any:
    """A 110-kV feed, 10 km to B with 5 MW, 200 km on to C, and 20 km from C to D."""
    net = pp.create_empty_network()
    bus = [pp.create_bus(net, 110.0, name=name) for name in "ABCD"]
    pp.create_ext_grid(net, bus[0])
    for one, length in enumerate((10.0, 200.0, 20.0)):
        pp.create_line_from_parameters(net, bus[one], bus[one + 1], length, 0.1, 0.3, 10.0, 0.4, name=f"L{one + 1}")
    for at in (1, 2):
        pp.create_load(net, bus[at], 5.0, 1.0, name=f"load {at}")
    if switch:
        pp.create_switch(net, bus[out_of_service], out_of_service - 1, "l", type=switch, name="S")
    net.bus.loc[bus[out_of_service], "in_service"] = False
    return net


@pytest.mark.parametrize("switch", [None, "CB"])
@pytest.mark.parametrize("out_of_service", [2, 3])
def test_the_flow_equals_pandapower(out_of_service: int, switch: str | None) -> None:
    """The long open line gives 8 Mvar that the feed must take; with or without a switch drawn at its dead end."""
    net = _net(out_of_service, switch)
    solution = solve(GridState.at_start(model_from_net(copy.deepcopy(net), "dead end")))
    pp.runpp(net, numba=False)
    assert solution.vm_pu == pytest.approx(net.res_bus.vm_pu.to_numpy(), abs=1e-6, nan_ok=True)
    assert solution.infeed_q_mvar == pytest.approx(net.res_ext_grid.q_mvar.to_numpy(), abs=1e-5)
    assert np.nan_to_num(solution.p_from_mw) == pytest.approx(net.res_line.p_from_mw.fillna(0.0).to_numpy(), abs=1e-5)


def test_the_open_end_is_told_as_a_switch() -> None:
    """Nobody wonders why a line in service leads nowhere; one whose end is drawn gets no second switch."""
    model = model_from_net(_net(3, None), "dead end")
    assert (model.switches.name, model.start.switch_closed.tolist()) == (("Open end at D",), [False])
    assert model_from_net(_net(3, "CB"), "dead end").switches.name == ("S",)
