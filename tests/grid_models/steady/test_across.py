"""What stands across a gap before it is closed: breakers between busbars, lines, transformers with a phase shift, infeeds."""

from dataclasses import replace

import numpy as np
import pandapower as pp
import pytest

from grid_models.actions import Action
from grid_models.intake.net import model_from_net
from grid_models.steady.across import Gap, gaps_closed
from grid_models.steady.boundary import solve
from grid_models.twin.model import GridModel
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState


def gaps(state: GridState, element: str) -> tuple[Gap, ...]:
    """Closing the element again after it was opened."""
    opened = state.apply([Action(kind="open", element=element)])
    return gaps_closed(solve(opened), opened.apply([Action(kind="close", element=element)]))


def test_a_coupler_joins_two_busbars(training: Grid) -> None:
    """The difference is that of the two busbars in the power flow with the coupler open."""
    opened = training.state_at().apply([Action(kind="open", element="A Coupler")])
    solution = solve(opened)
    one, other = (training.model.buses.name.index(name) for name in ("A Busbar 1", "A Busbar 2"))
    (gap,) = gaps(training.state_at(), "A Coupler")
    assert set(gap.sides) == {"A Busbar 1", "A Busbar 2"}
    assert gap.angle_degree == pytest.approx(abs(solution.va_degree[one] - solution.va_degree[other]))
    assert gap.difference_pu == pytest.approx(abs(solution.vm_pu[one] - solution.vm_pu[other]))
    assert gap.synchronous


def test_nothing_stands_across_what_is_bridged_already(default_grid: Grid) -> None:
    """Beside a closed parallel circuit a line with nearly no load sees nearly no difference: 0.27 degrees."""
    (gap,) = gaps(default_grid.state_at(), "HV1 Line 14")
    assert gap.angle_degree == pytest.approx(0.265, abs=0.005)
    assert gap.difference_pu < 0.003


def test_a_line_open_at_both_ends_is_looked_at_as_energised_from_one(training: Grid) -> None:
    """Closing the whole line or its last breaker finds nearly the same: energising it alone moves little."""
    (whole,), (last,) = gaps(training.state_at(), "T Line 1"), gaps(training.state_at(), "B Line 1 breaker")
    assert whole.angle_degree == pytest.approx(last.angle_degree, abs=0.01)
    assert whole.difference_pu == pytest.approx(last.difference_pu, abs=5e-4)


def test_a_dead_side_is_no_gap(default_grid: Grid) -> None:
    """Behind HV1 Line 12 nothing has voltage once it is open."""
    assert gaps(default_grid.state_at(), "HV1 Line 12") == ()


def test_what_gets_voltage_with_the_closed_element_is_no_gap(default_grid: Grid) -> None:
    """A whole part behind the element, with lines and transformers of its own, comes to life at once."""
    state = default_grid.state_at().apply([Action(kind="open", element="HV1 Line 12")])
    found = gaps_closed(solve(state), default_grid.state_at())
    live = [solve(s).topology.branch_live.sum() for s in (state, default_grid.state_at())]
    assert live[1] - live[0] > 1
    assert found == ()


def transformers() -> GridModel:
    """110 and 20 kV, joined by a transformer Dyn5, which turns by 150 degrees, and by a three-winding one of the same group."""
    net = pp.create_empty_network()
    high, medium, low = (pp.create_bus(net, kv, name=f"{kv} kV") for kv in (110.0, 20.0, 10.0))
    pp.create_ext_grid(net, high, name="Infeed")
    pp.create_load(net, medium, 20.0, 5.0, name="Load")
    pp.create_load(net, low, 2.0, 0.5, name="Small load")
    usual = {"vkr_percent": 0.3, "pfe_kw": 14.0, "i0_percent": 0.07}
    for name in ("T 1", "T 2"):
        pp.create_transformer_from_parameters(net, high, medium, 40.0, 110.0, 20.0, vk_percent=12.0, shift_degree=150.0, name=name, **usual)
    pp.create_transformer3w_from_parameters(
        net, high, medium, low, 110.0, 20.0, 10.0, 63.0, 40.0, 25.0, 12.0, 12.0, 12.0, 0.3, 0.3, 0.3, 14.0, 0.07,
        shift_mv_degree=150.0, shift_lv_degree=150.0, name="T 3",
    )  # fmt: skip
    return model_from_net(net, "transformers")


@pytest.mark.parametrize("element", ["T 1", "T 3"])
def test_the_turn_of_a_transformer_is_no_gap(element: str) -> None:
    """The busbars lie 150 degrees apart, the two sides of the open breaker a few: the drop in the transformer beside it."""
    state = GridState.at_start(transformers())
    solution = solve(state)
    found = gaps(state, element)
    assert abs(abs(solution.va_degree[0] - solution.va_degree[1]) - 150.0) < 10.0
    assert len(found) == 1
    assert 0.5 < found[0].angle_degree < 5.0
    assert found[0].synchronous


def test_a_wrong_group_is_a_wide_gap() -> None:
    """A transformer of another vector group beside one of group 5 stands 150 degrees off."""
    model = transformers()
    shift = model.branches.shift_degree.copy()
    shift[model.branches.name.index("T 2")] = 0.0
    state = GridState.at_start(replace(model, branches=replace(model.branches, shift_degree=shift)))
    state = state.apply([Action(kind="open", element="T 3"), Action(kind="open", element="T 2")])
    (gap,) = gaps_closed(solve(state), state.apply([Action(kind="close", element="T 2")]))
    assert 140.0 < gap.angle_degree < 160.0


def test_parts_with_supplies_of_their_own_are_not_synchronous() -> None:
    """Both transformers open, and an infeed at the 20-kV side: closing one joins two parts."""
    model = transformers()
    at = np.array([0, 1])
    infeeds = replace(model.infeeds, name=("One", "Two"), bus=at, angle_degree=np.array([0.0, -150.0]))
    start = replace(model.start, infeed_on=np.array([True, True]), infeed_vm_pu=np.array([1.0, 1.0]))
    state = GridState.at_start(replace(model, infeeds=infeeds, start=start))
    state = state.apply([Action(kind="open", element=name) for name in ("T 1", "T 2", "T 3")])
    (gap,) = gaps_closed(solve(state), state.apply([Action(kind="close", element="T 1")]))
    assert not gap.synchronous
    off = GridState.at_start(state.model).apply([Action(kind="open", element="Two")])
    (infeed,) = gaps_closed(solve(off), off.apply([Action(kind="close", element="Two")]))
    assert not infeed.synchronous
    assert set(infeed.sides) == {"Two", "20.0 kV"}
