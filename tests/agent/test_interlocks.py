"""Tags, protected elements, disconnectors and counts from the ledger to the plant: what stands at the moment of execution decides."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.app.plants import Plants
from agent.settings import Settings
from evals.doubles.clock import Clock
from grid_models.actions import Action
from guardrails import audit
from guardrails.circumstances import TagKind
from guardrails.people import Person, Role, add
from guardrails.proposals import Proposal
from guardrails.rule_pack import COMMON, ENTSOE_CONTINENTAL
from guardrails.tags import lift_tag, set_tag
from guardrails.transitions import Status

OLGA, SVEN = Person(name="olga", role=Role.OPERATOR), Person(name="sven", role=Role.SUPERVISOR)
OpenPlants = Callable[..., Plants]


@pytest.fixture
def open_plants(tmp_path: Path, grid_cache: Path) -> Iterator[OpenPlants]:
    """Makes a data folder with an operator and a supervisor; whatever was opened is closed again."""
    grid_cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "grids").symlink_to(grid_cache)
    opened: list[Plants] = []

    def make(**settings: object) -> Plants:
        found = Plants(Settings(data_dir=tmp_path, **settings), Clock())
        for person in (OLGA, SVEN):
            add(found.engine, person.name, person.role, by="test", now=found.now())
        opened.append(found)
        return found

    yield make
    for found in opened:
        found.engine.dispose()


def orders(*words: str) -> list[Action]:
    """'open X' and 'close X' as actions."""
    return [Action.model_validate({"kind": kind, "element": name}) for kind, name in (word.split(" ", 1) for word in words)]


def propose(plants: Plants, *words: str) -> Proposal:
    state, source = plants.present()
    verdict = plants.gate().check(state, orders(*words), "maintenance", source)
    return plants.ledger.submit(verdict, "maintenance", "olga", expires_in=plants.settings.approval_expiry)


def approve(plants: Plants, proposal: Proposal) -> Proposal:
    return plants.ledger.decide(proposal.id, SVEN, "approve", proposal.verdict_hash, "")


def carried_out(plants: Plants, proposal: Proposal) -> Proposal:
    """What an owner that comes now makes of it."""
    owner = plants.new_owner(plants.settings.grid)
    owner.take()
    owner.tick()
    owner.stop()
    return plants.ledger.get(proposal.id)


def tag(plants: Plants, element: str, kind: TagKind = TagKind.TAGGED) -> int:
    return set_tag(plants.engine, plants.grid().model, element, kind, OLGA, "crew at tower 12", now=plants.now()).id


def test_a_tag_set_after_the_approval_stops_the_order(open_plants: OpenPlants) -> None:
    """Nothing reaches the plant, and the note says whose tag it is; without a tag the same order is carried out."""
    plants = open_plants()
    free, stopped = propose(plants, "open HV1 Line 14"), propose(plants, "open HV1 Line 1")
    assert carried_out(plants, approve(plants, free)).status is Status.EXECUTED
    approved = approve(plants, stopped)
    tag(plants, "HV1 Line 1")
    stale = carried_out(plants, approved)
    assert (stale.status, stale.steps) == (Status.STALE, ())
    assert "would operate HV1 Line 1, which is tagged: olga says 'crew at tower 12'" in stale.outcome_note
    assert audit.verify(plants.engine).ok


@pytest.mark.parametrize("what", ["set", "lifted"])
def test_tags_elsewhere_make_no_approval_stale(open_plants: OpenPlants, what: str) -> None:
    """Set or lifted between approval and execution, on what the order has nothing to do with."""
    plants = open_plants(grid="training")
    number = tag(plants, "T Load 2") if what == "lifted" else None
    approved = approve(plants, propose(plants, "open T Line 1"))
    if number is None:
        tag(plants, "T Load 2")
    else:
        lift_tag(plants.engine, plants.grid().model, number, SVEN, "done", now=plants.now())
    assert carried_out(plants, approved).status is Status.EXECUTED


def test_a_tag_blocks_until_it_is_lifted(open_plants: OpenPlants) -> None:
    """Blocked orders never reach a supervisor; afterwards the same order does."""
    plants = open_plants()
    number = tag(plants, "HV1 Switch 55", TagKind.LOCKED_OUT)
    blocked = propose(plants, "open HV1 Line 14")
    assert blocked.status is Status.BLOCKED
    assert "HV1 Switch 55, which is locked out" in " ".join(blocked.verdict.reasons)
    lift_tag(plants.engine, plants.grid().model, number, OLGA, "done", now=plants.now())
    assert propose(plants, "open HV1 Line 14").status is Status.PENDING


def test_a_tag_of_another_grid_is_none_here(open_plants: OpenPlants) -> None:
    """Names may be the same in two grids; tags belong to one."""
    plants = open_plants(grid="training")
    tag(plants, "T Line 1")
    state = plants.grid("case39").state_at()
    assert plants.circumstances(state).tags == ()
    assert [t.element for t in plants.circumstances(plants.grid().state_at()).tags] == ["T Line 1"]


def test_a_protected_element_is_out_of_reach_for_the_own_grid(open_plants: OpenPlants) -> None:
    """By its breakers too; the setting describes the plant's own grid alone."""
    plants = open_plants(protected="HV1 Line 14, HV1 Trafo 1")
    assert propose(plants, "open HV1 Switch 55").status is Status.BLOCKED
    assert propose(plants, "open HV1 Line 1").status is Status.PENDING
    assert plants.circumstances(plants.grid("training").state_at()).protected == frozenset()


