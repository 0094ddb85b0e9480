"""Impedances, wards, motors, HVDC links and asymmetric loads against pandapower; what cannot be modelled is named."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandapower as pp
import pandapower.networks as networks
import pytest

from grid_models.errors import UnsupportedGrid
from grid_models.intake.net import model_from_net
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower


TABLES = ("impedance", "ward", "xward", "motor", "dcline", "asymmetric_load", "asymmetric_sgen", "load", "storage", "shunt")


@cache
def _read_case9() -> Any:
    return networks.case9()


def _case9() -> Any:
    return copy.deepcopy(_read_case9())


@cache
def _alone() -> Solution:
    return solve(GridState.at_start(model_from_net(_case9(), "case9")))


def _dcline(net: Any, p_mw: float) -> None:
    pp.create_dcline(net, 4, 8, p_mw, loss_percent=2.0, loss_mw=0.5, vm_from_pu=0.99, vm_to_pu=1.01, name="Link")


ADDED: dict[str, Callable[[Any], object]] = {
    "impedance": lambda net: pp.create_impedance(net, 4, 8, 0.02, 0.15, 150.0),
    "impedance with shunts": lambda net: pp.create_impedance(net, 4, 8, 0.02, 0.15, 150.0, gf_pu=0.01, gt_pu=0.01, bf_pu=0.03, bt_pu=0.03),
    "ward": lambda net: pp.create_ward(net, 4, 10.0, 5.0, 20.0, -8.0),
    "extended ward": lambda net: pp.create_xward(net, 4, 10.0, 5.0, 20.0, -8.0, 5.0, 60.0, 1.01),
    "motor": lambda net: pp.create_motor(net, 4, 12.0, 0.85, efficiency_percent=93, loading_percent=80, scaling=0.9),
    "link forward": lambda net: _dcline(net, 40.0),
    "link backward": lambda net: _dcline(net, -40.0),
    "asymmetric load": lambda net: pp.create_asymmetric_load(net, 4, 5, 6, 7, 1, 2, 3, scaling=0.9),
    "asymmetric generator": lambda net: pp.create_asymmetric_sgen(net, 4, 5, 6, 7, 1, 2, 3),
    "load that injects": lambda net: pp.create_load(net, 4, -15.0, -3.0),
    "storage": lambda net: pp.create_storage(net, 4, 15.0, 50.0, q_mvar=2.0),
    "shunt of another voltage": lambda net: pp.create_shunt(net, 4, -20.0, 1.0, vn_kv=330.0, step=2, max_step=3),
}


@pytest.mark.parametrize("what", ADDED)
def test_equipment_added_to_case9_equals_pandapower(what: str) -> None:
    """Voltages within 1e-9 pu, losses of the branches included."""
    net = _case9()
    ADDED[what](net)
    solution = solve(GridState.at_start(model_from_net(copy.deepcopy(net), what)))
    pp.runpp(net, numba=False)
    assert solution.vm_pu[:9] == pytest.approx(net.res_bus.vm_pu.to_numpy(), abs=1e-9)
    assert solution.va_degree[:9] == pytest.approx(net.res_bus.va_degree.to_numpy(), abs=1e-6)
    assert np.max(np.abs(solution.va_degree[:9] - _alone().va_degree)) > 1e-2


def test_the_same_out_of_service_changes_nothing() -> None:
    """Wards, links and motors that are off are off, all of them at once."""
    net = _case9()
    count = {table: len(net[table]) for table in TABLES}
    for add in ADDED.values():
        add(net)
    for table in TABLES:
        net[table].loc[net[table].index[count[table] :], "in_service"] = False
    solution = solve(GridState.at_start(model_from_net(net, "all off")))
    assert solution.vm_pu[:9] == pytest.approx(_alone().vm_pu, abs=1e-9)


def test_a_series_impedance_has_no_rating() -> None:
    """Its MVA is the base of its per-unit values: the others keep their verdicts."""
    net = _case9()
    pp.create_impedance(net, 4, 8, 0.02, 0.15, 150.0, name="Z")
    model = model_from_net(net, "z")
    assert model.branches.rated.tolist() == [True] * 9 + [False]
    assert not model.ratings_usable
    assert "1 of 10 branches" in model.ratings_note
    assert "only for the 9 that are rated" in model.ratings_note


def test_what_stands_at_a_bus_out_of_service_is_off() -> None:
    """Its load is no lost supply to be reported, and a switch there leads nowhere."""
    net = _case9()
    dead = pp.create_bus(net, 345.0, in_service=False)
    pp.create_load(net, dead, 50.0)
    pp.create_switch(net, 4, dead, "b", closed=True)
    model = model_from_net(copy.deepcopy(net), "off")
    solution = solve(GridState.at_start(model))
    pp.runpp(net, numba=False)
    assert solution.vm_pu[:9] == pytest.approx(net.res_bus.vm_pu.to_numpy()[:9], abs=1e-9)
    assert np.isnan(solution.vm_pu[9])
    assert not model.start.load_on[-1]


def _damage(table: str, column: str, value: float) -> Callable[[Any], object]:
    def change(net: Any) -> None:
        net[table].loc[net[table].index[0], column] = value

    return change


REFUSED: list[tuple[Callable[[Any], object], str]] = [
    (
        lambda net: pp.create_impedance(net, 4, 8, 0.02, 0.15, 150.0, rtf_pu=0.03, xtf_pu=0.15, name="Z1"),
        "different values by direction .Z1",
    ),
    (lambda net: pp.create_svc(net, 0, 1, -10, 1.0, 90), "SVCs"),
    (lambda net: pp.create_load(net, 4, 1.0, const_z_p_percent=50.0), "voltage-dependent loads"),
    (lambda net: pp.create_switch(net, 3, 4, "b", z_ohm=0.1), "switches with an impedance"),
    (_damage("line", "x_ohm_per_km", np.nan), "line 0 with x_ohm_per_km nan"),
    (_damage("bus", "vn_kv", 0.0), "bus 0 with vn_kv 0; with a number above zero"),
    (_damage("line", "from_bus", 77), "line 0 at bus 77, which does not exist"),
    (_damage("ext_grid", "in_service", False), "no infeed"),
    (_damage("load", "p_mw", np.nan), "load 0 with p_mw nan"),
]


@pytest.mark.parametrize(("change", "says"), REFUSED)
def test_what_cannot_be_modelled_is_one_sentence(change: Callable[[Any], object], says: str) -> None:
    """It names the equipment or the value, and what would load."""
    net = _case9()
    change(net)
    with pytest.raises(UnsupportedGrid, match=says) as refusal:
        model_from_net(net, "mine")
    assert "would load" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_negative_resistance_is_real_data() -> None:
    """Network equivalents have them: they load and solve like pandapower."""
    net = _case9()
    net.line.loc[0, "r_ohm_per_km"] = -0.5
    solution = solve(GridState.at_start(model_from_net(copy.deepcopy(net), "negative")))
    pp.runpp(net, numba=False)
    assert solution.vm_pu == pytest.approx(net.res_bus.vm_pu.to_numpy(), abs=1e-9)
