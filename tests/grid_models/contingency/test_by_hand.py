"""Small grids at 110 kV whose answers fit into a docstring: islands, lost load, total loss of supply, overloads, severity.

Lines are short and lossless unless said otherwise; 20 MW at 1 pu are 20 / (√3 · 110) = 0.104973 kA, 104.97 % of a rating of 0.1 kA.
"""

from typing import Any

import numpy as np
import pandapower as pp
import pytest

from grid_models.contingency.outages import Outage, OutageKind, outage_of, outages_of_kinds
from grid_models.contingency.screening import screen_outages
from grid_models.contingency.summary import Summary, summarise
from grid_models.intake.net import model_from_net
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.twin.state import GridState

LIMITS = OperatingLimits((VoltageBand("test", 100.0, 120.0, 0.95, 1.05),), max_loading_percent=100.0, loading_rule="test")
FULL = 20.0 / (np.sqrt(3) * 110.0) / 0.1 * 100.0  # percent
pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower


def _net(buses: int, lines: list[tuple[int, int]], loads: dict[int, complex], infeeds: tuple[int, ...] = (0,), x_ohm: float = 0.001) -> Any:
    net = pp.create_empty_network()
    for number in range(buses):
        pp.create_bus(net, 110.0, name=f"B{number}")
    for number, (one, other) in enumerate(lines):
        pp.create_line_from_parameters(net, one, other, 1.0, 0.0, x_ohm, 0.0, 0.1, name=f"L{number}")
    for bus, power in loads.items():
        pp.create_load(net, bus, power.real, power.imag, name=f"Load {bus}")
    for bus in infeeds:
        pp.create_ext_grid(net, bus, name=f"Infeed {bus}")
    return net


def _state(net: Any) -> GridState:
    return GridState.at_start(model_from_net(net, "by hand"))


def _summary(state: GridState, *names: str) -> Summary:
    """One outage per name; names joined by + fail together."""
    outages = []
    for name in names:
        elements = tuple(state.model.registry.find(part) for part in name.split("+"))
        outages.append(outage_of(elements[0]) if len(elements) == 1 else Outage(OutageKind.GROUP, elements))
    return summarise(state, outages, LIMITS)


def test_a_chain_loses_what_lies_behind_the_line() -> None:
    """B0 (infeed) - L0 - B1 - L1 - B2 - L2 - B3 - L3 - B4, loads of 10, 20, 30 and 0 MW at B1 to B4, 5 MW of generation at B3.

    Losing L1 cuts off B2 to B4, the larger part: 50 MW of load and 5 MW of generation in one part. Losing L0: all 60 MW; the infeed's
    bus lives on. Losing L1 and L3 cuts off two parts. Losing B1 itself: its own 10 MW and one part behind it, 60 MW. Losing the
    infeed is total loss of supply. Severity: the percentage of the 60 MW that is lost.
    """
    net = _net(5, [(0, 1), (1, 2), (2, 3), (3, 4)], {1: 10 + 0j, 2: 20 + 0j, 3: 30 + 0j})
    pp.create_sgen(net, 3, 5.0, name="Park")
    summary = _summary(_state(net), "L1", "L0", "L1+L3", "B1", "Infeed 0", "B0")
    assert summary.solved.all()
    assert summary.lost_load_mw == pytest.approx([50, 60, 50, 60, 60, 60])
    assert summary.lost_generation_mw == pytest.approx([5, 5, 5, 5, 5, 5])
    assert summary.islands.tolist() == [1, 1, 2, 1, 1, 1]
    assert summary.total_loss.tolist() == [False, False, False, False, True, True]
    assert summary.severity == pytest.approx([500 / 6, 100, 500 / 6, 100, 100, 100], abs=0.01)
    assert summary.order.tolist() == [1, 3, 4, 5, 0, 2]  # equal values keep the order asked for
    assert summary.vm_min_pu[0] == pytest.approx(1.0, abs=1e-4)
    assert np.isnan(summary.vm_min_pu[4])


