"""Every name of the source finds its element or a choice, also where one missing or repeated name keeps the others from being shown."""

from typing import Any

import pandapower as pp
import pytest

from grid_models.errors import AmbiguousElement
from grid_models.intake.net import model_from_net
from grid_models.twin.model import GridModel
from grid_models.twin.registry import ElementKind
from grid_models.twin.resolve import resolve

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower


@pytest.fixture(scope="module")
def village() -> GridModel:
    """Two buses 'Dorf', one bus and one line without a name, a bus, a load and two generators called 'Mill', quotes and umlauts."""
    net = pp.create_empty_network()
    names = ("Süd 'A'", "Dorf", "Dorf", None, "Mill")
    bus = [pp.create_bus(net, 20.0, name=name) for name in names]
    pp.create_ext_grid(net, bus[0], name="Grid")
    pp.create_gen(net, bus[0], 0.0, slack=True, name="Grid")
    for one, other, name in ((0, 1, "cable 1"), (1, 2, "cable 2"), (2, 3, None), (3, 4, "cable 1")):
        _line(net, bus[one], bus[other], name)
    for at, name in ((1, "neg"), (2, "neg"), (4, "Mill")):
        pp.create_load(net, bus[at], 1.0, name=name)
    pp.create_sgen(net, bus[4], 0.1, name="Mill")
    pp.create_gen(net, bus[4], 0.1, name="Mill")
    return model_from_net(net, "village")


def _line(net: Any, one: Any, other: Any, name: str | None) -> None:
    pp.create_line_from_parameters(net, one, other, 1.0, 0.1, 0.3, 10.0, 0.4, name=name)


def test_a_bus_keeps_its_name_and_repeated_ones_are_numbered(village: GridModel) -> None:
    """One bus without a name takes no other bus's name away; of two 'Dorf' neither is simply 'Dorf'."""
    assert village.buses.name == ("Süd 'A'", "Dorf (1)", "Dorf (2)", "Bus 4", "Mill")
    assert [e.name for e in resolve(village.registry, "bus Dorf").candidates] == ["Dorf (1)", "Dorf (2)"]
    with pytest.raises(AmbiguousElement, match=r"Dorf \(1\), Dorf \(2\)"):
        village.registry.find("Dorf")


def test_the_source_name_of_a_line_shown_by_its_ends_wins_over_the_table_index(village: GridModel) -> None:
    """'cable 2' is the cable of that name (row 1), not the line with index 2; two 'cable 1' are a choice."""
    assert [village.registry.find(name).index for name in ("cable 2", "CABLE 2")] == [1, 1]
    found = resolve(village.registry, "cable 2").element
    assert found is not None
    assert (found.kind, found.index) == (ElementKind.LINE, 1)
    assert {e.index for e in resolve(village.registry, "line cable 1").candidates} == {0, 3}


@pytest.mark.parametrize(("phrase", "kind", "rows"), [("load neg", ElementKind.LOAD, {0, 1}), ("load mill", ElementKind.LOAD, {2})])
def test_a_kind_word_before_a_hidden_name_narrows_it(village: GridModel, phrase: str, kind: ElementKind, rows: set[int]) -> None:
    """Names that are no longer shown are understood with the kind's word too."""
    found = resolve(village.registry, phrase)
    elements = (found.element,) if found.element else found.candidates
    assert {(e.kind, e.index) for e in elements if e} == {(kind, row) for row in rows}


def test_one_name_of_several_kinds_is_asked_about_in_words_that_work(village: GridModel) -> None:
    """A bus 'Mill' and two generators 'Mill' of two tables: the error names what would find each."""
    assert village.generators.name == ("Mill (1)", "Mill (2)")
    assert village.infeeds.name == ("Grid (1)", "Grid (2)")
    assert {e.index for e in resolve(village.registry, "generator Mill").candidates} == {0, 1}
    assert village.registry.find("bus Mill").kind is ElementKind.BUS


def test_a_bus_and_a_load_of_one_name_are_told_apart_by_their_kind() -> None:
    """'North fits 2 elements: bus North, load North': either of these finds its own."""
    net = pp.create_empty_network()
    pp.create_ext_grid(net, pp.create_bus(net, 20.0, name="North"), name="Feed")
    pp.create_load(net, 0, 1.0, name="North")
    registry = model_from_net(net, "north").registry
    with pytest.raises(AmbiguousElement, match="bus North, load North"):
        registry.find("North")
    assert [registry.find(f"{kind} North").kind for kind in ("bus", "load")] == [ElementKind.BUS, ElementKind.LOAD]


def test_a_name_without_its_number_is_every_element_that_carries_one(village: GridModel) -> None:
    """'Line Dorf (2)-4' has one circuit, 'Load at Dorf' is two."""
    assert village.registry.find("line dorf (2)-4").index == 2
    assert [e.name for e in village.registry.exact("Grid")] == ["Grid (1)", "Grid (2)"]
