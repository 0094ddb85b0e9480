"""The current through a switch is that of what hangs behind it, whichever side it is asked from."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.steady.switch_current import SwitchCurrent, switch_current
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState


def through(solution: Solution, name: str) -> SwitchCurrent:
    return switch_current(solution, solution.model.switches.name.index(name))


@pytest.mark.parametrize("switch", ["A Line 1 breaker", "A Line 1 disconnector 1"])
def test_a_bay_carries_the_current_of_its_line(training: Grid, switch: str) -> None:
    """Breaker and disconnector in series: both as much as the line's end."""
    solution = solve(training.state_at())
    row = training.model.branches.name.index("T Line 1")
    assert through(solution, switch).ampere == pytest.approx(solution.i_from_ka[row] * 1000, rel=1e-6)


def test_the_coupler_carries_what_one_busbar_lacks(training: Grid) -> None:
    """Kirchhoff by hand: line 2 stands on busbar 2 alone, so that the coupler carries its current."""
    solution = solve(training.state_at())
    row = training.model.branches.name.index("T Line 2")
    assert through(solution, "A Coupler").ampere == pytest.approx(solution.i_from_ka[row] * 1000, rel=1e-6)


def test_shunts_loads_and_parks_count(training: Grid) -> None:
    """Busbar 1 alone behind the coupler: its shunt of 5 Mvar, with nothing else on it."""
    state = training.state_at().apply(
        [Action(kind="open", element=name) for name in ("T Line 1", "A Trafo 1 disconnector 1")]
        + [Action(kind="close", element="A Trafo 1 disconnector 2")]
    )
    solution = solve(state)
    volts = solution.vm_pu[training.model.buses.name.index("A Busbar 1")]
    assert through(solution, "A Coupler").ampere == pytest.approx(5.0 * volts * 1000 / (np.sqrt(3) * 110), rel=1e-6)


def test_a_switch_at_a_branch_carries_the_current_of_that_end(grid_cache: Path) -> None:
    """Of the end it sits at: a cable's ends differ by its charging."""
    solution = solve(load_grid("example_multivoltage", grid_cache).state_at())
    switches, branches = solution.model.switches, solution.model.branches
    at_end = np.flatnonzero(solution.state.switch_closed & (switches.branch >= 0))
    assert len(at_end)
    for i in at_end:
        row = switches.branch[i]
        end = solution.i_from_ka if switches.bus[i] == branches.from_bus[row] else solution.i_to_ka
        assert switch_current(solution, int(i)).ampere == pytest.approx(np.nan_to_num(end[row]) * 1000)


def test_an_unloaded_or_dead_switch_carries_nothing(training: Grid) -> None:
    """Behind an open breaker; and with no voltage at all."""
    opened = training.state_at().apply([Action(kind="open", element="A Line 1 breaker")])
    assert through(solve(opened), "A Line 1 disconnector 1").ampere == pytest.approx(0.0, abs=1e-3)
    dead = opened.apply([Action(kind="open", element=name) for name in ("A Line 1 disconnector 1", "B Line 1 breaker")])
    closed = dead.apply([Action(kind="close", element="A Line 1 breaker")])
    assert through(solve(closed), "A Line 1 breaker") == SwitchCurrent(0.0)


def test_a_charged_line_draws_its_charging_current(training: Grid) -> None:
    """20 km of open 110-kV line: some amperes, more than a disconnector may break."""
    state = training.state_at().apply([Action(kind="open", element="B Line 1 breaker")])
    assert through(solve(state), "A Line 1 disconnector 1").ampere == pytest.approx(3.7, abs=0.1)


def test_what_is_bridged_or_hidden_between_sources_is_not_told(training: Grid) -> None:
    """Two closed ways share a current nobody can compute, and a machine on each side hides it; neither is a number."""
    state = training.state_at().apply([Action(kind="close", element="A Line 1 disconnector 2")])
    bridged = through(solve(state), "A Line 1 disconnector 1")
    assert bridged.bridged
    assert np.isnan(bridged.ampere)
    model = training.model
    assert not through(solve(training.state_at()), "A Coupler").bridged
    one, two = (model.buses.name.index(f"A Busbar {i}") for i in (1, 2))
    infeeds = replace(model.infeeds, name=("one", "two"), bus=np.array([one, two]), angle_degree=np.zeros(2))
    start = replace(model.start, infeed_on=np.ones(2, dtype=bool), infeed_vm_pu=np.full(2, 1.03))
    solution = solve(GridState.at_start(replace(model, infeeds=infeeds, start=start)))
    hidden = through(solution, "A Coupler")
    assert (bool(np.isnan(hidden.ampere)), hidden.bridged) == (True, False)
