"""Which outages are there, and what does each take out?"""

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.contingency.outages import OutageKind, branches_out, outage_of, outages_of_kinds, single_outages, state_after
from grid_models.contingency.screening import screen_outages
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.topology import topology_of


def test_the_default_list_is_lines_transformers_and_infeeds(default_grid: Grid) -> None:
    """95 lines, 6 transformers, 3 infeeds; the same list whatever the order of the kinds."""
    state = default_grid.state_at()
    kinds = (OutageKind.INFEED, OutageKind.LINE, OutageKind.THREE_WINDING, OutageKind.TRANSFORMER)
    assert single_outages(state) == outages_of_kinds(state, kinds)
    assert [o.kind for o in single_outages(state)] == [OutageKind.LINE] * 95 + [OutageKind.TRANSFORMER] * 6 + [OutageKind.INFEED] * 3


def test_what_is_out_of_service_cannot_fail(training: Grid) -> None:
    """An opened line and a stopped machine leave the lists; a machine without power that holds a voltage stays."""
    state = training.state_at().apply([Action(kind="open", element="T Line 1"), Action(kind="set_p", element="T Machine 1", p_mw=2.0)])
    names = [o.name for o in outages_of_kinds(state, tuple(OutageKind))]
    assert "T Line 1" not in names
    assert "T Machine 1" in names
    still = state.with_arrays(generator_p_mw=np.zeros(3), generator_p_setpoint_mw=np.full(3, np.nan))
    assert [o.name for o in outages_of_kinds(still, [OutageKind.GENERATOR])] == ["T Machine 1"]
    assert "T Machine 1" not in [
        o.name for o in outages_of_kinds(state.apply([Action(kind="open", element="T Machine 1")]), list(OutageKind))
    ]


def test_busbars_are_busbars_and_not_terminals(training: Grid) -> None:
    """Twelve buses, four of them busbars."""
    busbars = outages_of_kinds(training.state_at(), [OutageKind.BUSBAR])
    assert [o.name for o in busbars] == ["A Busbar 1", "A Busbar 2", "B Busbar", "A MV Busbar"]


def test_a_busbar_fault_leaves_the_section_behind_the_coupler(training: Grid) -> None:
    """Busbar 1 takes the transformer with it: 33 MW of load and 21 MW of generation; busbar 2 lives on line 2. B Busbar has the infeed."""
    state = training.state_at()
    screening = screen_outages(state, outages_of_kinds(state, [OutageKind.BUSBAR]))
    bus = {name: i for i, name in enumerate(state.model.buses.name)}
    assert np.isnan(screening.vm_pu[0, [bus["A Busbar 1"], bus["A MV Busbar"]]]).all()
    assert not np.isnan(screening.vm_pu[0, [bus["A Busbar 2"], bus["B Busbar"]]]).any()
    assert (screening.lost_load_mw[0], screening.lost_generation_mw[0]) == (pytest.approx(33.0), pytest.approx(21.0))
    assert screening.lost_load_mw.tolist() == pytest.approx([33.0, 0.0, 33.0, 33.0])
    assert screening.total_loss.tolist() == [False, False, True, False]


def test_double_circuits_join_the_same_two_nodes(default_grid: Grid) -> None:
    """Both circuits of each pair end at the same fused nodes, and every such pair is listed once."""
    state = default_grid.state_at()
    topology, pairs = topology_of(state), outages_of_kinds(state, [OutageKind.DOUBLE_CIRCUIT])
    ends = [frozenset((int(topology.from_node[i]), int(topology.to_node[i]))) for i in range(len(state.model.branches))]
    listed = [tuple(e.index for e in pair.elements) for pair in pairs]
    live = np.flatnonzero(topology.branch_live).tolist()
    assert listed == [(a, b) for a in live for b in live if a < b and ends[a] == ends[b]]
    assert len(listed) > 10


def test_a_group_takes_out_all_its_branches(case39: Grid) -> None:
    """A busbar takes what is joined to it, each branch once."""
    state = case39.state_at()
    bus = outage_of(state.model.registry.find("Bus 16"))
    branches = state.model.branches
    at_bus = np.flatnonzero((branches.from_bus == bus.elements[0].index) | (branches.to_bus == bus.elements[0].index))
    assert branches_out(state, bus) == tuple(at_bus.tolist())
    assert not topology_of(state_after(state, bus)).branch_live[at_bus].any()


@pytest.mark.parametrize("name", ["default_grid", "case39", "training"])
def test_power_balances_after_every_kind_of_outage(name: str, request: pytest.FixtureRequest) -> None:
    """Of what stays energised: infeeds and generation cover load, losses and shunts within 1 kW; the loadings are the screening's."""
    state = request.getfixturevalue(name).state_at()
    every = [o for kind in OutageKind for o in outages_of_kinds(state, [kind])[::17]]
    screening = screen_outages(state, every)
    model = state.model
    for row in np.flatnonzero(screening.solved & ~screening.total_loss).tolist():
        after = state_after(state, every[row])
        solution, live = solve(after), topology_of(after).bus_live
        drawn = after.load_drawn_mw[live[model.loads.bus]].sum()
        vm = np.nan_to_num(solution.vm_pu[model.shunts.bus])
        shunted = np.sum(model.shunts.p_mw * after.shunt_step * vm**2)
        injected = after.generator_injected_mw[live[model.generators.bus]].sum() + np.nansum(solution.infeed_p_mw)
        assert injected == pytest.approx(drawn + solution.losses_mw + shunted, abs=1e-3)
        kept = state.load_drawn_mw[topology_of(state).bus_live[model.loads.bus]].sum() - screening.lost_load_mw[row]
        assert drawn == pytest.approx(kept)
        np.testing.assert_allclose(screening.loading_percent[row], solution.loading_percent, atol=1e-3)
