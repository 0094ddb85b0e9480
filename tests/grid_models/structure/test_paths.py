"""Paths: distances obey the laws of a metric, the table adds up, and what is said about redundancy holds when a branch is opened."""

import itertools
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from grid_models.actions import Action, ActionKind
from grid_models.structure.graph import graph_of
from grid_models.structure.paths import PathFound, path_between
from grid_models.structure.places import place_of
from grid_models.structure.routes import Metric
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState


def opened(name: str) -> list[Action]:
    return [Action(kind=ActionKind.OPEN, element=name)]


def path(state: GridState, one: str, other: str, metric: Metric = Metric.HOPS) -> PathFound:
    return path_between(state, place_of(state.model, one), place_of(state.model, other), metric)


def total(found: PathFound, metric: Metric) -> float:
    value = {Metric.HOPS: found.hops, Metric.LENGTH: found.length_km, Metric.IMPEDANCE: found.impedance_pu}[metric]
    assert value is not None
    return float(value)


def sample(grid: Grid, count: int) -> list[str]:
    """Busbars chosen by a fixed seed."""
    buses = grid.model.buses
    rows = np.random.default_rng(5).choice(np.flatnonzero(buses.is_busbar), count, replace=False)
    return [buses.name[i] for i in rows]


@pytest.mark.parametrize("metric", list(Metric))
def test_distances_obey_the_laws_of_a_metric(default_grid: Grid, metric: Metric) -> None:
    """Symmetric, the triangle inequality, and never fewer branches than the path by hops."""
    state, names = default_grid.state_at(), sample(default_grid, 9)
    distance = {(a, b): total(path(state, a, b, metric), metric) for a in names for b in names if a != b}
    for a, b, c in itertools.permutations(names, 3):
        assert distance[a, b] == pytest.approx(distance[b, a], abs=1e-9)
        assert distance[a, c] <= distance[a, b] + distance[b, c] + 1e-9
    for a, b in itertools.combinations(names, 2):
        fewest, other = path(state, a, b).hops, path(state, a, b, metric).hops
        assert fewest is not None
        assert other is not None
        assert fewest <= other


def test_a_path_is_a_chain_whose_figures_add_up(default_grid: Grid) -> None:
    """Each step starts where the last one ended; kilometres and |z| are the sums of the branches' own."""
    state = default_grid.state_at()
    found, branches = path(state, "HV1 Bus 97", "HV1 Bus 119", Metric.LENGTH), default_grid.model.branches
    rows = [branches.name.index(s.branch) for s in found.steps]
    assert [s.to_bus for s in found.steps[:-1]] == [s.from_bus for s in found.steps[1:]]
    assert (found.steps[0].from_bus, found.steps[-1].to_bus) == ("HV1 Bus 97", "HV1 Bus 119")
    assert found.length_km == pytest.approx(branches.length_km[rows].sum())
    at = branches.tap_offset[rows]
    assert found.impedance_pu == pytest.approx(np.abs(branches.r_pu[at] + 1j * branches.x_pu[at]).sum())
    assert found.impedance_pu is not None
    assert found.impedance_ohm == pytest.approx(found.impedance_pu * 110.0**2 / 100.0)


def test_ohm_is_withheld_across_voltage_levels(default_grid: Grid) -> None:
    """An ohm at 380 kV is no ohm at 110 kV."""
    found = path(default_grid.state_at(), "EHV Bus 143", "HV1 Bus 97", Metric.IMPEDANCE)
    assert found.impedance_pu is not None
    assert found.impedance_ohm is None


def test_hops_of_case39_by_hand(case39: Grid) -> None:
    """From the one-line diagram: 1-2-3-18-17-16, two ways round; bus 20 hangs on 16-19 and 19-20."""
    state = case39.state_at()
    found = path(state, "Bus 1", "Bus 16")
    assert (found.hops, found.edge_disjoint_paths, found.single_points) == (5, 2, ())
    radial = path(state, "Bus 20", "Bus 16")
    assert (radial.buses, radial.edge_disjoint_paths) == (("Bus 20", "Bus 19", "Bus 16"), 1)
    assert set(radial.single_points) == {s.branch for s in radial.steps}


def test_edge_disjoint_paths_equal_networkx(case39: Grid) -> None:
    """The maximum flow of another library, parallel circuits as capacity."""
    state = case39.state_at()
    graph: nx.Graph[int] = nx.Graph()
    for a, b in graph_of(state).connected.edges():
        before = graph.edges[a, b]["capacity"] if graph.has_edge(a, b) else 0
        graph.add_edge(a, b, capacity=before + 1)
    node = graph_of(state).topology.node_of_bus
    row = {n: i for i, n in enumerate(case39.model.buses.name)}
    for one, other in itertools.combinations(sample(case39, 8), 2):
        expected = nx.maximum_flow_value(graph, int(node[row[one]]), int(node[row[other]]))
        assert path(state, one, other).edge_disjoint_paths == expected


def test_losing_a_single_point_parts_the_two(default_grid: Grid) -> None:
    """And losing any other branch of the path does not."""
    state = default_grid.state_at()
    found = path(state, "HV1 Bus 119", "HV1 Bus 5")
    assert found.single_points == ("HV1 Line 53",)
    for step in found.steps:
        parted = not path(state.apply(opened(step.branch)), "HV1 Bus 119", "HV1 Bus 5").steps
        assert parted is (step.branch in found.single_points)


@pytest.mark.parametrize("grid_name", ["1-HV-mixed--0-sw", "case39"])
def test_closing_what_is_named_joins_them_again(grid_name: str, grid_cache: Path) -> None:
    """Open a radial branch: the closures said to be missing restore the path, and fewer do not."""
    grid = load_grid(grid_name, grid_cache)
    branch, one, other = {"case39": ("Line 16-19 (1)", "Bus 16", "Bus 20")}.get(grid_name, ("HV1 Line 12", "HV1 Bus 5", "HV1 Bus 97"))
    state = grid.state_at().apply(opened(branch))
    found = path(state, one, other)
    assert found.reason == "no branch in service joins them"
    assert found.closures
    for missing in range(len(found.closures) + 1):
        kept = [c for i, c in enumerate(found.closures) if i != missing]
        switch_closed, branch_on = state.switch_closed.copy(), state.branch_on.copy()
        for closure in kept:
            element = grid.model.registry.find(closure.element)
            (switch_closed if element.kind is ElementKind.SWITCH else branch_on)[element.index] = True
        joined = bool(path(state.with_arrays(switch_closed=switch_closed, branch_on=branch_on), one, other).steps)
        assert joined is (len(kept) == len(found.closures))


def test_without_lengths_it_says_so_and_offers_another_metric(case39: Grid) -> None:
    """A converted case gives every line 1 km: that is no length."""
    found = path(case39.state_at(), "Bus 1", "Bus 16", Metric.LENGTH)
    assert not found.steps
    assert "no line lengths" in found.reason
    assert "impedance" in found.reason


def test_coupled_busbars_are_one_node(default_grid: Grid) -> None:
    """No branch lies between two busbars with a closed coupler."""
    found = path(default_grid.state_at(), "HV1 Bus 5", "HV1 Bus 6")
    assert (found.reason, found.hops, found.steps) == ("", 0, ())
