"""One owner a grid, alive by its heartbeat."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from guardrails.lease import Leases

TTL = timedelta(seconds=15)


@pytest.fixture
def leases(room) -> Leases:
    """The leases of the room's ledger."""
    return Leases(room.engine, room.clock)


def test_a_second_owner_is_refused(leases: Leases) -> None:
    """Until the first gives the grid back; other grids are free."""
    assert leases.acquire("a", "case14", TTL) is not None
    assert leases.acquire("b", "case14", TTL) is None
    assert leases.acquire("b", "case39", TTL) is not None
    leases.release("b", "case14")
    assert leases.acquire("b", "case14", TTL) is None
    leases.release("a", "case14")
    assert leases.acquire("b", "case14", TTL) is not None


def test_a_silent_owner_loses_the_grid(room, leases: Leases) -> None:
    """After the time to live without heartbeat, and cannot renew what another took."""
    leases.acquire("a", "case14", TTL)
    room.clock.advance(seconds=10)
    assert leases.renew("a", "case14", TTL) is not None
    room.clock.advance(seconds=14)
    assert leases.acquire("b", "case14", TTL) is None
    room.clock.advance(seconds=1)
    assert leases.holder("case14") is None
    assert leases.renew("a", "case14", TTL) is None
    taken = leases.acquire("b", "case14", TTL)
    assert taken == leases.holder("case14")
    assert leases.renew("a", "case14", TTL) is None


def test_acquiring_again_keeps_the_start(room, leases: Leases) -> None:
    """The present owner renews by acquiring."""
    first = leases.acquire("a", "case14", TTL)
    room.clock.advance(seconds=5)
    again = leases.acquire("a", "case14", TTL)
    assert first is not None
    assert again is not None
    assert (again.acquired_at, again.expires_at) == (first.acquired_at, first.expires_at + timedelta(seconds=5))


def test_of_many_at_once_one_becomes_owner(leases: Leases) -> None:
    """Ten candidates, one lease."""
    with ThreadPoolExecutor(10) as pool:
        taken = list(pool.map(lambda i: leases.acquire(f"owner-{i}", "case14", TTL), range(10)))
    assert sum(lease is not None for lease in taken) == 1
