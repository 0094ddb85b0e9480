"""Hidden failures of relays: seeded, one sample apart from the next, and nothing without a probability."""

from collections.abc import Callable

import numpy as np
import pytest

from grid_models.cascade.course import Cascade
from grid_models.cascade.risk import SeededFailures, risk_of
from grid_models.cascade.running import Scene
from grid_models.cascade.simulate import cascade
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState

pytestmark = pytest.mark.filterwarnings("ignore")  # pandas' deprecations inside pandapower

Scenes = Callable[..., Scene]
LADDER = [(0, 1), (0, 2), (1, 2), (1, 3), (2, 4), (3, 4), (4, 5)]


def _story(found: Cascade) -> list[tuple[float, str, str, str]]:
    return [(e.at_s, e.element, e.kind, e.cause) for e in found.events]


def _risk(scene: Scene, samples: int, probability: float, seed: int = 7) -> tuple[list[float], list[int]]:
    found = risk_of(scene, samples, probability, seed, lambda done, total: None, lambda: False)
    assert found is not None
    return found.lost_load_mw.tolist(), found.trips.tolist()


@pytest.fixture
def spreading(case39: Grid, scene: Scenes) -> Scene:
    """Two lines of case39 out, half the ratings."""
    return scene(case39.state_at(), [case39.model.branches.name[i] for i in (2, 20)], relay="inverse", rating_factor=0.8)


def test_the_same_scene_takes_the_same_course(spreading: Scene) -> None:
    """Twice the same events at the same times."""
    assert _story(cascade(spreading)) == _story(cascade(spreading))


def test_a_sample_is_the_same_whatever_the_number_of_samples(spreading: Scene) -> None:
    """The first three of eight are those of three; another seed gives others."""
    few, many = _risk(spreading, 3, 0.2), _risk(spreading, 8, 0.2)
    assert (many[0][:3], many[1][:3]) == few
    assert _risk(spreading, 8, 0.2, seed=8) != many
    assert len(set(many[0])) > 1


def test_probability_0_is_the_course_without_hidden_failures(spreading: Scene) -> None:
    """Every sample is the deterministic cascade."""
    plain = cascade(spreading)
    assert _risk(spreading, 2, 0.0) == ([plain.lost_load_mw] * 2, [plain.trips] * 2)


def test_probability_1_trips_all_that_are_exposed(small: Callable[..., GridState], scene: Scenes) -> None:
    """L3 ends at B1 and B3: L0 and L2 end at B1, L5 at B3; L1, L4 and L6 do not and stay."""
    failures = SeededFailures(np.random.default_rng(0), 1.0)
    found = cascade(scene(small(LADDER, {3: 40.0, 5: 60.0}, [500.0] * 7), ["L3"], hidden=failures))
    hidden = [e for e in found.events if e.cause == "hidden failure of a relay"]
    assert [e.element for e in hidden] == ["L0", "L2", "L5"]
    assert {e.at_s for e in hidden} == {0.0}


def test_samples_can_be_stopped(spreading: Scene) -> None:
    """Cancelled before the second sample: no answer, one sample told."""
    told: list[tuple[int, int]] = []
    found = risk_of(spreading, 5, 0.1, 0, lambda done, total: told.append((done, total)), lambda: bool(told))
    assert found is None
    assert told == [(1, 5)]