def test_two_parts_with_an_infeed_each_both_live() -> None:
    """B0 (infeed) - L0 - B1 - L1 - B2 - L2 - B3 (infeed); 20 MW at B1, 10 MW at B2.

    Losing L1 leaves two balances: L0 carries 20 MW = 104.97 %, L2 10 MW = 52.49 %; nothing is lost and nothing is cut off.
    Losing L0 instead, L2 carries 30 MW = 157.46 % and L1 20 MW. Losing both infeeds is total loss, one of them is not.
    """
    state = _state(_net(4, [(0, 1), (1, 2), (2, 3)], {1: 20 + 0j, 2: 10 + 0j}, infeeds=(0, 3)))
    summary = _summary(state, "L1", "L0", "Infeed 0", "Infeed 0+Infeed 3", "Infeed 0+L2")
    assert summary.solved.all()
    assert summary.islands.tolist() == [0, 0, 0, 1, 1]
    assert summary.lost_load_mw == pytest.approx([0, 0, 0, 30, 30])
    assert summary.total_loss.tolist() == [False, False, False, True, False]
    loading = screen_outages(state, summary.outages).loading_percent
    assert loading[0] == pytest.approx([FULL, np.nan, FULL / 2], abs=0.01, nan_ok=True)
    assert loading[1] == pytest.approx([np.nan, FULL, FULL * 1.5], abs=0.01, nan_ok=True)
    own = [(o, b) for o, b in zip(summary.over_outage, summary.over_branch, strict=True)]
    assert own == [(0, 0), (1, 2), (1, 1), (2, 2), (2, 1)]  # by outage, heaviest first
    assert summary.severity[:2] == pytest.approx([FULL - 100, FULL * 1.5 - 100], abs=0.01)


def test_a_double_circuit_fails_with_both_its_lines() -> None:
    """B0 (infeed) = L0, L1 = B1 with 20 MW: one circuit lost loads the other to 104.97 %; both lost cut off the load."""
    state = _state(_net(2, [(0, 1), (0, 1)], {1: 20 + 0j}))
    assert [o.name for o in outages_of_kinds(state, [OutageKind.DOUBLE_CIRCUIT])] == ["L0 + L1"]
    summary = _summary(state, "L0", "L0+L1")
    assert summary.max_loading_percent[0] == pytest.approx(FULL, abs=0.01)
    assert summary.max_loading_branch.tolist() == [1, -1]
    assert summary.lost_load_mw == pytest.approx([0, 20])


def test_three_parallel_circuits_are_three_double_circuits() -> None:
    """Any two of three may fail together."""
    state = _state(_net(2, [(0, 1)] * 3, {1: 20 + 0j}))
    assert [o.name for o in outages_of_kinds(state, [OutageKind.DOUBLE_CIRCUIT])] == ["L0 + L1", "L0 + L2", "L1 + L2"]


def test_a_voltage_that_leaves_its_band_counts_by_its_distance() -> None:
    """Two lines of 12.1 Ω = 0.1 pu on 100 MVA feed 50 Mvar = 0.5 pu. A lossless line: V = (1 + √(1 - 4 · Q · X)) / 2.

    Both: X = 0.05, V = (1 + √0.9) / 2 = 0.974342, inside 0.95 to 1.05. One: X = 0.1, V = (1 + √0.8) / 2 = 0.947214: 0.002786 pu
    outside, 2.786 points; its line carries 50 / (√3 · 110 · 0.947214) = 0.277055 kA = 277.06 %, 177.06 points.
    """
    state = _state(_net(2, [(0, 1), (0, 1)], {1: 50j}, x_ohm=12.1))
    summary = _summary(state, "L0")
    assert summary.vm_min_pu[0] == pytest.approx((1 + np.sqrt(0.8)) / 2, abs=1e-7)
    assert summary.voltage_violations.tolist() == [1]
    assert summary.voltage_excess_pu[0] == pytest.approx(0.002786, abs=1e-6)
    assert summary.severity[0] == pytest.approx(2.786 + 177.055, abs=0.01)


