"""A branch with an open switch at one end stays energised from the other: parity with pandapower, which keeps it on a node of its own."""

import numpy as np
import pandapower as pp
import pytest

from grid_models.intake.net import model_from_net
from grid_models.steady.boundary import solve
from grid_models.twin.state import GridState


@pytest.mark.parametrize("open_at", ["hv", "lv"])
def test_a_transformer_open_at_one_end_draws_its_no_load_current(open_at: str) -> None:
    """Two units in parallel; one is open at one end. Its no-load power, 0.2 MW and 3 Mvar, is drawn from the other end."""
    net = pp.create_empty_network()
    one, other = pp.create_bus(net, 110.0), pp.create_bus(net, 20.0)
    pp.create_ext_grid(net, one)
    pp.create_load(net, other, 30.0, 10.0)
    values = {"sn_mva": 60, "vn_hv_kv": 110, "vn_lv_kv": 20, "vkr_percent": 0.3, "vk_percent": 12, "pfe_kw": 200, "i0_percent": 5}
    for _ in range(2):
        pp.create_transformer_from_parameters(net, one, other, **values)
    pp.create_switch(net, one if open_at == "hv" else other, 1, et="t", closed=False)
    pp.runpp(net, numba=False)
    state = GridState.at_start(model_from_net(net, "open end"))
    solution = solve(state)
    np.testing.assert_allclose(solution.vm_pu, net.res_bus.vm_pu, atol=1e-9)
    side = "from" if open_at == "lv" else "to"
    drawn = net.res_trafo[f"p_{'hv' if side == 'from' else 'lv'}_mw"].iloc[1]
    assert getattr(solution, f"p_{side}_mw")[1] == pytest.approx(drawn, abs=1e-6)
    assert drawn > 0.15
