"""Bridges: the same as removing every branch and looking, and the same loss as the contingency study finds."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from grid_models.actions import Action, ActionKind
from grid_models.contingency.outages import outage_of, state_after
from grid_models.contingency.screening import screen_outages
from grid_models.steady.supply import lost_supply
from grid_models.structure.bridges import bridges_of
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

GRIDS = ["1-HV-mixed--0-sw", "training", "case9", "case39", "case118"]


def parts_after(state: GridState, row: int) -> int:
    """Connected parts among live busbars with one branch row taken out, counted by scipy from the tables."""
    topology, model = topology_of(state), state.model
    kept = topology.branch_live.copy()
    kept[row] = False
    size = len(topology.node_live)
    graph = coo_array((np.ones(int(kept.sum())), (topology.from_node[kept], topology.to_node[kept])), shape=(size, size))
    labels = connected_components(graph, directed=False)[1]
    return len(np.unique(labels[topology.node_of_bus[topology.bus_live & model.buses.is_busbar]]))


@pytest.mark.parametrize("name", GRIDS)
def test_bridges_equal_brute_force(name: str, grid_cache: Path) -> None:
    """Remove each branch and count the parts: exactly the bridges add one."""
    state = load_grid(name, grid_cache).state_at()
    before = len(np.unique(topology_of(state).island_of_node[topology_of(state).node_live]))
    live = np.flatnonzero(topology_of(state).branch_live)
    expected = {state.model.branches.name[row] for row in live if parts_after(state, int(row)) > before}
    assert {b.branch for b in bridges_of(state).bridges} == expected
    assert expected


@pytest.mark.parametrize("name", ["1-HV-mixed--0-sw", "case39", "case118"])
def test_losses_equal_the_contingency_result(name: str, grid_cache: Path) -> None:
    """Lost load and generation of every bridge, from the solved outage; and no other branch loses anything."""
    grid = load_grid(name, grid_cache)
    state = grid.state_at()
    elements = grid.model.registry.of_kind(ElementKind.LINE, ElementKind.TRANSFORMER)
    screening = screen_outages(state, [outage_of(e) for e in elements])
    found = {b.branch: b for b in bridges_of(state).bridges}
    for i, element in enumerate(elements):
        bridge = found.get(element.name)
        if screening.solved[i]:
            assert screening.lost_load_mw[i] == pytest.approx(bridge.lost_load_mw if bridge else 0.0, abs=1e-6)
            assert screening.lost_generation_mw[i] == pytest.approx(bridge.lost_generation_mw if bridge else 0.0, abs=1e-6)


@pytest.mark.parametrize("name", GRIDS)
def test_radial_load_counts_each_load_once(name: str, grid_cache: Path) -> None:
    """The union of what the single outages lose, not their sum."""
    grid = load_grid(name, grid_cache)
    state, found = grid.state_at(), bridges_of(grid.state_at())
    lost = np.zeros(len(grid.model.loads), dtype=bool)
    for bridge in found.bridges:
        after = state_after(state, outage_of(grid.model.registry.find(bridge.branch)))
        lost |= ~topology_of(after).bus_live[grid.model.loads.bus]
        assert lost_supply(state, after).load_mw == pytest.approx(bridge.lost_load_mw)
        assert len(lost_supply(state, after).dead_buses) == bridge.lost_buses
    assert found.radial_load_mw == pytest.approx(state.load_drawn_mw[lost].sum())
    assert [b.lost_load_mw for b in found.bridges] == sorted((b.lost_load_mw for b in found.bridges), reverse=True)


def test_the_radial_line_of_the_default_grid(default_grid: Grid) -> None:
    """DESIGN's fact: HV1 Line 12 is radial, 10.0 MW of load and 37.3 MW of generation; HV1 Line 14 is a parallel circuit."""
    found = {b.branch: b for b in bridges_of(default_grid.state_at()).bridges}
    assert found["HV1 Line 12"].lost_load_mw == pytest.approx(10.0, abs=0.05)
    assert found["HV1 Line 12"].lost_generation_mw == pytest.approx(37.3, abs=0.05)
    assert "HV1 Line 14" not in found


def test_one_circuit_of_a_pair_is_a_bridge_once_the_other_is_open(training: Grid) -> None:
    """Two parallel lines feed the training substation: neither is a bridge, either becomes one."""
    state = training.state_at()
    assert "T Line 1" not in {b.branch for b in bridges_of(state).bridges}
    alone = bridges_of(state.apply([Action(kind=ActionKind.OPEN, element="T Line 2")]))
    lost = {b.branch: b.lost_load_mw for b in alone.bridges}
    assert lost["T Line 1"] == pytest.approx(33.0)
    assert alone.radial_load_mw == pytest.approx(33.0)


@pytest.mark.slow
def test_a_three_winding_transformer_is_lost_as_a_whole(grid_cache: Path) -> None:
    """All three legs go at once: one row under its own name, equal to the outage, and never its star point or a leg."""
    grid = load_grid("example_multivoltage", grid_cache)
    state = grid.state_at()
    name = grid.model.three_winding.name[0]
    row = next(b for b in bridges_of(state).bridges if b.branch == name)
    lost = lost_supply(state, state_after(state, outage_of(grid.model.registry.find(name))))
    assert row.lost_load_mw == pytest.approx(lost.load_mw)
    assert row.lost_buses == len(lost.dead_buses) > 0
    assert row.lost_generation_mw == pytest.approx(lost.generation_mw)
    legs = {grid.model.branches.name[leg] for leg in grid.model.three_winding.legs[0]}
    assert not legs & {b.branch for b in bridges_of(state).bridges}
    assert (row.from_bus, row.to_bus) == ("Bus HV2", "Bus MV0")
