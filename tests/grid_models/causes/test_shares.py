"""Shares add up, follow the sign conventions, and equal what is worked out by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grid_models.causes.branch_end import loaded_end
from grid_models.causes.groups import group_shares, members
from grid_models.causes.injections import Group
from grid_models.causes.linear import direct_flow
from grid_models.causes.shares import ShareMethod, Shares, shares_of
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

HandBuilt = Callable[[], Any]  # the builder of conftest.py


def explained(state: GridState, line: str) -> Shares:
    solution = solve(state)
    return shares_of(solution, loaded_end(solution, state.model.branches.name.index(line)))


def by_name(shares: Shares) -> dict[str, float]:
    return {e.name: float(s) for e, s in zip(shares.injections.element, shares.share_mw, strict=True)}


def test_a_load_and_a_generator_behind_one_lossless_line(hand_built: HandBuilt) -> None:
    """Infeed A — 0.1 pu — B with a load of 30 MW and a generator of 10 MW.

    The line loses no active power, so at every point of the path it carries λ · (30 - 10) MW from A to B: each MW drawn
    adds one, each MW injected takes one away. Shares: load +30, generator -10, no-load flow 0, nothing remains.
    """
    grid = hand_built()
    grid.infeed("A")
    grid.line("AB")
    grid.load("B", "Load", 30.0)
    grid.generator("B", "Park", 10.0)
    shares = explained(grid.state(), "Line AB")
    assert shares.method is ShareMethod.AC_PATH
    assert shares.flow_mw == pytest.approx(20.0, abs=1e-4)
    assert by_name(shares) == {"Load": pytest.approx(30.0, abs=1e-4), "Park": pytest.approx(-10.0, abs=1e-4)}
    assert (shares.transit_mw, shares.remainder_mw) == (pytest.approx(0.0, abs=1e-4), pytest.approx(0.0, abs=1e-4))


def test_losses_are_shared_in_proportion_by_loads_at_one_bus(hand_built: HandBuilt) -> None:
    """Infeed A — r = 0.1 pu — B with loads of 40 and 20 MW: V² - V + 0.1 · 0.6 = 0, so V = 0.93589 pu.

    A sends (1 - V) / 0.1 = 0.641101 pu = 64.110 MW, 4.110 MW of it for losses. Both loads have the same sensitivity all
    along the path, so they share 2 : 1: 42.740 and 21.370 MW, losses included.
    """
    grid = hand_built()
    grid.infeed("A")
    grid.line("AB", r_ohm=10.0, x_ohm=1e-6)
    grid.load("B", "Large", 40.0)
    grid.load("B", "Small", 20.0)
    shares = explained(grid.state(), "Line AB")
    voltage = (1 + np.sqrt(1 - 4 * 0.1 * 0.6)) / 2
    assert shares.flow_mw == pytest.approx((1 - voltage) / 0.1 * 100, abs=1e-3)
    assert by_name(shares) == {
        "Large": pytest.approx(shares.flow_mw * 2 / 3, abs=1e-3),
        "Small": pytest.approx(shares.flow_mw / 3, abs=1e-3),
    }


def test_transit_between_two_infeeds_needs_no_injection(hand_built: HandBuilt) -> None:
    """Infeeds of 1 pu at 0 and -5 degrees over 0.1 pu: sin(5°) / 0.1 pu = 87.156 MW, all of it transit."""
    grid = hand_built()
    grid.infeed("A")
    grid.infeed("B", va_degree=-5.0)
    grid.line("AB")
    state = grid.state()
    shares = explained(state, "Line AB")
    assert shares.flow_mw == pytest.approx(np.sin(np.deg2rad(5.0)) / 0.1 * 100, abs=1e-3)
    assert shares.transit_mw == pytest.approx(shares.flow_mw, abs=1e-6)
    assert [(g.group, g.elements) for g in group_shares(shares, state)] == [(Group.TRANSIT, 0), (Group.REMAINDER, 0)]


def test_a_load_between_two_infeeds_leaves_the_transit_as_it_is(hand_built: HandBuilt) -> None:
    """Transit A → B over M (two lines of 0.1 pu, 2 degrees) and a load at M: each infeed gives half of it.

    Lossless, so sin(2°) / 0.2 pu = 17.45 MW of transit and 10 MW for the load pass Line AM, but for the voltage at M.
    """
    grid = hand_built()
    grid.infeed("A")
    grid.infeed("B", va_degree=-2.0)
    grid.line("AM")
    grid.line("MB")
    grid.load("M", "Load", 20.0)
    shares = explained(grid.state(), "Line AM")
    assert shares.transit_mw == pytest.approx(np.sin(np.deg2rad(2.0)) / 0.2 * 100, abs=0.01)
    assert by_name(shares)["Load"] == pytest.approx(10.0, abs=0.02)


def test_a_share_counts_in_the_direction_of_the_flow_however_the_line_is_drawn(hand_built: HandBuilt) -> None:
    """A generator that feeds back to the infeed adds +, the load beside it opposes -; drawing the line BA changes nothing."""
    found = []
    for ends in ("AB", "BA"):
        grid = hand_built()
        grid.infeed("A")
        grid.line(ends)
        grid.load("B", "Load", 10.0)
        grid.generator("B", "Park", 30.0)
        shares = explained(grid.state(), f"Line {ends}")
        assert shares.flow_mw == pytest.approx(20.0, abs=1e-4)
        found.append(by_name(shares))
    assert found[0]["Park"] > 0 > found[0]["Load"]
    assert found[0] == {name: pytest.approx(share, abs=1e-4) for name, share in found[1].items()}


def test_the_order_of_elements_does_not_change_shares(hand_built: HandBuilt) -> None:
    """The same net built in another order gives every element the same share."""
    lines = [("AB", 2.0, 10.0), ("BC", 3.0, 20.0), ("AC", 1.0, 15.0), ("CD", 2.0, 12.0)]
    loads = [("B", "One", 40.0, 10.0), ("C", "Two", 25.0, 5.0), ("D", "Three", 30.0, -4.0)]
    found = []
    for forward in (True, False):
        grid = hand_built()
        grid.infeed("A")
        for ends, r_ohm, x_ohm in lines if forward else lines[::-1]:
            grid.line(ends, r_ohm, x_ohm)
        for load in loads if forward else loads[::-1]:
            grid.load(*load)
        grid.generator("C", "Park", 20.0)
        found.append(by_name(explained(grid.state(), "Line AB")))
    assert found[0] == {name: pytest.approx(share, abs=1e-5) for name, share in found[1].items()}


@pytest.mark.parametrize("name", ["default_grid", "case39", "case118", "training"])
def test_shares_add_up_and_groups_are_the_sums_of_singles(name: str, request: pytest.FixtureRequest) -> None:
    """On random branches the shares close to less than 0.1 % of the flow (or 1 kW), and every group equals its members."""
    grid: Grid = request.getfixturevalue(name)
    state = grid.state_at()
    solution = solve(state)
    live = np.flatnonzero(solution.topology.branch_live)
    for branch in np.random.default_rng(7).choice(live, min(5, len(live)), replace=False):
        shares = shares_of(solution, loaded_end(solution, int(branch)))
        assert shares.method is ShareMethod.AC_PATH
        assert shares.flow_mw == pytest.approx(max(abs(solution.p_from_mw[branch]), abs(solution.p_to_mw[branch])), rel=0.1, abs=1.0)
        assert abs(shares.flow_mw - shares.transit_mw - shares.share_mw.sum()) <= max(1e-3 * abs(shares.flow_mw), 1e-3)
        groups = group_shares(shares, state)
        assert sum(g.share_mw for g in groups) == pytest.approx(shares.flow_mw, abs=1e-9)
        for g in groups:
            singles = shares.share_mw[list(members(shares, g.group))]
            if g.elements:
                assert g.elements == len(singles)
                assert g.share_mw == pytest.approx(singles.sum(), abs=1e-9)
                assert g.adding_mw + g.opposing_mw == pytest.approx(g.share_mw, abs=1e-9)


def test_more_points_are_taken_near_the_limit_of_what_a_line_can_carry(hand_built: HandBuilt) -> None:
    """At 99.9 % of the largest load a line of 0.1 pu can feed (its nose: 1 / (2 · 0.1) pu = 500 MW) the shares still close."""
    grid = hand_built()
    grid.infeed("A")
    grid.line("AB", r_ohm=0.5, max_ka=20.0)
    grid.load("B", "Load", 474.0)
    shares = explained(grid.state(), "Line AB")
    assert shares.points > 5
    assert abs(shares.remainder_mw) <= 1e-3 * shares.flow_mw


def test_without_a_solution_at_no_load_the_shares_are_those_of_the_dc_flow(hand_built: HandBuilt) -> None:
    """A capacitor of 10 pu behind 0.1 pu is in resonance at no load, so the AC path has no beginning.

    DC shares say what remains: the load's 100 MW, less the generator's 40 MW, and losses in the remainder.
    """
    grid = hand_built()
    grid.infeed("A")
    grid.line("AB", r_ohm=0.1, max_ka=50.0)
    grid.capacitor("B", 1000.0)
    grid.load("B", "Load", 100.0, q_mvar=900.0)
    grid.generator("B", "Park", 40.0)
    shares = explained(grid.state(), "Line AB")
    assert (shares.method, shares.points) == (ShareMethod.DC_PTDF, 0)
    assert by_name(shares) == {"Load": pytest.approx(100.0), "Park": pytest.approx(-40.0)}
    assert shares.transit_mw == pytest.approx(0.0)
    assert shares.remainder_mw == pytest.approx(shares.flow_mw - 60.0)


def test_dc_factors_and_transit_of_a_mesh(hand_built: HandBuilt) -> None:
    """Two infeeds 2 degrees apart and a meshed load: half of either passes Line AC.

    The three lines have 0.1 pu. Load at C: two paths to A (AC; BC, where B is an infeed) of equal length, so Line AC carries
    half of it; and AC carries half of the angle difference, (2° · pi/180) / 0.2 pu = 17.45 MW, as transit.
    """
    grid = hand_built()
    grid.infeed("A")
    grid.infeed("B", va_degree=-2.0)
    for ends in ("AB", "AC", "CB"):
        grid.line(ends)
    grid.load("C", "Load", 5.0)
    state = grid.state()
    solution = solve(state)
    branch = state.model.branches.name.index("Line AC")
    factors, transit = direct_flow(state, loaded_end(solution, branch))
    node = solution.topology.node_of_bus[state.model.buses.name.index("C")]
    assert factors[node] == pytest.approx(-0.5)
    assert transit == pytest.approx(np.deg2rad(2.0) / 0.2 * 100)
