"""Single outages: what is lost, what overloads, and the special cases."""

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.contingency.screening import screen_outages
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.supply import lost_supply, unsupplied
from grid_models.twin.profiles import Grid


def test_every_carrying_branch_and_infeed_is_studied_once(default_grid: Grid) -> None:
    """95 lines, 6 transformers and 3 infeeds, all solved."""
    screening = screen_outages(default_grid.state_at())
    assert len(screening.outages) == len({e.name for e in screening.outages}) == 104
    assert screening.solved.all()


def test_parallel_lines_load_their_twin(default_grid: Grid) -> None:
    """Losing HV1 Line 75 or 54 loads its twin to 155.6 % (DESIGN, measured)."""
    screening = screen_outages(default_grid.state_at())
    name = [e.name for e in screening.outages]
    line = default_grid.model.branches.name.index
    assert screening.loading_percent[name.index("HV1 Line 75"), line("HV1 Line 54")] == pytest.approx(155.6, abs=0.05)
    assert screening.loading_percent[name.index("HV1 Line 54"), line("HV1 Line 75")] == pytest.approx(155.6, abs=0.05)


def test_a_radial_line_loses_what_hangs_on_it(default_grid: Grid) -> None:
    """HV1 Line 12: 10.0 MW of load and 37.3 MW of generation, in one island, by outage and by opening alike."""
    state = default_grid.state_at()
    screening = screen_outages(state)
    row = [e.name for e in screening.outages].index("HV1 Line 12")
    assert (screening.lost_load_mw[row], screening.lost_generation_mw[row]) == (
        pytest.approx(10.0, abs=0.05),
        pytest.approx(37.3, abs=0.05),
    )
    assert screening.islands[row] == 1
    opened = lost_supply(state, state.apply([Action(kind="open", element="HV1 Line 12")]))
    assert opened.load_mw == pytest.approx(screening.lost_load_mw[row])
    assert opened.generation_mw == pytest.approx(screening.lost_generation_mw[row])


def test_an_outage_carries_no_current_itself(default_grid: Grid) -> None:
    """The outaged branch has no loading in its own row."""
    screening = screen_outages(default_grid.state_at())
    for row, outage in enumerate(screening.outages):
        if outage.kind != "infeed":
            assert np.isnan(screening.loading_percent[row, outage.elements[0].index])


def test_losing_the_only_infeed_is_total_loss_not_divergence(case39: Grid) -> None:
    """Everything that was supplied is lost, and the case counts as solved."""
    state = case39.state_at()
    screening = screen_outages(state)
    row = [e.name for e in screening.outages].index("Infeed at Bus 31")
    assert screening.solved[row]
    assert screening.lost_load_mw[row] == pytest.approx(state.load_drawn_mw.sum())


def test_opened_terminals_are_no_lost_supply(default_grid: Grid) -> None:
    """A harmless parallel circuit that is switched off leaves no busbar dead."""
    after = default_grid.state_at().apply([Action(kind="open", element="HV1 Line 14")])
    assert unsupplied(after).dead_buses == ()


def test_power_balances_in_the_base_state(default_grid: Grid, case39: Grid, training: Grid) -> None:
    """Infeeds and generation cover load, losses and shunts."""
    for grid in (default_grid, training, case39):
        state = grid.state_at()
        solution = solve(state)
        shunts = state.model.shunts
        drawn = float(np.sum(shunts.p_mw * state.shunt_step * solution.vm_pu[shunts.bus] ** 2))
        surplus = solution.infeed_p_mw.sum() + state.generator_injected_mw.sum() - state.load_drawn_mw.sum() - solution.losses_mw - drawn
        assert surplus == pytest.approx(0.0, abs=1e-3)


def test_only_the_infeed_left_is_a_solved_case(case39: Grid, training: Grid) -> None:
    """Cutting everything but the infeed's own bus is lost load, by outage and by switching; the process survives."""
    state = case39.state_at()
    screening = screen_outages(state)
    row = [e.name for e in screening.outages].index("Transformer 6-31 (1)")
    assert screening.solved[row]
    infeed_bus = int(case39.model.infeeds.bus[0])
    elsewhere = case39.model.loads.bus != infeed_bus
    assert screening.lost_load_mw[row] == pytest.approx(state.load_drawn_mw[elsewhere].sum())
    both = training.state_at().apply([Action(kind="open", element="T Line 1"), Action(kind="open", element="T Line 2")])
    assert np.sum(~np.isnan(solve(both).vm_pu)) == 1
    assert [e.name for e in screen_outages(both).outages] == ["T Infeed"]


def test_a_state_without_solution_cannot_be_screened(case39: Grid) -> None:
    """The caller learns that the base case itself fails."""
    with pytest.raises(PowerFlowDiverged):
        screen_outages(case39.state_at().apply([Action(kind="open", element="Infeed at Bus 31")]))
