"""The plant's owner: the one process that measures, checks again and executes. It holds the lease and shows that it lives."""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path

from grid_models.errors import AeipError
from grid_models.twin.plant import observe
from grid_models.twin.simulated_plant import SimulatedPlant
from grid_models.twin.state import GridState
from grid_models.twin.state_store import save_state
from guardrails.errors import OwnerElsewhere
from guardrails.execution import process_approved
from guardrails.gate import Gate
from guardrails.interruption import resolve_interrupted
from guardrails.lease import Leases
from guardrails.ledger import Ledger

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
_TICK_S = 0.5  # how soon an approval is carried out
_MEASURE_EVERY = 8  # ticks between two telemetry sets: 4 s, as SCADA does


@dataclass
class Owner:
    """Owns one grid's plant in this process. `start` takes the lease; `tick` is one round, `run` the thread's loop."""

    grid: str
    open_plant: Callable[[], SimulatedPlant]
    ledger: Ledger
    leases: Leases
    gate: Callable[[], Gate]
    accepted_path: Path
    owner_id: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}")

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._round = 0
        self._latest: GridState | None = None
        self.fault: str | None = None

    @cached_property
    def plant(self) -> SimulatedPlant:
        """Opened under the lease alone: two processes must never write its file."""
        return self.open_plant()

    @property
    def latest(self) -> GridState:
        """The latest accepted state."""
        if self._latest is None:
            self._accept()
        assert self._latest is not None
        return self._latest

    def take(self) -> None:
        """Take the lease and settle what a crash left behind. Raises OwnerElsewhere."""
        if self.leases.acquire(self.owner_id, self.grid, LEASE) is None:
            holder = self.leases.holder(self.grid)
            who = holder.owner_id if holder else "another process"
            raise OwnerElsewhere(f"The plant '{self.grid}' is already run by {who}; stop that one, or use another data folder.")
        resolve_interrupted(self.ledger, self.plant)
        self._accept()

    def start(self) -> None:
        """Take the lease and run in a thread of its own."""
        self.take()
        self._thread = threading.Thread(target=self._run, name="plant-owner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store the plant's clock and give the lease back."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        self.plant.save()
        self.leases.release(self.owner_id, self.grid)

    def tick(self) -> None:
        """Renew the lease, look at the plant, carry out what is approved. Without the lease nothing is executed."""
        if self.leases.renew(self.owner_id, self.grid, LEASE) is None and self.leases.acquire(self.owner_id, self.grid, LEASE) is None:
            self.fault = f"Another process took over the plant '{self.grid}'; this one executes nothing."
            return
        gate = self.gate()
        done = process_approved(self.ledger, gate.check, self.plant, gate.pack.tolerances)
        self.ledger.expire_due(self.ledger.now())
        if done or self._round % _MEASURE_EVERY == 0:
            self._accept()
        self._round += 1
        self.fault = None

    def _accept(self) -> None:
        """The twin's present state, also for other processes on this data folder."""
        self.plant.save()
        self._latest = observe(self.plant)
        save_state(self._latest, self.accepted_path)

    def _run(self) -> None:
        while not self._stop.wait(_TICK_S):
            try:
                self.tick()
            except AeipError as error:
                self.fault = str(error)
                log.error("plant owner: %s", error)
            except Exception as error:  # the loop must survive; nothing was executed that is not in the ledger
                self.fault = f"the plant's owner failed inside ({type(error).__name__})"
                log.exception("plant owner")
