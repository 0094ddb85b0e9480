"""What frequency does in an island: close to what a fine step gives, and never kinder with less in reserve."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grid_models.cascade import island_frequency
from grid_models.cascade.course import Cascade
from grid_models.twin.model import Shunts
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower

Small, Simulate = Callable[..., GridState], Callable[..., Cascade]
LADDER = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 4), (3, 4), (4, 5)]


def _island(small: Small, machine: tuple[float, float, float], park_mw: float = 0.0) -> GridState:
    """100 MW of load below L3 and L4, with a machine, and a park that does what parks do."""
    return small(LADDER, {3: 40.0, 5: 60.0}, [300.0] * 7, machines={4: machine}, parks={5: park_mw} if park_mw else {})


@pytest.mark.parametrize("now_mw", [40.0, 55.0, 70.0, 85.0, 105.0, 130.0, 170.0])
def test_the_step_does_not_matter(small: Small, simulate: Simulate, monkeypatch: pytest.MonkeyPatch, now_mw: float) -> None:
    """The same events, their moments within 10 ms, at a quarter of the step."""
    state = _island(small, (now_mw, 0.0, 200.0))
    usual = simulate(state, ["L3", "L4"])
    monkeypatch.setattr(island_frequency, "_STEP_S", 0.005)
    fine = simulate(state, ["L3", "L4"])
    assert [(e.kind, e.element) for e in usual.events] == [(e.kind, e.element) for e in fine.events]
    assert [e.at_s for e in usual.events] == pytest.approx([e.at_s for e in fine.events], abs=0.01)
    assert usual.state.generator_injected_mw == pytest.approx(fine.state.generator_injected_mw, abs=0.01)


def test_a_larger_lack_never_loses_less(small: Small, simulate: Simulate) -> None:
    """From balance to half of the load missing."""
    lost = [simulate(_island(small, (100.0 - lack, 0.0, 150.0)), ["L3", "L4"]).lost_load_mw for lack in range(0, 55, 5)]
    assert (np.diff(lost) >= -1e-9).all()
    assert (lost[0], lost[-1]) == (0.0, pytest.approx(50.0))


def test_a_park_comes_down_before_machines_trip(small: Small, simulate: Simulate) -> None:
    """20 MW too much: with a park of 60 beside it that gives way above 50.2 Hz a machine bound to 60 MW stays."""
    found = simulate(_island(small, (60.0, 60.0, 200.0), park_mw=60.0), ["L3", "L4"])
    assert [e.kind for e in found.events[2:]] == []
    assert found.state.generator_injected_mw.sum() == pytest.approx(100.0)
    assert found.lost_load_mw == 0.0
    bound = simulate(_island(small, (120.0, 120.0, 200.0)), ["L3", "L4"])
    assert [e.kind for e in bound.events[2:]] == ["machine trip", "island lost"]


def test_shunts_are_demand_and_charging_stops_first(small: Small, simulate: Simulate) -> None:
    """10 MW of load and 20 of a shunt meet 30 of a machine; and what charges gives way before anybody's light goes out."""
    state = small(LADDER, {3: 4.0, 5: 6.0}, [300.0] * 7, machines={4: (30.0, 0.0, 60.0)})
    shunts = Shunts(("Shunt",), np.array([4]), np.array([20.0]), np.zeros(1), np.ones(1, dtype=np.int64))
    model = replace(state.model, shunts=shunts, start=replace(state.model.start, shunt_step=np.ones(1, dtype=np.int64)))
    with_shunt = replace(state, model=model, shunt_step=np.ones(1, dtype=np.int64))
    found = simulate(with_shunt, ["L3", "L4"])
    assert [e.kind for e in found.events[2:]] == []
    assert found.state.generator_injected_mw == pytest.approx([30.0])
    charging = small(LADDER, {3: 4.0, 5: 6.0}, [300.0] * 7, machines={4: (8.0, 0.0, 50.0), 3: (-5.0, -5.0, 5.0)})
    found = simulate(charging, ["L3", "L4"])
    assert found.lost_load_mw == 0.0
    assert found.state.generator_injected_mw.sum() == pytest.approx(10.0)


def test_an_end_is_never_before_the_last_event(small: Small, simulate: Simulate) -> None:
    """What frequency does takes seconds, and the cascade ends with it."""
    found = simulate(_island(small, (60.0, 0.0, 150.0)), ["L3", "L4"])
    assert found.events[-1].at_s > 0.5
    assert found.ends_at_s == found.events[-1].at_s
