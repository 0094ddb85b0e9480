"""Random histories: whatever people, time and the plant do, nothing executes without approval and a fresh passing check."""

import contextlib
import functools
import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from grid_models.actions import Action, action_hash
from grid_models.errors import AeipError
from guardrails import audit, kill_switch
from guardrails.database import open_database
from guardrails.execution import process_approved
from guardrails.interruption import resolve_interrupted
from guardrails.transitions import Status

ACTIONS = (Action(kind="shed_load", element="Load at Bus 14", p_mw=5.0), Action(kind="set_p", element="Generator at Bus 2", p_mw=30.0))
NAMES = st.sampled_from(["olga", "sam", "SUE", "local", "vera", "ada", "nobody"])
OUTCOMES = st.sampled_from(["pass", "pass", "pass", "warn", "fail", "not checkable"])
SUPERVISORS = {"sam", "sue"}


class PowerCut(BaseException):
    """The owner's process dies."""


def machine(make_room: Callable[[], object], finding: Callable[..., object]) -> type[RuleBasedStateMachine]:
    """A control room in which anybody may try anything at any time."""

    class ControlRoom(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.room = make_room()
            self.dies_at: int | None = None
            self.broken: list[str] = []
            self.room.plant.before_execute = self.judge_command

        def attempt(self, act: Callable[[], object]) -> None:
            """Refusals are fine; anything else is a bug."""
            with contextlib.suppress(AeipError, PowerCut):
                act()

        def judge_command(self, action: Action) -> None:
            """The promise itself, asked when a command reaches the plant; kept for `promises_hold`, as execution catches errors."""
            proposal = next(p for p in self.room.ledger.list() if p.status is Status.EXECUTING)
            approvers = {d.person.casefold() for d in proposal.decisions if d.decision == "approve"}
            fresh = self.room.checked[-1]
            promises = {
                "approved by supervisors other than the requester": approvers <= SUPERVISORS - {proposal.requested_by.casefold()},
                "approved by enough people": len(approvers) >= (2 if proposal.critical else 1),
                "checked now, the same actions": action_hash(fresh.actions) == proposal.action_hash,
                "passes now": not fresh.blocked,
                "passes as shown": fresh.outcome is proposal.verdict.outcome,
                "writes allowed": not kill_switch.position(self.room.engine).stopped,
            }
            self.broken += [promise for promise, kept in promises.items() if not kept]
            if self.dies_at == len(self.room.plant.executed) % 3:
                raise PowerCut

        @rule(name=NAMES, outcome=OUTCOMES, critical=st.booleans(), count=st.integers(1, 2))
        def somebody_proposes(self, name: str, outcome: str, critical: bool, count: int) -> None:
            self.attempt(lambda: self.room.submit(finding(outcome=outcome, critical=critical), by=name, actions=ACTIONS[:count]))

        @rule(name=NAMES, choice=st.sampled_from(["approve", "reject", "withdraw"]), back=st.integers(0, 2), seen=st.booleans())
        def somebody_decides(self, name: str, choice: str, back: int, seen: bool) -> None:
            person = self.room.person(name)
            for proposal in self.room.ledger.list(limit=back + 1)[back:]:
                shown, typed = proposal.verdict_hash if seen else "0" * 64, proposal.elements[0]
                if choice == "withdraw":
                    self.attempt(functools.partial(self.room.ledger.withdraw, proposal.id, person))
                else:
                    self.attempt(functools.partial(self.room.ledger.decide, proposal.id, person, choice, shown, "because", typed))

        @initialize(dies_at=st.sampled_from([None, None, 0, 1]), critical=st.booleans(), carried_out=st.booleans())
        def it_begins_well(self, dies_at: int | None, critical: bool, carried_out: bool) -> None:
            self.all_goes_well_up_to_the_owner(carried_out, critical, dies_at)

        @rule(carried_out=st.booleans(), critical=st.booleans(), dies_at=st.sampled_from([None, None, 0, 1]))
        def all_goes_well_up_to_the_owner(self, carried_out: bool, critical: bool, dies_at: int | None) -> None:
            self.room.now_found = (finding(critical=critical),)
            self.attempt(lambda: self.room.submit(*self.room.now_found, by="olga", actions=ACTIONS))
            for proposal in self.room.ledger.list(Status.PENDING):
                for name in ("sam", "sue"):
                    self.attempt(functools.partial(self.room.approve, proposal, by=name, typed_name=proposal.elements[0]))
            if carried_out:
                self.the_owner_looks(False, dies_at)

        @rule(outcome=OUTCOMES, margin=st.sampled_from([20.0, 20.0, 19.5, 10.0]), minutes=st.sampled_from([0, 0, 1, 5, 16]))
        def the_world_moves(self, outcome: str, margin: float, minutes: int) -> None:
            self.room.now_found = (finding(outcome=outcome, margin=margin),)
            self.room.clock.advance(minutes=minutes)

        @rule(stop=st.booleans(), name=NAMES)
        def somebody_presses_the_switch(self, stop: bool, name: str) -> None:
            act = kill_switch.stop if stop else kill_switch.resume
            self.attempt(lambda: act(self.room.engine, self.room.person(name), "drill", now=self.room.clock()))

        @rule(deaf=st.booleans(), dies_at=st.sampled_from([None, None, 0, 1]))
        def the_owner_starts_work(self, deaf: bool, dies_at: int | None) -> None:
            self.the_owner_looks(deaf, dies_at)

        def the_owner_looks(self, deaf: bool, dies_at: int | None) -> None:
            self.room.plant.deaf, self.dies_at = deaf, dies_at
            before = list(self.room.plant.executed)
            resolve_interrupted(self.room.ledger, self.room.plant)  # as every owner does when it starts
            self.broken += ["looked only"] * (self.room.plant.executed != before)
            self.attempt(lambda: process_approved(self.room.ledger, self.room.check, self.room.plant))

        @invariant()
        def promises_hold(self) -> None:
            assert self.broken == []

        @invariant()
        def no_command_twice(self) -> None:
            keys = [key for _, key in self.room.plant.executed]
            assert len(keys) == len(set(keys))

        def teardown(self) -> None:
            report = audit.verify(self.room.engine)
            assert report.ok, report.explanation
            self.room.engine.dispose()

    return ControlRoom


@pytest.fixture
def rooms(tmp_path: Path, open_room) -> Callable[[], object]:
    """A fresh control room for each history, from one prepared ledger."""
    template = tmp_path / "template.sqlite"
    engine = open_database(f"sqlite:///{template}")
    prepared = open_room(engine)
    engine.dispose()  # the last connection writes the log back into the file
    number = itertools.count()

    def make() -> object:
        path = tmp_path / f"history-{next(number)}.sqlite"
        shutil.copy(template, path)
        return prepared.again(open_database(f"sqlite:///{path}"))

    return make


@pytest.mark.parametrize(("histories", "steps"), [(8, 10), pytest.param(100, 30, marks=pytest.mark.slow)], ids=["a few", "many"])
def test_nothing_executes_without_approval_and_a_fresh_check(rooms, finding, histories: int, steps: int) -> None:
    """Asked at every command that reaches the plant; at the end of each history the audit verifies."""
    run_state_machine_as_test(
        machine(rooms, finding),
        settings=settings(
            max_examples=histories, stateful_step_count=steps, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
        ),
    )
