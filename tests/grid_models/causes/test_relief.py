"""Relief is what the action would really do, and the checks are really solved."""

from collections.abc import Callable
from typing import Any

import pytest

from grid_models.actions import Action
from grid_models.causes.branch_end import loaded_end, loading_percent
from grid_models.causes.relief import Relief, Step, reliefs
from grid_models.causes.removal import removal, removals
from grid_models.causes.shares import Shares, shares_of
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState


def explained(state: GridState, line: str) -> Shares:
    solution = solve(state)
    return shares_of(solution, loaded_end(solution, state.model.branches.name.index(line)))


def relief_of(state: GridState, line: str) -> tuple[Relief, ...]:
    shares = explained(state, line)
    return reliefs(state, shares.injections, shares.now, shares.end)


def test_relief_is_what_one_mw_of_the_action_does(default_grid: Grid) -> None:
    """The strongest park of HV1 Line 54 lowered by 1 MW: flow and loading fall by what is promised."""
    state = default_grid.state_at()
    found = relief_of(state, "HV1 Line 54")
    assert [r.per_mw for r in found] == sorted((r.per_mw for r in found), reverse=True)
    best = next(r for r in found if r.technology == "wind")
    assert best.step is Step.INJECT_LESS
    before = solve(state)
    now = float(state.generator_injected_mw[best.element.index])
    assert best.available_mw == pytest.approx(now)
    after = solve(state.apply([Action(kind="set_p", element=best.element.name, p_mw=now - 1)]))
    branch = state.model.branches.name.index("HV1 Line 54")
    end = loaded_end(before, branch)
    assert end.flow_mw(before) - end.flow_mw(after) == pytest.approx(best.per_mw, abs=2e-3)
    fall = (loading_percent(before, branch) or 0.0) - (loading_percent(after, branch) or 0.0)
    assert fall == pytest.approx(best.percent_per_mw, abs=2e-3)


def test_a_shed_load_takes_its_reactive_power_with_it(hand_built: Callable[[], Any]) -> None:
    """A load of 100 MW and 50 Mvar behind a lossy line: one MW shed lowers the flow by what the action really does."""
    grid = hand_built()
    grid.infeed("A")
    grid.line("AB", r_ohm=5.0)
    grid.load("B", "Load", 100.0, 50.0)
    state = grid.state()
    (found,) = relief_of(state, "Line AB")
    assert (found.step, found.available_mw) == (Step.DRAW_LESS, pytest.approx(100.0))
    shares = explained(state, "Line AB")
    flows = [shares.end.flow_mw(solve(state.apply([Action(kind="shed_load", element="Load", p_mw=mw)]))) for mw in (0.0, 0.2)]
    assert (flows[0] - flows[1]) / 0.2 == pytest.approx(found.per_mw, abs=1e-3)


def test_wind_cannot_inject_more_than_the_weather_gives(hand_built: Callable[[], Any]) -> None:
    """A park that would relieve by injecting more is listed only as far as it is capped now; a load that should draw more is not."""
    grid = hand_built()
    grid.infeed("A")
    grid.line("AB")
    grid.load("B", "Load", 100.0)
    grid.generator("B", "Wind park", 30.0)
    state = grid.state()
    assert [(r.element.name, r.step) for r in relief_of(state, "Line AB")] == [("Load", Step.DRAW_LESS)]
    capped = relief_of(state.apply([Action(kind="set_p", element="Wind park", p_mw=20)]), "Line AB")
    park = next(r for r in capped if r.element.name == "Wind park")
    assert (park.step, park.available_mw, park.relief_mw) == (
        Step.INJECT_MORE,
        pytest.approx(10.0),
        pytest.approx(10.0, abs=1e-4),
    )


def test_taking_the_largest_contributor_away_is_solved_again(default_grid: Grid) -> None:
    """The largest single and all wind: prediction and solved flow agree to 2 % of the flow, and the solved one is a real flow."""
    state = default_grid.state_at()
    shares = explained(state, "HV1 Line 54")
    largest, wind = removals(shares, state)
    assert (largest.removed, wind.removed, wind.elements) == ("HV1 Sgen 65", "all wind", 42)
    after = solve(state.apply([Action(kind="set_p", element="HV1 Sgen 65", p_mw=0)]))
    assert largest.resolved_mw == pytest.approx(shares.end.flow_mw(after) - shares.flow_mw, abs=1e-6)
    calm = solve(state.apply([Action(kind="scale", group="wind", factor=0)]))
    assert wind.resolved_mw == pytest.approx(shares.end.flow_mw(calm) - shares.flow_mw, abs=1e-6)
    for check in (largest, wind):
        assert abs(check.error_mw or 0.0) < 0.02 * shares.flow_mw
        assert check.error_mw == pytest.approx(check.predicted_mw - (check.resolved_mw or 0.0))


def test_a_removal_without_solution_says_so(hand_built: Callable[[], Any]) -> None:
    """The generator that carries a load beyond the line's nose cannot be taken away."""
    grid = hand_built()
    grid.infeed("A")
    grid.line("AB", max_ka=10.0)
    grid.load("B", "Load", 700.0)
    grid.generator("B", "Park", 400.0)
    state = grid.state()
    shares = explained(state, "Line AB")
    row = [e.name for e in shares.injections.element].index("Park")
    check = removal(shares, state, "Park", (row,))
    assert (check.resolved_mw, check.error_mw) == (None, None)
    assert "did not converge" in (check.reason or "")
    assert check.predicted_mw > 0
