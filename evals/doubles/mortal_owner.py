"""A plant's owner in a process of its own that can be killed at any moment, and the fresh process that takes over after it.

Everything in it is the product's: owner, lease, ledger, gate, estimated state and the simulated plant with its file.
"""

import multiprocessing
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path

from agent.live_plant import LivePlant
from agent.owner import Owner
from evals.doubles.moments import Moments
from grid_models.actions import Action
from grid_models.errors import AeipError
from grid_models.twin.profiles import Grid
from grid_models.twin.simulated_plant import SimulatedPlant
from guardrails.database import open_database
from guardrails.errors import OwnerElsewhere
from guardrails.gate import Gate
from guardrails.lease import Leases
from guardrails.ledger import Ledger
from guardrails.rule_pack import ENTSOE_CONTINENTAL, load_pack

_PATIENCE_S = 60.0  # far above the second that one life takes
_REFUSED = 3  # exit status of an owner that found another one alive


@dataclass(frozen=True)
class Site:
    """Where a process finds its control room. `folder` holds the plant's files and `commands.txt`.

    refuses: the plant does not carry out commands of this position in their list, from 0.
    """

    database_url: str
    folder: Path
    grid: Grid
    refuses: int | None = None

    @property
    def commands(self) -> tuple[str, ...]:
        """The key of every command that reached the plant, repetitions included."""
        file = self.folder / "commands.txt"
        return tuple(file.read_text().split()) if file.exists() else ()


@dataclass(frozen=True)
class Life:
    """How one owner's process went: killed, refused the lease, or done; and the moments it lived to see."""

    killed: bool
    refused: bool
    moments: tuple[str, ...]


class CountingPlant(SimulatedPlant):
    """The simulated plant, which also keeps the key of every command that reached it."""

    def __init__(self, site: Site, now: Callable[[], datetime]) -> None:
        super().__init__(site.grid, site.folder, now)
        self._site = site

    def execute(self, action: Action, key: str) -> None:
        """As the simulated plant. Raises AeipError where it refuses."""
        with (self._site.folder / "commands.txt").open("a") as commands:
            commands.write(f"{key}\n")
        if key.split("-")[1] == str(self._site.refuses):
            raise AeipError("the relay does not answer")
        super().execute(action, key)


@dataclass(frozen=True)
class Clock:
    """Wall time that starts at `at` and goes on as time does."""

    at: datetime
    born: float

    def __call__(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.born)


def live(site: Site, at: datetime, dies_at: str | int | None = None) -> Life:
    """Start an owner at a wall time: it settles what was left, carries out what is approved, and ends. Raises AeipError if it cannot."""
    log = site.folder / f"moments-{time.monotonic_ns()}.txt"
    process = processes().Process(target=_owner, args=(site, at, log, dies_at))
    process.start()
    process.join(_PATIENCE_S)
    if process.exitcode not in (0, _REFUSED, -signal.SIGKILL):
        process.kill()
        raise AeipError(f"The owner's process ended with {process.exitcode}; its own words are on stderr.")
    moments = tuple(log.read_text().splitlines()) if log.exists() else ()
    return Life(process.exitcode == -signal.SIGKILL, process.exitcode == _REFUSED, moments)


@cache
def processes() -> ForkServerContext:
    """Fresh processes that never saw this one's memory; the imports alone are made once for all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["evals.doubles.owner_warm_up"])
    return context


@cache
def gate_on(day: date) -> Gate:
    """The real gate with the shipped rules."""
    return Gate(load_pack(ENTSOE_CONTINENTAL, day))


def _owner(site: Site, at: datetime, log: Path, dies_at: str | int | None) -> None:
    moments, now = Moments(log, dies_at), Clock(at, time.monotonic())
    engine, gate = open_database(site.database_url), gate_on(at.date())
    moments.of_ledger(engine)
    moments.of_files()
    moments.around(gate, "check")
    owner = Owner(
        grid=site.grid.model.name,
        open_plant=lambda: _plant(site, now, gate, moments),
        ledger=Ledger(engine, now),
        leases=Leases(engine, now),
        gate=lambda: gate,
    )
    try:
        owner.take()
    except OwnerElsewhere:
        sys.exit(_REFUSED)
    owner.tick()


def _plant(site: Site, now: Clock, gate: Gate, moments: Moments) -> LivePlant:
    source = CountingPlant(site, now)
    plant = LivePlant(site.grid, source, site.folder, lambda: gate.limits, now)
    moments.around(source, "execute")
    moments.around(plant, "observe")
    return plant
