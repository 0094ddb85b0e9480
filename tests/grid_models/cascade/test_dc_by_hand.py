"""DC cascades on a grid of three and one of six buses, worked out with pencil and paper, on both paths.

Lines of equal reactance at 110 kV, ratings in MW. Line k of `lines` is row k of the branch table.
"""

from typing import Any

import numpy as np
import pandapower as pp
import pytest

from grid_models.cascade.dc_ensemble import ensemble
from grid_models.cascade.dc_grid import IslandRule, cascade_grid
from grid_models.cascade.plain_dc import DcCascade, cascade
from grid_models.intake.net import model_from_net
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower


def _state(
    lines: list[tuple[int, int]], loads: dict[int, float], generators: dict[int, float], infeeds: tuple[int, ...] = (0,)
) -> GridState:
    net: Any = pp.create_empty_network()
    for number in range(1 + max(max(ends) for ends in lines)):
        pp.create_bus(net, 110.0, name=f"B{number}")
    for number, (one, other) in enumerate(lines):
        pp.create_line_from_parameters(net, one, other, 1.0, 0.0, 1.0, 0.0, 0.1, name=f"L{number}")
    for bus, power in loads.items():
        pp.create_load(net, bus, power, name=f"Load {bus}")
    for bus, power in generators.items():
        pp.create_sgen(net, bus, power, name=f"Park {bus}")
    for bus in infeeds:
        pp.create_ext_grid(net, bus, name=f"Infeed {bus}")
    return GridState.at_start(model_from_net(net, "by hand"))


def _both(state: GridState, outage: list[int], rating: list[float], factor: float = 1.0, islands: IslandRule = "balanced") -> DcCascade:
    """The plain path's cascade, after the fast one has said the same."""
    ratings = np.array(rating, dtype=float)
    plain = cascade(cascade_grid(state, ratings), np.array(outage), rating_factor=factor, islands=islands)
    fast = ensemble(state, np.array([outage]), rating_mw=ratings, rating_factor=factor, islands=islands, keep_sets=True)
    assert fast.branches_out(0).tolist() == plain.branches_out.tolist()
    assert fast.lost_load_mw[0] == pytest.approx(plain.lost_load_mw, abs=1e-9)
    assert (fast.rounds[0], fast.islands[0]) == (len(plain.steps) - 1, plain.islands)
    assert fast.tripped[0] == sum(len(step.tripped) for step in plain.steps[1:])
    return plain


def _trips(found: DcCascade) -> list[list[int]]:
    return [step.tripped.tolist() for step in found.steps]


TRIANGLE = [(0, 1), (0, 2), (1, 2)]
LADDER = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 4), (3, 4), (4, 5)]


def test_three_buses_one_trip_and_a_dead_bus() -> None:
    """Infeed at B0, 60 MW at B1, 30 MW at B2; ratings 60, 100, 40 MW.

    Intact: the 60 MW split 40 : 20, the 30 MW 20 : 10, so L0 50, L1 40, L2 (B1 to B2) −10. Without L0 all 90 MW go over L1 and 60 of them
    on over L2: above its 40, it trips. B1 is dead: 60 MW lost. L1 then carries 30 MW. Quiet after one round.
    """
    state = _state(TRIANGLE, {1: 60.0, 2: 30.0}, {})
    intact = _both(state, [-1], [60, 100, 40])
    assert intact.steps[0].flow_mw == pytest.approx([50, 40, -10])
    found = _both(state, [0], [60, 100, 40])
    assert _trips(found) == [[0], [2]]
    assert found.steps[0].flow_mw == pytest.approx([0, 90, -60])
    assert found.steps[1].flow_mw == pytest.approx([0, 30, 0])
    assert (found.lost_load_mw, found.islands) == (pytest.approx(60.0), 1)


def test_a_rating_holds_what_it_says_on_both_sides() -> None:
    """60 MW over L2 against ratings of 40 MW times 1.5: exactly its rating, it holds and nothing is lost; times 1.499 it trips."""
    state = _state(TRIANGLE, {1: 60.0, 2: 30.0}, {})
    assert _both(state, [0], [60, 100, 40], 1.5).lost_load_mw == 0.0
    assert _both(state, [0], [60, 100, 40], 1.499).lost_load_mw == pytest.approx(60.0)
    assert _both(state, [0], [60, 100, np.nan], 1.0).lost_load_mw == 0.0  # unrated: never trips


