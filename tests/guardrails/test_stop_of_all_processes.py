"""The kill switch between real processes: one stops, another that keeps executing executes nothing more."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine

from grid_models.actions import Action
from guardrails import audit, kill_switch
from guardrails.transitions import Status

WITHIN_S = 1.0  # what the product promises
ORDERS = 6
STEPS = tuple(Action(kind="set_p", element="Generator at Bus 2", p_mw=30.0 + step) for step in range(400))

# A plant's owner as busy as can be: 6 approved orders of 400 commands each, a few milliseconds a command, and claims without a pause.
OWNER = """
import sys, time
from datetime import UTC, datetime
import pandapower.networks
from grid_models.intake.net import model_from_net
from grid_models.twin.state import GridState
from guardrails.database import open_database
from guardrails.execution import process_approved
from guardrails.ledger import Ledger
from guardrails.verdict import Verdict
from grid_models.findings import ClauseResult

class Plant:
    model = model_from_net(pandapower.networks.case14(), "case14")
    state = GridState.at_start(model)

    def observe(self):
        return self.state

    def execute(self, action, key):
        print(time.time(), flush=True)
        time.sleep(0.005)
        self.state = self.state.apply([action])

def check(state, actions, reason):
    return Verdict(grid="case14", state_id=state.state_id, plant_time="2026-11-20", actions=tuple(actions),
                   clauses=(ClauseResult.model_validate_json(sys.argv[2]),))

ledger = Ledger(open_database(sys.argv[1]), lambda: datetime.fromisoformat(sys.argv[3]).astimezone(UTC))
until = time.time() + float(sys.argv[4])
while time.time() < until:
    process_approved(ledger, check, Plant())
    time.sleep(0.01)
"""


def owner(url: str, clause: str, at: str, seconds: float, told: Path) -> "subprocess.Popen[bytes]":
    """The process; each command's wall time is a line of the file."""
    with told.open("wb") as lines:
        return subprocess.Popen([sys.executable, "-c", OWNER, url, clause, at, str(seconds)], stdout=lines)


def commands(told: Path) -> list[float]:
    """Wall times of all commands so far [s]; a line being written counts when it is whole."""
    return [float(line) for line in told.read_text().splitlines(keepends=True) if line.endswith("\n")]


def wait_for(told: Path, count: int, within_s: float = 60.0) -> None:
    deadline = time.monotonic() + within_s
    while len(commands(told)) < count:
        assert time.monotonic() < deadline, "the owner never got to work"
        time.sleep(0.01)


@pytest.mark.slow
def test_a_stop_ends_the_commands_of_another_process_within_a_second(
    room, database_url: str, finding, tmp_path: Path, engine: Engine
) -> None:
    """Not one command later than a second after the stop was asked for, and every order ends in one true state."""
    for _ in range(ORDERS):
        room.approve(room.submit(finding(), actions=STEPS))
    told = tmp_path / "commands"
    process = owner(database_url, finding().model_dump_json(), room.clock().isoformat(), 60.0, told)
    try:
        wait_for(told, 30)
        asked = time.time()
        kill_switch.stop(engine, room.person("olga"), "smoke", now=room.clock())
        returned = time.time()
        time.sleep(2.5)
        found = commands(told)
        assert process.poll() is None, "the owner still runs, and keeps looking for work"
    finally:
        process.kill()
        process.wait()
    late_s = max(found) - asked
    print(
        f"stop took {(returned - asked) * 1000:.0f} ms; last command {late_s * 1000:.0f} ms after it was asked for; {len(found)} commands"
    )
    assert late_s < WITHIN_S
    assert len(found) < ORDERS * len(STEPS), "there was more to do"
    statuses = [proposal.status for proposal in room.ledger.list()]
    assert len(statuses) == ORDERS
    assert set(statuses) <= {Status.EXECUTED, Status.FAILED}
    assert Status.FAILED in statuses
    assert sum(step.status == "done" for p in room.ledger.list() for step in p.steps) == len(found)
    assert audit.verify(engine).ok
