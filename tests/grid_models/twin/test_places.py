"""Areas and substations: what is in them, and phrases that mean one."""

import pytest

from grid_models.twin.places import Place, PlaceKind, areas, elements_in, substations
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.resolve import resolve


def test_places_of_the_source_are_listed(default_grid: Grid, case39: Grid) -> None:
    """SimBench names 18 substations; case39 has three areas and no substation."""
    assert len(substations(default_grid.model.registry)) == 18
    assert {p.name for p in areas(case39.model.registry)} == {"1", "2", "3"}
    assert substations(case39.model.registry) == ()


@pytest.mark.parametrize("phrase", ["Substation 3", "station #3", "EHV_HV_substation_3", "the ehv hv substation 3"])
def test_substation_alone_is_a_place(default_grid: Grid, phrase: str) -> None:
    """A substation is no element: nothing can be switched on it, but the place is told."""
    found = resolve(default_grid.model.registry, phrase)
    assert found.element is None
    assert found.candidates == ()
    assert found.place == Place(PlaceKind.SUBSTATION, "EHV_HV_substation_3")


def test_several_places_fit(default_grid: Grid) -> None:
    """'101' is the number of a substation in four MV grids: none is chosen."""
    found = resolve(default_grid.model.registry, "substation 101")
    assert found.place is None
    assert len(found.places) == 4


def test_unknown_place_is_refused_with_the_nearest(default_grid: Grid, case39: Grid) -> None:
    """No substitute for a place either."""
    found = resolve(default_grid.model.registry, "Substation 5")
    assert (found.element, found.candidates, found.places) == (None, (), ())
    assert "EHV_HV_substation_3" in found.nearest
    assert resolve(case39.model.registry, "area 4").places == ()


def test_a_substation_holds_its_busbars_and_bays(default_grid: Grid) -> None:
    """Substation 3 feeds 220 kV into two transformers: infeed, coupler and both transformers stand there."""
    registry = default_grid.model.registry
    names = {e.name for e in elements_in(registry, Place(PlaceKind.SUBSTATION, "EHV_HV_substation_3"))}
    assert {"EHV Bus 1649", "EHV Ext_grid 9", "EHV Switch 4079", "HV1 Trafo 3", "HV1 Trafo 4"} <= names
    assert "HV1 Trafo 1" not in names


def test_areas_share_only_their_tie_lines(case39: Grid) -> None:
    """Every bus is in one area; what is in two areas is a branch between them."""
    registry = case39.model.registry
    one, two, three = (set(elements_in(registry, place)) for place in areas(registry))
    assert one | two | three == set(registry.elements)
    assert all(e.kind in (ElementKind.LINE, ElementKind.TRANSFORMER) for e in (one & two) | (two & three) | (one & three))