def test_three_buses_an_island_sheds_what_its_generation_cannot_give() -> None:
    """As above with 24 MW of generation at B1: without L0, L2 carries 36 MW, above 30. B1 lives on its 24 MW and sheds 36 of 60.

    Counted as the screenings do, islands without an infeed being lost, all 60 MW are.
    """
    state = _state(TRIANGLE, {1: 60.0, 2: 30.0}, {1: 24.0})
    found = _both(state, [0], [60, 100, 30])
    assert _trips(found) == [[0], [2]]
    assert (found.lost_load_mw, found.islands) == (pytest.approx(36.0), 2)
    dead = _both(state, [0], [60, 100, 30], islands="dead")
    assert (dead.lost_load_mw, dead.islands) == (pytest.approx(60.0), 1)


def test_three_buses_an_island_with_too_much_generation_loses_nothing() -> None:
    """100 MW of generation at B1: without L0, L2 carries 40 MW to B2, above 30; B1 scales its generation down to its 60 MW."""
    found = _both(_state(TRIANGLE, {1: 60.0, 2: 30.0}, {1: 100.0}), [0], [60, 100, 30])
    assert _trips(found) == [[0], [2]]
    assert (found.lost_load_mw, found.islands) == (0.0, 2)
    assert sorted(found.steps[-1].given) == pytest.approx([0.6, 1.0, 1.0])


def test_six_buses_three_rounds_and_an_island_that_splits_again() -> None:
    """Infeed at B0; 40 MW at B2, 20 at B3, 20 at B5, which generates 30; ratings: L2 25, L3 45, L6 15, the others 100. L1 fails.

    L0 brings 50 MW to B1. The loop B1-B2-B4-B3: with a over L2, B2 to B4 a − 40, B4 to B3 a − 30 (B5 brings 10), B3 to B1 a − 50; equal
    reactances, so the sum 4a − 120 is nothing: a = 30. L2 carries 30: trips. Then in a row: L3 50 (trips), L5 30, L4 40, L6 10.
    B2 to B5 are an island with 30 MW for 80: 3/8 of every load is served, 15, 7.5 and 7.5 MW. L6 now brings 22.5 MW from B5: trips.
    B5 keeps 7.5 MW (shed load does not come back) and scales down to a quarter; B2 to B4 have no generation: dead.
    Lost: 40 + 20 + 12.5 = 72.5 MW.
    """
    state = _state(LADDER, {2: 40.0, 3: 20.0, 5: 20.0}, {5: 30.0})
    found = _both(state, [1], [100, 100, 25, 45, 100, 100, 15])
    assert _trips(found) == [[1], [2], [3], [6]]
    assert found.steps[0].flow_mw == pytest.approx([50, 0, 30, 20, -10, 0, -10], abs=1e-9)
    assert found.steps[1].flow_mw == pytest.approx([50, 0, 0, 50, -40, 30, -10], abs=1e-9)
    assert found.steps[2].flow_mw == pytest.approx([0, 0, 0, 0, -15, -7.5, -22.5], abs=1e-9)
    assert found.steps[3].flow_mw == pytest.approx([0] * 7, abs=1e-9)
    assert (found.lost_load_mw, found.islands) == (pytest.approx(72.5), 2)


def test_six_buses_with_islands_counted_dead() -> None:
    """The same, islands without an infeed being lost: quiet after L3 has tripped, and all 80 MW are gone."""
    state = _state(LADDER, {2: 40.0, 3: 20.0, 5: 20.0}, {5: 30.0})
    found = _both(state, [1], [100, 100, 25, 45, 100, 100, 15], islands="dead")
    assert _trips(found) == [[1], [2], [3]]
    assert (found.lost_load_mw, found.islands) == (pytest.approx(80.0), 1)


def test_two_infeeds_balance_an_island_each() -> None:
    """Infeeds at B0 and B5, no generation: losing L3 and L4 leaves B0 to B2 with their 40 MW, B3 to B5 with their 40. Nothing is lost.

    B0 feeds B2 (40 MW): over L0-L2 a third, over L1 two thirds. B5 feeds its own 20 MW and B3's 20 over L6 and L5.
    """
    found = _both(_state(LADDER, {2: 40.0, 3: 20.0, 5: 20.0}, {}, infeeds=(0, 5)), [3, 4], [100] * 7)
    assert found.steps[0].flow_mw == pytest.approx([40 / 3, 80 / 3, 40 / 3, 0, 0, -20, -20])
    assert (found.lost_load_mw, found.islands) == (0.0, 2)