def test_a_voltage_that_was_outside_before_is_not_counted_again() -> None:
    """As above with 60 Mvar: V = (1 + √0.88) / 2 = 0.969, and a band from 0.98: outside before the outage already."""
    state = _state(_net(2, [(0, 1), (0, 1)], {1: 60j}, x_ohm=12.1))
    tight = OperatingLimits((VoltageBand("test", 100.0, 120.0, 0.98, 1.05),), max_loading_percent=1000.0, loading_rule="test")
    summary = summarise(state, outages_of_kinds(state, [OutageKind.LINE]), tight)
    assert summary.voltage_violations.tolist() == [0, 0]
    assert summary.severity.tolist() == [0.0, 0.0]


def test_too_much_for_one_line_is_a_failed_case_with_its_reason() -> None:
    """300 Mvar = 3 pu over 0.1 pu each: with one line 4 · Q · X = 1.2 > 1 has no solution, with both 0.6 has one."""
    state = _state(_net(2, [(0, 1), (0, 1)], {1: 300j}, x_ohm=12.1))
    summary = _summary(state, "L0", "L0+L1")
    assert summary.solved.tolist() == [False, True]
    assert "L0" in summary.reason[0]
    assert summary.reason[1] == ""
    assert np.isnan(summary.severity[0])
    assert summary.order.tolist() == [1, 0]


def test_unrated_branches_never_overload() -> None:
    """A placeholder rating is none: no loading, no overload, and voltages are still judged."""
    net = _net(2, [(0, 1), (0, 1)], {1: 50j}, x_ohm=12.1)
    net.line["max_i_ka"] = np.nan
    summary = _summary(_state(net), "L0")
    assert np.isnan(summary.max_loading_percent[0])
    assert summary.max_loading_branch.tolist() == [-1]
    assert len(summary.over_percent) == 0
    assert summary.voltage_violations.tolist() == [1]


def test_machines_that_share_a_node_fail_one_by_one() -> None:
    """B0 (infeed) - 12.1 Ω - B1 with 40 Mvar and two machines that hold 1.02 pu: with one gone the other holds; with both
    V = (1 + √(1 - 4 · 0.4 · 0.1)) / 2 = 0.958258. A third case stops one that says 1.01 first: the next says 1.02.
    """
    net = _net(2, [(0, 1)], {1: 40j}, x_ohm=12.1)
    for name, vm in (("G1", 1.02), ("G2", 1.02)):
        pp.create_gen(net, 1, 0.0, vm_pu=vm, name=name)
    state = _state(net)
    vm = screen_outages(state, _summary(state, "G1", "G2", "G1+G2").outages).vm_pu[:, 1]
    assert vm == pytest.approx([1.02, 1.02, (1 + np.sqrt(0.84)) / 2], abs=1e-7)
    other = state.with_arrays(generator_vm_pu=np.array([1.01, 1.02]))
    assert screen_outages(other, _summary(other, "G1").outages).vm_pu[0, 1] == pytest.approx(1.02, abs=1e-7)


def test_a_machine_beside_a_lost_infeed_holds_the_voltage() -> None:
    """B0 (infeed) - L0 - B1 (infeed 1.0 pu and a machine set to 1.03): without the infeed the machine holds 1.03 pu."""
    net = _net(2, [(0, 1)], {1: 10 + 0j}, infeeds=(0, 1), x_ohm=12.1)
    pp.create_gen(net, 1, 2.0, vm_pu=1.0, name="G")
    state = _state(net)
    state = state.with_arrays(generator_vm_pu=np.array([1.03]))
    assert screen_outages(state, _summary(state, "Infeed 1").outages).vm_pu[0, 1] == pytest.approx(1.03, abs=1e-7)
