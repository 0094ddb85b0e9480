"""One owner a plant: the lease, what happens without it, and what is carried out under it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from agent.app.plants import Plants
from agent.owner import LEASE
from agent.settings import Settings
from evals.doubles.clock import Clock
from grid_models.actions import Action
from guardrails.errors import OwnerElsewhere
from guardrails.ledger import Ledger
from guardrails.people import Role, add, get
from guardrails.proposals import Proposal
from guardrails.transitions import Status

OPEN = Action(kind="open", element="HV1 Line 14")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def plants(tmp_path: Path, grid_cache: Path, clock: Clock) -> Iterator[Plants]:
    """A data folder with an operator and a supervisor, and no owner yet."""
    grid_cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "grids").symlink_to(grid_cache)
    found = Plants(Settings(data_dir=tmp_path), clock)
    add(found.engine, "olga", Role.OPERATOR, by="test", now=clock())
    add(found.engine, "sven", Role.SUPERVISOR, by="test", now=clock())
    yield found
    found.stop()
    found.engine.dispose()


def approved(plants: Plants) -> Proposal:
    """A proposal to open HV1 Line 14 that Sven has approved and nobody carried out."""
    state, source = plants.present()
    ledger: Ledger = plants.ledger
    proposal = ledger.submit(plants.gate().check(state, [OPEN], "maintenance", source), "maintenance", "olga")
    sven = get(plants.engine, "sven")
    assert sven is not None
    return ledger.decide(proposal.id, sven, "approve", proposal.verdict_hash, "")


def moved_switches(plants: Plants) -> int:
    """Switches of the present state that are not in their normal position."""
    state, _ = plants.present()
    return int(np.sum(state.switch_closed != state.model.start.switch_closed))


def test_a_second_owner_is_refused(plants: Plants) -> None:
    """It learns who runs the plant and what would work."""
    plants.start()
    with pytest.raises(OwnerElsewhere, match="already run by"):
        plants.new_owner(plants.settings.grid).take()


def test_without_an_owner_nothing_is_carried_out(plants: Plants) -> None:
    """An approval waits for the plant's owner."""
    proposal = approved(plants)
    assert plants.ledger.get(proposal.id).status is Status.APPROVED
    assert moved_switches(plants) == 0


def test_the_owner_carries_out_what_is_approved_and_publishes_the_new_state(plants: Plants) -> None:
    """Other processes on the folder see it as live."""
    owner = plants.new_owner(plants.settings.grid)
    owner.take()
    proposal = approved(plants)
    owner.tick()
    assert plants.ledger.get(proposal.id).status is Status.EXECUTED
    assert moved_switches(plants) == 2
    assert plants.present()[1] == "live"
    owner.stop()


def test_an_owner_that_lost_its_lease_executes_nothing(plants: Plants, clock: Clock) -> None:
    """A paused process that wakes up must not touch a plant that is another's now."""
    first = plants.new_owner(plants.settings.grid)
    first.take()
    clock.advance(LEASE / timedelta(minutes=1) + 1)
    second = plants.new_owner(plants.settings.grid)
    second.take()
    proposal = approved(plants)
    first.tick()
    assert first.fault is not None
    assert "took over" in first.fault
    assert plants.ledger.get(proposal.id).status is Status.APPROVED
    second.tick()
    assert plants.ledger.get(proposal.id).status is Status.EXECUTED
    second.stop()


def test_a_restarted_owner_resumes_the_plant(plants: Plants) -> None:
    """What was executed stays executed, once."""
    owner = plants.new_owner(plants.settings.grid)
    owner.take()
    approved(plants)
    owner.tick()
    owner.stop()
    again = plants.new_owner(plants.settings.grid)
    again.take()
    again.tick()
    assert moved_switches(plants) == 2
    again.stop()
