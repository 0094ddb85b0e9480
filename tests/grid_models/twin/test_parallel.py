"""Circuits side by side, with and without breakers between them."""

from dataclasses import replace

import numpy as np

from grid_models.twin.model import GridModel, ThreeWindings
from grid_models.twin.parallel import parallel_to
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind, Registry
from grid_models.twin.resolve import resolve


def test_same_two_buses(case118: Grid) -> None:
    """Bus-branch grid: 42-49 is a double circuit, 1-2 is not."""
    registry = case118.model.registry
    assert [e.name for e in parallel_to(registry, registry.find("Line 42-49 (1)"))] == ["Line 42-49 (2)"]
    assert parallel_to(registry, registry.find("Line 1-2 (1)")) == ()


def test_same_two_stations(default_grid: Grid, training: Grid) -> None:
    """Node-breaker grids: each circuit has terminals of its own, behind breakers."""
    registry = default_grid.model.registry
    assert [e.name for e in parallel_to(registry, registry.find("HV1 Line 75"))] == ["HV1 Line 54"]
    registry = training.model.registry
    assert [e.name for e in parallel_to(registry, registry.find("T Line 2"))] == ["T Line 1"]


def test_parallel_is_mutual_and_of_one_kind(default_grid: Grid, case118: Grid) -> None:
    """If one runs beside another, the other runs beside the one."""
    for grid in (default_grid, case118):
        registry = grid.model.registry
        for element in registry.of_kind(ElementKind.LINE, ElementKind.TRANSFORMER):
            for other in parallel_to(registry, element):
                assert other.kind is element.kind
                assert other != element
                assert element in parallel_to(registry, other)


def test_a_bus_runs_beside_nothing(case39: Grid) -> None:
    """Only branches can be parallel."""
    registry = case39.model.registry
    assert parallel_to(registry, registry.find("Bus 5")) == ()


def _with_three_winding(model: GridModel) -> Registry:
    """case39 with its last three transformers renamed to the legs of one."""
    rows = np.arange(len(model.branches) - 3, len(model.branches))
    names = (*model.branches.name[:-3], *(f"West T 7 ({side})" for side in ("hv", "mv", "lv")))
    aliases = tuple(pair for pair in model.aliases if pair[1] in names)
    three = ThreeWindings(("West T 7",), rows[None, :], np.array([0]))
    return Registry(replace(model, branches=replace(model.branches, name=names), three_winding=three, aliases=aliases))


def test_three_winding_transformer_is_found_as_a_transformer(case39: Grid) -> None:
    """The whole answers to 'transformer 7 (West)', a leg only to its full name; 'line' never fits it."""
    registry = _with_three_winding(case39.model)
    for phrase in ("West T 7", "West trafo T 7", "the three-winding transformer", "three-winding transformer West T 7"):
        found = resolve(registry, phrase).element
        assert found is not None
        assert (found.kind, found.name) == (ElementKind.THREE_WINDING, "West T 7")
    leg = resolve(registry, "West T 7 (hv)").element
    assert leg is not None
    assert leg.kind is ElementKind.TRANSFORMER
    assert resolve(registry, "West line T 7").element is None
