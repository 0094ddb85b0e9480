"""Three-winding transformers: three legs and a star point that nobody asks about, solved as pandapower solves them."""

import copy
from typing import Any

import numpy as np
import pandapower as pp
import pytest

from grid_models.actions import Action
from grid_models.errors import InvalidAction
from grid_models.intake.net import model_from_net
from grid_models.limits import OperatingLimits, VoltageBand, violations
from grid_models.steady.boundary import solve
from grid_models.steady.supply import lost_supply
from grid_models.twin.model import GridModel
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower
WIDE = OperatingLimits((VoltageBand("all", 0.0, 1e3, 0.999, 1.001),), 100.0, "loading")


def _net(tap_side: str = "hv", tap_pos: int = 2, at_star: bool = False) -> Any:
    """110/20/10 kV, 63/40/25 MVA, a shift of 30 degrees to the 10-kV side, loads on both."""
    net = pp.create_empty_network()
    high, medium, low = (pp.create_bus(net, kv, name=name) for kv, name in ((110, "H"), (20, "M"), (10, "L")))
    pp.create_ext_grid(net, high, 1.02)
    pp.create_transformer3w_from_parameters(
        net,
        high,
        medium,
        low,
        vn_hv_kv=115,
        vn_mv_kv=21,
        vn_lv_kv=10.5,
        sn_hv_mva=63,
        sn_mv_mva=40,
        sn_lv_mva=25,
        vk_hv_percent=10.4,
        vk_mv_percent=10.5,
        vk_lv_percent=11.0,
        vkr_hv_percent=0.3,
        vkr_mv_percent=0.35,
        vkr_lv_percent=0.4,
        pfe_kw=30,
        i0_percent=0.1,
        shift_mv_degree=0,
        shift_lv_degree=30,
        tap_side=tap_side,
        tap_pos=tap_pos,
        tap_neutral=0,
        tap_min=-9,
        tap_max=9,
        tap_step_percent=1.2,
        tap_at_star_point=at_star,
        tap_changer_type="Ratio",
        name="T3",
    )
    pp.create_load(net, medium, 25, 8, name="Load M")
    pp.create_load(net, low, 12, 4, name="Load L")
    return net


def _model(net: Any) -> GridModel:
    return model_from_net(copy.deepcopy(net), "three")


@pytest.mark.parametrize(("side", "at_star"), [("hv", False), ("mv", False), ("lv", False), ("hv", True), ("lv", True)])
def test_every_tap_side_and_position_equals_pandapower(side: str, at_star: bool) -> None:
    """Voltages, angles and the loading of the transformer: the largest of its windings."""
    net = _net(side, 2, at_star)
    start = GridState.at_start(_model(net))
    legs = start.model.three_winding.legs[0]
    for position in (-9, 0, 7):
        solution = solve(start.apply([Action(kind="set_tap", element="T3", position=position)]))
        net.trafo3w["tap_pos"] = position
        pp.runpp(net, numba=False)
        assert solution.vm_pu[:3] == pytest.approx(net.res_bus.vm_pu.to_numpy(), abs=1e-9)
        assert solution.va_degree[:3] == pytest.approx(net.res_bus.va_degree.to_numpy(), abs=1e-6)
        assert np.max(solution.loading_percent[legs]) == pytest.approx(net.res_trafo3w.loading_percent[0], abs=1e-6)


def test_the_legs_begin_at_the_terminals_and_meet_in_the_star() -> None:
    """High, medium and low voltage in this order; ratings of the windings at their terminals."""
    model = _model(_net())
    legs = model.three_winding.legs[0]
    assert model.branches.from_bus[legs].tolist() == [0, 1, 2]
    assert set(model.branches.to_bus[legs].tolist()) == {int(model.three_winding.star_bus[0])}
    assert [model.branches.name[i] for i in legs] == ["T3 (hv)", "T3 (mv)", "T3 (lv)"]
    expected = np.array([63 / 115, 40 / 21, 25 / 10.5]) / np.sqrt(3)
    assert model.branches.rating_from_ka[legs] == pytest.approx(expected)
    assert model.ratings_usable


def test_nobody_asks_about_the_star() -> None:
    """It is no bus of the registry, violates nothing, and is no lost supply."""
    model = _model(_net())
    assert len(model.registry.of_kind(ElementKind.BUS)) == 3
    assert [e.name for e in model.registry.of_kind(ElementKind.THREE_WINDING)] == ["T3"]
    state = GridState.at_start(model)
    found = violations(solve(state), WIDE)
    assert found
    assert not [v for v in found if "star" in v.element]
    lost = lost_supply(state, state.apply([Action(kind="open", element="T3")]))
    assert (lost.dead_buses, lost.load_mw) == (("M", "L"), 37.0)


def test_opening_the_transformer_opens_every_leg_and_one_leg_only_its_winding() -> None:
    """With the low-voltage winding off, the medium-voltage side is what pandapower finds behind an open switch."""
    net = _net()
    start = GridState.at_start(_model(net))
    one = start.apply([Action(kind="open", element="T3 (lv)")])
    assert one.branch_on.tolist() == [True, True, False]
    pp.create_switch(net, 2, 0, "t3", closed=False)
    pp.runpp(net, numba=False)
    assert solve(one).vm_pu[1] == pytest.approx(net.res_bus.vm_pu[1], abs=1e-7)
    whole = one.apply([Action(kind="open", element="T3")])
    assert not whole.branch_on.any()
    assert whole.apply([Action(kind="close", element="T3")]).state_id == start.state_id
    with pytest.raises(InvalidAction, match="already out of service"):
        whole.apply([Action(kind="open", element="T3")])


def test_a_switch_at_a_winding_belongs_to_its_leg() -> None:
    """A breaker on the medium-voltage side, open in the source, leaves that side dead as in pandapower; closing it feeds it."""
    net = _net()
    pp.create_switch(net, 1, 0, "t3", closed=False, name="M breaker")
    state = GridState.at_start(_model(net))
    assert np.isnan(solve(state).vm_pu[1])
    closed = state.apply([Action(kind="close", element="M breaker")])
    net.switch["closed"] = True
    pp.runpp(net, numba=False)
    assert solve(closed).vm_pu[:3] == pytest.approx(net.res_bus.vm_pu.to_numpy(), abs=1e-9)
