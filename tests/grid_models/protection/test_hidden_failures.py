"""Hidden failures: exposed relays, seeded."""

import numpy as np
import pytest

from grid_models.protection.curves import InvalidRelay
from grid_models.protection.hidden_failures import exposed, hidden_failures


def test_neighbours_of_a_trip_are_exposed() -> None:
    """On a chain 0-1-2-3-4, a trip of 1-2 exposes 0-1 and 2-3, not itself, not 3-4, and nothing that is out."""
    start, end = np.array([0, 1, 2, 3]), np.array([1, 2, 3, 4])
    trip, service = np.array([False, True, False, False]), np.ones(4, dtype=bool)
    assert exposed(start, end, trip, service).tolist() == [True, False, True, False]
    service[2] = False
    assert exposed(start, end, trip, service).tolist() == [True, False, False, False]


def test_the_share_of_failures_is_the_probability() -> None:
    """Of many exposed relays the stated share fails (within four standard deviations); of the others none."""
    seen = np.arange(200_000) % 2 == 0
    failed = hidden_failures(np.random.default_rng(1), seen, 0.01)
    assert failed.sum() == pytest.approx(1000, abs=4 * np.sqrt(990))
    assert not failed[~seen].any()


def test_one_seed_one_result_and_more_exposure_spares_nobody() -> None:
    """The same seed gives the same failures; with more exposed or a higher probability, those that failed still do."""
    few, all_of_them = np.arange(1000) < 500, np.ones(1000, dtype=bool)
    first = hidden_failures(np.random.default_rng(7), few, 0.1)
    assert np.array_equal(first, hidden_failures(np.random.default_rng(7), few, 0.1))
    assert not (first & ~hidden_failures(np.random.default_rng(7), all_of_them, 0.1)).any()
    assert not (first & ~hidden_failures(np.random.default_rng(7), few, 0.2)).any()


def test_never_and_always() -> None:
    """Probability 0 fails none, 1 all exposed; beyond is refused."""
    seen = np.array([True, False])
    assert hidden_failures(np.random.default_rng(0), seen, 0.0).tolist() == [False, False]
    assert hidden_failures(np.random.default_rng(0), seen, 1.0).tolist() == [True, False]
    with pytest.raises(InvalidRelay, match="0 to 1"):
        hidden_failures(np.random.default_rng(0), seen, 1.5)
