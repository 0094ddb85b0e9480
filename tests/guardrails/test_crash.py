"""`kill -9` at every moment of claim → execute → read back: the next owner finds one true end, repeats nothing and forgets nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from evals.doubles.clock import Clock
from evals.doubles.mortal_owner import Life, Site, gate_on, live
from grid_models.actions import Action
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from grid_models.twin.state_store import load_state, save_state
from guardrails import audit, people
from guardrails.ledger import Ledger
from guardrails.people import Person, Role
from guardrails.proposals import Proposal
from guardrails.steps import step_key

SAM = Person(name="sam", role=Role.SUPERVISOR)
AFTER_THE_LEASE = 20 / 60  # minutes; the lease of a dead owner lasts 15 s


@dataclass
class ControlRoom:
    """A ledger with two people; the plant is touched by the owners' processes alone."""

    engine: Engine
    site: Site
    clock: Clock

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.engine, self.clock)

    def plant(self) -> tuple[GridState, set[str]]:
        """What the plant really is, and the keys of the commands it has carried out: from its own file."""
        stored = load_state(self.site.grid.model, self.site.folder / "plant.npz")
        return (self.site.grid.state_at(), set()) if stored is None else (stored[0], set(stored[1]["keys"]))

    def approved(self, actions: tuple[Action, ...]) -> Proposal:
        """Checked by the gate on the plant of now, proposed by olga, approved by sam."""
        verdict = gate_on(self.clock().date()).check(self.plant()[0], actions, "maintenance")
        proposal = self.ledger.submit(verdict, "maintenance", "olga")
        return self.ledger.decide(proposal.id, SAM, "approve", proposal.verdict_hash, "fine")

    def load_grows(self, factor: float) -> None:
        """The plant lives on while no owner does."""
        state, keys = self.plant()
        if factor != 1.0:
            state = state.with_arrays(load_p_mw=state.load_p_mw * factor, load_q_mvar=state.load_q_mvar * factor)
            save_state(state, self.site.folder / "plant.npz", {"keys": sorted(keys)})

    def owner(self, dies_at: str | None = None) -> Life:
        """A fresh owner's process, once the lease of the one before has run out."""
        self.clock.advance(AFTER_THE_LEASE)
        return live(self.site, self.clock(), dies_at)

    def true_end(self, proposal: Proposal, before: GridState) -> tuple[str, int]:
        """The status and the number of actions the plant shows; the ledger must say what the plant is, in every place."""
        ended, (state, carried_out) = self.ledger.get(proposal.id), self.plant()
        keys = [step_key(ended, i) for i in range(len(ended.actions))]
        done = [key in carried_out for key in keys]
        assert done == sorted(done, reverse=True), "an action was carried out without the one before it"
        assert state.state_id == before.apply(ended.actions[: sum(done)]).state_id
        assert {s.key: s.status for s in ended.steps} == {
            k: "done" if d else "failed" for k, d in zip(keys[: len(ended.steps)], done, strict=False)
        }
        assert ended.status in (("executed",) if all(done) else ("failed", "stale"))
        assert len(self.site.commands) == len(set(self.site.commands)), "a command was repeated"
        report = audit.verify(self.engine)
        assert report.ok, report.explanation
        return ended.status, sum(done)


def commands(state: GridState, count: int) -> tuple[Action, ...]:
    """Up to three commands that change something and that the gate lets pass, whatever the earlier ones left."""
    every = (
        Action(kind="set_shunt", element="T Shunt 1", step=1 - int(state.shunt_step[0])),
        Action(kind="set_p", element="T Machine 1", p_mw=6.0 if state.generator_p_setpoint_mw[2] == 5.0 else 5.0),
        Action(kind="set_tap", element="T Trafo 1", position=1 - int(state.tap[2])),
    )
    return every[:count]


@pytest.fixture
def control_room(engine: Engine, database_url: str, tmp_path: Path, training: Grid) -> ControlRoom:
    """The training grid with nothing proposed yet."""
    clock = Clock()
    people.add(engine, "olga", Role.OPERATOR, by="ada", now=clock())
    people.add(engine, "sam", Role.SUPERVISOR, by="ada", now=clock())
    return ControlRoom(engine, Site(database_url, tmp_path, training), clock)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("before commit of claimed 1", ("executed", 2)),  # still approved: the next owner carries it out
        ("after commit of claimed 1", ("failed", 0)),
        ("before observe 1", ("failed", 0)),
        ("after observe 1", ("failed", 0)),
        ("after check 1", ("failed", 0)),
        ("before commit of step started 1", ("failed", 0)),
        ("after commit of step started 1", ("failed", 0)),
        ("before execute 1", ("failed", 0)),
        ("before plant.npz is replaced in execute 1", ("failed", 0)),
        ("after execute 1", ("failed", 1)),
        ("before commit of step done 1", ("failed", 1)),
        ("after commit of step done 1", ("failed", 1)),
        ("before execute 2", ("failed", 1)),
        ("after execute 2", ("executed", 2)),
        ("before commit of step done 2", ("executed", 2)),
        ("before observe 2", ("executed", 2)),
        ("after observe 2", ("executed", 2)),
        ("before commit of executed 1", ("executed", 2)),
        ("after commit of executed 1", ("executed", 2)),
    ],
)
def test_an_owner_killed_at_a_moment(control_room: ControlRoom, moment: str, end: tuple[str, int]) -> None:
    """Of two commands the plant shows what it shows; the fresh owner says so and commands nothing that was begun; a third finds nothing."""
    before, _ = control_room.plant()
    order = control_room.approved(commands(before, 2))
    assert control_room.owner(moment).killed
    heir = control_room.owner()
    assert control_room.true_end(order, before) == end
    assert ("before execute 1" in heir.moments) == (moment == "before commit of claimed 1")
    head, told = audit.head(control_room.engine), control_room.site.commands
    control_room.owner()
    assert (audit.head(control_room.engine), control_room.site.commands) == (head, told)


