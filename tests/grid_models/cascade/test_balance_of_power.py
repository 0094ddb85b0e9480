"""What is left after a cascade is in balance, and nothing is lost twice or forgotten."""

from collections.abc import Callable

import numpy as np
import pytest

from grid_models.cascade.course import Cascade
from grid_models.steady.boundary import solve
from grid_models.steady.dc import limits_mw
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

Simulate = Callable[..., Cascade]
Rated = Callable[[GridState, FloatArray], GridState]


def tight(state: GridState, factor: float = 1.15) -> FloatArray:
    """Made-up ratings [MW] of a company: so many times the flow before, at least 40 MW."""
    before = solve(state)
    flow = np.maximum(np.hypot(before.p_from_mw, before.q_from_mvar), np.hypot(before.p_to_mw, before.q_to_mvar))
    return np.maximum(factor * flow, 40.0)


def doubles(state: GridState, count: int, seed: int) -> list[list[str]]:
    """Random double outages of branches, by name."""
    rng, names = np.random.default_rng(seed), state.model.branches.name
    return [[names[i] for i in rng.choice(len(names), 2, replace=False)] for _ in range(count)]


def _surpluses(found: Cascade) -> list[float]:
    """Of each supplied island at the end: what machines and infeeds give less what loads take and branches lose, in parts of the load."""
    assert found.flows is not None
    solution, state, model = found.flows.solution, found.state, found.state.model
    of_bus = (topology := topology_of(state)).island_of_node[topology.node_of_bus]
    lost = np.nan_to_num(solution.p_from_mw + solution.p_to_mw)
    told = []
    for island in np.unique(of_bus[topology.bus_live]):
        given = state.generator_injected_mw[of_bus[model.generators.bus] == island].sum()
        given += solution.infeed_p_mw[state.infeed_on & (of_bus[model.infeeds.bus] == island)].sum()
        load = state.load_drawn_mw[of_bus[model.loads.bus] == island].sum()
        losses = lost[topology.branch_live & (of_bus[model.branches.from_bus] == island)].sum()
        told.append((given - load - losses) / max(load, 1.0))
    return told


@pytest.mark.parametrize(("method", "near"), [("ac", 1e-6), ("dc", 1e-9)])
@pytest.mark.parametrize("grid", ["case39", "case118"])
def test_every_island_is_in_balance(
    request: pytest.FixtureRequest, simulate: Simulate, with_ratings: Rated, grid: str, method: str, near: float
) -> None:
    """Generation and infeed equal load and losses in each, those that a machine holds included; some of those there are."""
    base: GridState = request.getfixturevalue(grid).state_at()
    state = with_ratings(base, tight(base))
    held = checked = 0
    for outage in doubles(state, 20, seed=5):
        found = simulate(state, outage, method=method)
        if found.flows is None or found.flows.dc:
            continue
        surpluses = _surpluses(found)
        assert np.abs(surpluses).max(initial=0.0) < near
        checked += len(surpluses)
        held += int(found.state.infeed_on[len(state.model.infeeds) :].sum())
    assert checked > 20
    assert held > 0


def test_a_held_island_is_balanced_before_its_losses(case39: Grid, simulate: Simulate, with_ratings: Rated) -> None:
    """In DC there are no losses: the machines' own power meets the load, and the holder's infeed brings nothing."""
    base = case39.state_at()
    state, held = with_ratings(base, tight(base)), 0
    for outage in doubles(state, 20, seed=5):
        found = simulate(state, outage)
        if found.flows is not None:
            alone = found.flows.solution.infeed_p_mw[len(base.model.infeeds) :]
            held += int(found.state.infeed_on[len(base.model.infeeds) :].sum())
            assert np.abs(np.nan_to_num(alone)).max(initial=0.0) < 1e-5
            machines = found.state.generator_injected_mw
            assert (machines <= base.model.generators.p_max_mw + 1e-6).all() or (machines <= base.generator_injected_mw + 1e-6).all()
    assert held > 0


def test_load_lost_and_load_supplied_are_the_load_of_before(case39: Grid, simulate: Simulate, with_ratings: Rated) -> None:
    """Also event by event; and energy not supplied is the sum over the steps of supply."""
    base = case39.state_at()
    state = with_ratings(base, tight(base))
    for outage in doubles(state, 15, seed=9):
        found = simulate(state, outage, relay="inverse")
        supplied = found.supplied[-1][1]
        assert found.lost_load_mw + supplied == pytest.approx(base.load_drawn_mw.sum())
        assert sum(e.lost_load_mw for e in found.events) == pytest.approx(found.lost_load_mw, abs=1e-5)
        ends = [*[at for at, _ in found.supplied[1:]], 3600.0]
        missing = [(base.load_drawn_mw.sum() - mw) * (end - at) for (at, mw), end in zip(found.supplied, ends, strict=True)]
        assert found.lost_mwh(3600.0) == pytest.approx(sum(missing) / 3600.0)


def test_higher_ratings_never_lose_more_on_average(case39: Grid, simulate: Simulate) -> None:
    """100 double outages, the same for each factor: the mean loss falls as ratings rise, and falls to less than half in the end."""
    state = case39.state_at()
    assert np.isfinite(limits_mw(state)).all()
    means = [np.mean([simulate(state, o, rating_factor=f).lost_load_mw for o in doubles(state, 100, seed=1)]) for f in (0.8, 1.1, 2.0)]
    assert (np.diff(means) <= 1e-9).all()
    assert means[-1] < 0.5 * means[0]
