"""The kill switch between real processes: one stops, the others that keep executing execute nothing more."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from grid_models.actions import Action
from guardrails import audit, kill_switch
from guardrails.transitions import Status

WITHIN_S = 1.0  # what the product promises
GRIDS = ("case14", "case14 south")  # an owner each, both on one ledger
STEPS = tuple(Action(kind="set_p", element="Generator at Bus 2", p_mw=30.0 + step) for step in range(400))

# A plant's owner as busy as can be: orders of 400 commands each, a few milliseconds a command, and claims without a pause.
OWNER = """
import dataclasses, sys, time
from datetime import UTC, datetime
import pandapower.networks
from grid_models.findings import ClauseResult
from grid_models.intake.net import model_from_net
from grid_models.twin.state import GridState
from guardrails.database import open_database
from guardrails.execution import process_approved
from guardrails.ledger import Ledger
from guardrails.verdict import Verdict

url, grid, clause, at = sys.argv[1:]

class Plant:
    model = dataclasses.replace(model_from_net(pandapower.networks.case14(), "case14"), name=grid)
    state = GridState.at_start(model)

    def observe(self):
        return self.state

    def execute(self, action, key):
        print(time.time(), flush=True)
        time.sleep(0.005)
        self.state = self.state.apply([action])

def check(state, actions, reason):
    clauses = (ClauseResult.model_validate_json(clause),)
    return Verdict(grid=grid, state_id=state.state_id, plant_time="2026-11-20", actions=tuple(actions), clauses=clauses)

ledger = Ledger(open_database(url), lambda: datetime.fromisoformat(at).astimezone(UTC))
while True:
    process_approved(ledger, check, Plant())
    time.sleep(0.01)
"""


class Owner:
    """One process; each command's wall time is a line of its file."""

    def __init__(self, url: str, grid: str, clause: str, at: str, folder: Path) -> None:
        self.told = folder / f"{grid}.txt"
        with self.told.open("wb") as lines:
            self.process = subprocess.Popen([sys.executable, "-c", OWNER, url, grid, clause, at], stdout=lines)

    def __enter__(self) -> "Owner":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def commands(self) -> list[float]:
        """Wall times of all commands so far [s]; a line being written counts when it is whole."""
        return [float(line) for line in self.told.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 180.0  # a busy machine takes its time to start processes
        while len(self.commands) < count:
            assert time.monotonic() < deadline, "the owner never got to work"
            time.sleep(0.01)


@pytest.fixture
def owners(room, database_url: str, finding, tmp_path: Path) -> Iterator[list[Owner]]:
    """All at work, each on the first of its two orders."""
    for grid in GRIDS * 2:
        room.approve(room.submit(finding(), actions=STEPS, grid=grid))
    with ExitStack() as stack:
        clause, at = finding().model_dump_json(), room.clock().isoformat()
        found = [stack.enter_context(Owner(database_url, grid, clause, at, tmp_path)) for grid in GRIDS]
        for owner in found:
            owner.wait_for(10)
        yield found


@pytest.mark.slow
def test_a_stop_ends_the_commands_of_all_other_processes_within_a_second(room, owners: list[Owner], engine: Engine) -> None:
    """Not one command later than a second after the stop was asked for, and every order ends in one true state."""
    asked = time.time()
    kill_switch.stop(engine, room.person("olga"), "smoke", now=room.clock())
    took_s = time.time() - asked
    time.sleep(2.5)
    found = [at for owner in owners for at in owner.commands]
    assert all(owner.process.poll() is None for owner in owners), "the owners still run, and keep looking for work"
    late_s = max(found) - asked
    print(f"stop took {took_s * 1000:.0f} ms; last command {late_s * 1000:.0f} ms after it was asked for; {len(found)} commands in all")
    assert late_s < WITHIN_S
    assert max(len(owner.commands) for owner in owners) < len(STEPS), "each had more to do"
    proposals = room.ledger.list()
    assert [p.status for p in proposals] == [Status.FAILED] * 2 * len(GRIDS)
    assert sum(step.status == "done" for p in proposals for step in p.steps) == len(found)
    assert audit.verify(engine).ok