def test_the_last_hour_is_counted_and_full_at_its_limit(open_plants: OpenPlants, tmp_path: Path) -> None:
    """Two actions a proposal and six an hour: the third fills it, the fourth is refused; later there is room again."""
    pack = shutil.copytree(ENTSOE_CONTINENTAL, tmp_path / "pack")
    shutil.copy(COMMON / "actions-per-hour.yaml", pack)
    file = pack / "actions-per-hour.yaml"
    file.write_text(file.read_text().replace("max: 60", "max: 6"))
    plants = open_plants(grid="training", approval_minutes=10, rules=str(pack))
    shuttle = ("open T Line 1", "close T Line 1")
    assert [propose(plants, *shuttle).status for _ in range(4)] == [Status.PENDING] * 3 + [Status.BLOCKED]
    last = plants.ledger.get(4).verdict
    assert [c.rule for c in last.clauses if c.outcome.blocks] == ["actions-per-hour"]
    assert "8 actions of the last hour" in last.reasons[0]
    executed = carried_out(plants, approve(plants, plants.ledger.get(1)))
    assert executed.status is Status.EXECUTED
    assert executed.recheck is not None
    assert next(c.value for c in executed.recheck.clauses if c.rule == "actions-per-hour") == 6
    plants.now.advance(11)  # those that wait expire
    assert propose(plants, *shuttle).status is Status.PENDING
    plants.now.advance(50)
    assert plants.circumstances(plants.grid().state_at()).actions_last_hour == 0


def test_an_isolation_with_its_disconnector_is_carried_out_and_read_back(open_plants: OpenPlants) -> None:
    """Breakers first, the disconnector without load; the estimate of the plant shows all three positions."""
    plants = open_plants(grid="training")
    proposal = propose(plants, "open A Line 1 breaker", "open B Line 1 breaker", "open A Line 1 disconnector 1")
    assert proposal.status is Status.PENDING, proposal.verdict.reasons
    done = carried_out(plants, approve(plants, proposal))
    assert (done.status, done.outcome_note) == (Status.EXECUTED, "")


def test_a_disconnector_that_carries_load_by_now_is_not_opened(open_plants: OpenPlants) -> None:
    """Approved while its breaker was open; closed meanwhile by another order."""
    plants = open_plants(grid="training")
    assert carried_out(plants, approve(plants, propose(plants, "open A Line 1 breaker"))).status is Status.EXECUTED
    owner = plants.new_owner("training")
    owner.take()
    owner.tick()
    waiting = approve(plants, propose(plants, "open A Line 1 disconnector 1"))
    plant = owner.plant
    plant.execute(orders("close A Line 1 breaker")[0], "by-hand")
    owner.tick()
    owner.stop()
    stale = plants.ledger.get(waiting.id)
    assert stale.status is Status.STALE
    assert "A Line 1 disconnector 1 carries" in stale.outcome_note


def test_an_hour_that_filled_up_after_the_approval_stops_the_order(open_plants: OpenPlants, tmp_path: Path) -> None:
    """The limit of the moment of execution holds: here it was lowered meanwhile."""
    pack = shutil.copytree(ENTSOE_CONTINENTAL, tmp_path / "pack")
    shutil.copy(COMMON / "actions-per-hour.yaml", pack)
    plants = open_plants(grid="training", rules=str(pack))
    approved = approve(plants, propose(plants, "open T Line 1", "close T Line 1"))
    file = pack / "actions-per-hour.yaml"
    file.write_text(file.read_text().replace("max: 60", "max: 1"))
    stale = carried_out(plants, approved)
    assert (stale.status, stale.steps) == (Status.STALE, ())
    assert "2 actions of the last hour" in stale.outcome_note