def test_an_heir_waits_for_the_lease_of_the_dead(control_room: ControlRoom) -> None:
    """Until it has run out nothing is touched: the owner that went silent might still be alive."""
    before, _ = control_room.plant()
    order = control_room.approved(commands(before, 2))
    control_room.owner("after execute 1")
    head = audit.head(control_room.engine)
    early = live(control_room.site, control_room.clock() + timedelta(seconds=5))
    assert early.refused
    assert (audit.head(control_room.engine), control_room.ledger.get(order.id).status) == (head, "executing")
    control_room.owner()
    assert control_room.true_end(order, before) == ("failed", 1)


def test_an_approval_that_ran_out_while_no_owner_lived(control_room: ControlRoom) -> None:
    """It is neither carried out late nor forgotten: it expired, and says so."""
    before, _ = control_room.plant()
    order = control_room.approved(commands(before, 1))
    assert control_room.owner("before commit of claimed 1").killed
    control_room.clock.advance(minutes=16)
    control_room.owner()
    assert (control_room.ledger.get(order.id).status, control_room.site.commands) == ("expired", ())
    assert audit.verify(control_room.engine).ok


@dataclass(frozen=True)
class Story:
    """What happens to each order of a rehearsed series: `earlier` names the moment at which a first owner died already."""

    count: int
    ends: frozenset[tuple[str, int]]  # every end that must have come, and no other may
    earlier: str | None = None
    refuses: int | None = None
    load_growth: float = 1.0  # between approval and execution
    statements: bool = True  # also between two writes of a transaction, not only at its commit


STORIES = {
    "three commands": Story(3, frozenset({("failed", 0), ("failed", 1), ("failed", 2), ("executed", 3)})),
    "killed while settling": Story(3, frozenset({("failed", 2)}), earlier="after execute 2"),
    "a command is refused": Story(2, frozenset({("failed", 0), ("failed", 1)}), refuses=1, statements=False),
    "the load grew": Story(2, frozenset({("failed", 0), ("stale", 0)}), load_growth=3.0, statements=False),
}
READING = ("before BEGIN", "before SELECT")  # changes nothing: to die there is to die at the next moment
INSIDE_A_TRANSACTION = (*READING, "before INSERT", "before UPDATE")


@pytest.mark.slow
@pytest.mark.parametrize("name", STORIES)
def test_owners_killed_at_every_moment(control_room: ControlRoom, name: str, report_count: Callable[[str], None]) -> None:
    """One order after the other in one ledger, each with an owner killed one moment later than the last; every end is the plant's."""
    story = STORIES[name]
    room = replace(control_room, site=replace(control_room.site, refuses=story.refuses))
    room.owner()  # the first one in a fresh ledger has more to write than those after it
    rehearsal, end = one_order(room, story, None)
    moments = [m for m in rehearsal.moments if not m.startswith(READING if story.statements else INSIDE_A_TRANSACTION)]
    ends = Counter({end: 1})
    for moment in moments:
        life, end = one_order(room, story, moment)
        assert life.killed, moment
        ends[end] += 1
    assert set(ends) == story.ends
    told = ", ".join(f"{status} with {done} carried out {times}" for (status, done), times in sorted(ends.items()))
    report_count(f"{len(moments)} moments of kill -9 survived; ends: {told}; commands repeated: 0")


def one_order(room: ControlRoom, story: Story, moment: str | None) -> tuple[Life, tuple[str, int]]:
    """Approve an order, let an owner die with it and the next one settle it."""
    order = room.approved(commands(room.plant()[0], story.count))
    room.load_grows(story.load_growth)
    before, _ = room.plant()
    if story.earlier is not None:
        assert room.owner(story.earlier).killed
    life = room.owner(moment)
    room.owner()
    end = room.true_end(order, before)
    room.load_grows(1 / story.load_growth)
    return life, end
