"""Neighbours are seen from fused stations and agree from both sides, also when a branch is out; islands and ties agree with the twin."""

from pathlib import Path

import numpy as np
import pytest

from grid_models.actions import Action, ActionKind
from grid_models.steady.boundary import solve
from grid_models.steady.supply import unsupplied
from grid_models.structure.islands import islands_of
from grid_models.structure.neighbours import Neighbourhood, neighbours_of
from grid_models.structure.places import place_of
from grid_models.structure.ties import areas_of, ties_of
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

OPEN_12 = [Action(kind=ActionKind.OPEN, element="HV1 Line 12")]


def around(state: GridState, name: str) -> Neighbourhood:
    return neighbours_of(state, place_of(state.model, name))


@pytest.mark.parametrize("name", ["1-HV-mixed--0-sw", "case39"])
def test_neighbours_agree_from_both_sides(name: str, grid_cache: Path) -> None:
    """If B is next to A over a branch, A is next to B over it, in service or not."""
    grid = load_grid(name, grid_cache)
    state = grid.state_at()
    if name != "case39":
        state = state.apply(OPEN_12)
    node = topology_of(state).node_of_bus
    row = {n: i for i, n in enumerate(grid.model.buses.name)}
    for bus in np.flatnonzero(grid.model.buses.is_busbar)[::3]:
        for there in around(state, grid.model.buses.name[bus]).branches:
            back = [r for r in around(state, there.bus).branches if r.branch == there.branch]
            assert [r.in_service for r in back] == [there.in_service]
            assert node[row[back[0].bus]] == node[bus]


def test_neighbours_of_case39_by_hand(case39: Grid) -> None:
    """Bus 16 of the one-line diagram, and the load that stands there."""
    found = around(case39.state_at(), "Bus 16")
    assert [r.bus for r in found.branches] == ["Bus 15", "Bus 17", "Bus 19", "Bus 21", "Bus 24"]
    assert [h.element for h in found.hanging] == ["Load at Bus 16"]
    assert found.hanging[0].p_mw == pytest.approx(329.0)


def test_busbars_not_terminals_are_neighbours(default_grid: Grid) -> None:
    """On a node-breaker grid no line terminal is ever shown."""
    state, buses = default_grid.state_at(), default_grid.model.buses
    terminals = {n for n, busbar in zip(buses.name, buses.is_busbar, strict=True) if not busbar}
    shown = {r.bus for n, b in zip(buses.name, buses.is_busbar, strict=True) if b for r in around(state, n).branches}
    assert shown
    assert not shown & terminals


def test_an_opened_branch_is_listed_as_out_of_service(default_grid: Grid) -> None:
    """Its breakers leave it on no busbar; it still belongs to the busbars it is normally on. What hung behind it is dead."""
    state = default_grid.state_at().apply(OPEN_12)
    row = next(r for r in around(state, "HV1 Bus 97").branches if r.branch == "HV1 Line 12")
    assert (row.bus, row.in_service) == ("HV1 Bus 5", False)
    assert all(h.p_mw == 0.0 and not h.in_service for h in around(state, "HV1 Bus 97").hanging)


def test_a_branch_a_load_and_a_substation_have_neighbours(default_grid: Grid) -> None:
    """A branch's ends, a load's bus, and a substation of the 380 kV side with its two transformers to 110 kV."""
    state = default_grid.state_at()
    assert set(around(state, "HV1 Line 12").buses) == {"HV1 Bus 5", "HV1 Bus 97"}
    assert around(state, "HV1 Load 3").buses == ("HV1 Bus 119",)
    substation = around(state, "EHV_HV_substation_1")
    assert [(r.bus, r.branch, r.in_service) for r in substation.branches] == [
        ("HV1 Bus 15", "HV1 Trafo 5", True),
        ("HV1 Bus 15", "HV1 Trafo 6", True),
    ]


def test_dead_parts_are_what_the_twin_calls_unsupplied(default_grid: Grid) -> None:
    """Busbars, load and generation of the dead parts add up to the de-energised supply; the parts cover every load."""
    state = default_grid.state_at().apply(OPEN_12)
    found, dead = islands_of(state), unsupplied(state)
    lost = [r for r in found.rows if not r.live]
    assert sum(r.buses for r in lost) == len(dead.dead_buses) == 8
    assert sum(r.load_mw for r in lost) == pytest.approx(dead.load_mw)
    assert sum(r.generation_mw for r in lost) == pytest.approx(dead.generation_mw)
    assert sum(r.load_mw for r in found.rows) == pytest.approx(state.load_drawn_mw.sum())
    assert [r.live for r in found.rows] == [True, False]


def test_tie_flows_of_case39_balance_each_area(case39: Grid) -> None:
    """Load, generation, infeed and branch losses of an area equal what its ties bring: an independent sum over the solved flow."""
    state, model = case39.state_at(), case39.model
    solution, found, area = solve(state), ties_of(case39.state_at()), np.array(areas_of(case39.model))
    branches = model.branches
    for name in found.areas:
        inside = (area[branches.from_bus] == name) & (area[branches.to_bus] == name)
        internal = float((solution.p_from_mw + solution.p_to_mw)[inside].sum())
        here = area == name
        generation = state.generator_injected_mw[here[model.generators.bus]].sum()
        balance = generation + solution.infeed_p_mw[here[model.infeeds.bus]].sum() - state.load_drawn_mw[here[model.loads.bus]].sum()
        crossing = np.flatnonzero(area[branches.from_bus] != area[branches.to_bus])
        out = sum(
            float(solution.p_from_mw[i] if area[branches.from_bus[i]] == name else solution.p_to_mw[i])
            for i in crossing
            if name in (area[branches.from_bus[i]], area[branches.to_bus[i]])
        )
        assert balance - internal == pytest.approx(out, abs=1e-3)
        said = [t.p_mw for t in found.ties if t.from_area == name]
        expected = [
            float(solution.p_from_mw[i] if area[branches.from_bus[i]] == name else solution.p_to_mw[i])
            for i in crossing
            if name == min(area[branches.from_bus[i]], area[branches.to_bus[i]])
        ]
        assert sorted(p for p in said if p is not None) == pytest.approx(sorted(expected))


def test_interface_names_are_no_areas_of_their_own(default_grid: Grid) -> None:
    """SimBench's 'HV1_MV1.101' is a busbar of HV1: the default grid is one area and has no ties."""
    found = ties_of(default_grid.state_at())
    assert (found.areas, found.ties) == (("HV1",), ())
    assert "EHV1_HV1" in found.merged
