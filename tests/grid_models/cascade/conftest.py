"""Small grids whose cascades can be worked out by hand, and how a cascade is simulated."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandapower as pp
import pytest

from grid_models.cascade.course import Cascade
from grid_models.cascade.flows import flows_of
from grid_models.cascade.holders import holders_of
from grid_models.cascade.relays import relays_of
from grid_models.cascade.running import Scene
from grid_models.cascade.simulate import cascade
from grid_models.contingency.outages import Outage, OutageKind
from grid_models.intake.net import model_from_net
from grid_models.protection.relays import RelayMode
from grid_models.protection.settings import settings_of
from grid_models.twin.state import GridState

Scenes = Callable[..., Scene]
Simulate = Callable[..., Cascade]


def _with_ratings(state: GridState, rating_mw: Sequence[float]) -> GridState:
    branches = state.model.branches
    from_ka, to_ka = (
        np.asarray(rating_mw, dtype=float) / (np.sqrt(3.0) * state.model.buses.nominal_kv[bus])
        for bus in (branches.from_bus, branches.to_bus)
    )
    model = replace(state.model, branches=replace(branches, rating_from_ka=from_ka, rating_to_ka=to_ka), ratings_usable=True)
    return replace(state, model=model)


@pytest.fixture(scope="session")
def with_ratings() -> Callable[[GridState, Sequence[float]], GridState]:
    """The same state on a model with these ratings [MW], one for each branch; NaN: none."""
    return _with_ratings


@pytest.fixture(scope="session")
def small() -> Callable[..., GridState]:
    """`small(lines, loads, ratings, machines, parks, x_ohm)`: 110 kV, infeed at B0, line k named Lk.

    machines: bus → (MW, least MW, most MW), each holds its voltage; parks: bus → MW, none does.
    """

    def built(
        lines: Sequence[tuple[int, int]],
        loads: Mapping[int, float],
        ratings: Sequence[float],
        machines: Mapping[int, tuple[float, float, float]] | None = None,
        parks: Mapping[int, float] | None = None,
        x_ohm: float = 0.01,
    ) -> GridState:
        net: Any = pp.create_empty_network(f_hz=50.0, sn_mva=100.0)
        for bus in range(1 + max(max(ends) for ends in lines)):
            pp.create_bus(net, 110.0, name=f"B{bus}")
        pp.create_ext_grid(net, 0, name="Infeed")
        for k, (one, other) in enumerate(lines):
            pp.create_line_from_parameters(net, one, other, 1.0, 0.0, x_ohm, 0.0, 1.0, name=f"L{k}")
        for bus, p_mw in loads.items():
            pp.create_load(net, bus, p_mw, name=f"Load {bus}")
        for bus, (p_mw, low, high) in (machines or {}).items():
            pp.create_gen(net, bus, p_mw, vm_pu=1.0, min_p_mw=low, max_p_mw=high, name=f"Machine {bus}")
        for bus, p_mw in (parks or {}).items():
            pp.create_sgen(net, bus, p_mw, type="WP", name=f"Park {bus}")
        return _with_ratings(GridState.at_start(model_from_net(net, "small")), ratings)

    return built


@pytest.fixture(scope="session")
def scene() -> Scenes:
    """`scene(state, outages, relay=, method=, rating_factor=, **fields of Scene)`: outages by name; air of 20 °C, an hour."""

    def built(
        state: GridState, outages: Sequence[str], relay: str = "instant", method: str = "dc", rating_factor: float = 1.0, **more: Any
    ) -> Scene:
        holders = holders_of(state.model)
        before = flows_of(holders.lifted(state), method)
        assert before is not None
        return Scene(
            state=state,
            outage=Outage(OutageKind.GROUP, tuple(state.model.registry.find(name) for name in outages)),
            holders=holders,
            relays=relays_of(RelayMode(relay), settings_of(state.model, more.pop("settings", ())), before, rating_factor, 20.0),
            horizon_s=more.pop("horizon_s", 3600.0),
            method=method,
            **more,
        )

    return built


@pytest.fixture(scope="session")
def simulate(scene: Scenes) -> Simulate:
    """The cascade of such a scene."""
    return lambda *args, **more: cascade(scene(*args, **more))
