"""Isolation: with the openings made the element is dead, none of them is superfluous, and breakers go before disconnectors."""

from pathlib import Path

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.errors import InvalidAction
from grid_models.steady.supply import lost_supply
from grid_models.structure.isolate import IsolationFound, isolation_of
from grid_models.structure.places import place_of
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import Element, ElementKind
from grid_models.twin.source import load_grid
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

KINDS = (ElementKind.BUS, ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.LOAD, ElementKind.GENERATOR, ElementKind.INFEED)
_STATUS = {ElementKind.LOAD: "load_on", ElementKind.GENERATOR: "generator_on", ElementKind.INFEED: "infeed_on"}


def isolate(state: GridState, name: str) -> IsolationFound:
    return isolation_of(state, place_of(state.model, name))


def reached(state: GridState, element: Element) -> bool:
    """Does anything in service still reach the element? Judged from the topology alone."""
    topology = topology_of(state)
    if element.kind is ElementKind.BUS:
        return bool(topology.bus_live[element.index])
    if element.kind in (ElementKind.LINE, ElementKind.TRANSFORMER):
        return bool(topology.branch_live[element.index])
    return bool(getattr(state, _STATUS[element.kind])[element.index])


@pytest.mark.parametrize("name", ["1-HV-mixed--0-sw", "training", "case39"])
def test_every_element_of_every_kind_is_really_isolated(name: str, grid_cache: Path) -> None:
    """Nothing reaches it afterwards, the base state is untouched, and the loss is what that state loses."""
    grid = load_grid(name, grid_cache)
    state = grid.state_at()
    kept = state.state_id
    for element in grid.model.registry.of_kind(*KINDS):
        found = isolate(state, element.name)
        assert found.isolated, element.name
        assert not reached(found.after, element), element.name
        assert found.lost_load_mw == pytest.approx(lost_supply(state, found.after).load_mw)
    assert state.state_id == kept


def test_no_opening_of_a_breaker_is_superfluous(default_grid: Grid) -> None:
    """Closing any one breaker again joins the element to something outside: the set is minimal."""
    state, model = default_grid.state_at(), default_grid.model
    rows = {n: i for i, n in enumerate(model.switches.name)}
    chosen = [e for k in (ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.BUS) for e in model.registry.of_kind(k)[:40]]
    for element in chosen:
        found = isolate(state, element.name)
        before = set(topology_of(found.after).node_of_bus[list(model.registry.bus_of(element))].tolist())
        for opening in found.openings:
            if opening.to_open and opening.kind == "breaker" and model.switches.branch[rows[opening.element]] >= 0:
                at = model.switches.bus if element.kind is ElementKind.BUS else model.switches.branch
                assert at[rows[opening.element]] == element.index  # it sits at the very end of the branch
            elif opening.to_open and opening.kind == "breaker":
                closed = found.after.switch_closed.copy()
                closed[rows[opening.element]] = True
                again = topology_of(found.after.with_arrays(switch_closed=closed))
                members = np.isin(again.node_of_bus, again.node_of_bus[list(model.registry.bus_of(element))])
                alone = np.isin(topology_of(found.after).node_of_bus, list(before))
                assert members.sum() > alone.sum(), (element.name, opening.element)


def test_the_bays_of_the_training_substation_by_hand(training: Grid) -> None:
    """Line 1: its breaker at each end, then the closed disconnector behind the breaker at A; B's bay has none."""
    found = isolate(training.state_at(), "T Line 1")
    steps = [(o.order, o.element) for o in found.openings if o.to_open]
    assert steps == [(1, "A Line 1 breaker"), (2, "B Line 1 breaker"), (3, "A Line 1 disconnector 1")]
    assert (found.lost_load_mw, found.radial) == (0.0, False)


def test_a_busbar_goes_with_the_bays_its_disconnectors_join(training: Grid) -> None:
    """Disconnectors must not break load: coupler and bay breakers first; the bay breakers may close again afterwards."""
    found = isolate(training.state_at(), "A Busbar 1")
    opened = {o.element: o for o in found.openings if o.to_open}
    assert set(opened) == {
        "A Coupler",
        "A Line 1 breaker",
        "A Trafo 1 breaker",
        "A Line 1 disconnector 1",
        "A Trafo 1 disconnector 1",
    }
    assert {name for name, o in opened.items() if not o.stays_open} == {"A Line 1 breaker", "A Trafo 1 breaker"}
    assert found.lost_load_mw == pytest.approx(33.0)
    assert found.lost_generation_mw == pytest.approx(21.0)
    assert found.radial
    kinds = [o.kind for o in found.openings if o.to_open]
    assert kinds == sorted(kinds)  # 'breaker' before 'disconnector'


def test_positions_are_the_present_ones(default_grid: Grid) -> None:
    """HV1 Line 12: two closed breakers to open, the two to the other busbars are open already."""
    found = isolate(default_grid.state_at(), "HV1 Line 12")
    assert [(o.element, o.closed, o.to_open) for o in found.openings] == [
        ("HV1 Switch 47", True, True),
        ("HV1 Switch 49", True, True),
        ("HV1 Switch 48", False, False),
        ("HV1 Switch 50", False, False),
    ]
    assert found.radial
    assert found.lost_load_mw == pytest.approx(10.0, abs=0.05)


def test_what_is_isolated_needs_nothing_more(default_grid: Grid) -> None:
    """Asked again on the state after it, there is nothing left to open."""
    first = isolate(default_grid.state_at(), "HV1 Trafo 1")
    again = isolate(first.after, "HV1 Trafo 1")
    assert again.isolated
    assert not any(o.to_open for o in again.openings)


def test_a_switch_is_refused_in_one_sentence(training: Grid) -> None:
    """What can be isolated is said."""
    with pytest.raises(InvalidAction, match="is a switch; a branch, busbar"):
        isolate(training.state_at(), "A Coupler")


def test_only_the_winding_at_the_bus_is_opened_of_a_three_winding_transformer(grid_cache: Path) -> None:
    """Its other windings keep their supply: the opening names the winding, and what is lost is what that one opening loses."""
    state = load_grid("example_multivoltage", grid_cache).state_at()
    found = isolate(state, "Bus MV0")
    windings = [o.element for o in found.openings if o.to_open and o.kind == ElementKind.THREE_WINDING]
    assert windings == ["HV-MV-MV-Trafo (lv)"]
    opened = state.apply([Action(kind="open", element=windings[0])])
    after = found.after
    legs = state.model.three_winding.legs[0]
    assert np.array_equal(opened.branch_on[legs], after.branch_on[legs])
    assert found.lost_load_mw == pytest.approx(lost_supply(state, after).load_mw)
    whole = isolate(state, "HV-MV-MV-Trafo")
    assert [o.element for o in whole.openings if o.to_open] == ["HV-MV-MV-Trafo"]
    assert whole.lost_load_mw > found.lost_load_mw
