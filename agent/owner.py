"""The plant's owner: the one process that measures, checks again and executes. It holds the lease and shows that it lives."""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from agent.live_plant import LivePlant
from grid_models.actions import Action
from grid_models.errors import AeipError
from grid_models.live.view import TwinView
from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState
from guardrails.errors import InvalidRule, OwnerElsewhere
from guardrails.execution import process_approved
from guardrails.gate import Gate
from guardrails.interruption import resolve_interrupted
from guardrails.lease import Leases
from guardrails.ledger import Ledger

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
_TICK_S = 0.5  # how soon an approval is carried out
_MEASURE_EVERY = 8  # ticks between two telemetry sets: 4 s, as SCADA does


@dataclass(frozen=True)
class _UnderLease:
    """The plant, with the lease proven before every command: an owner that was paused must not act on another's plant."""

    plant: LivePlant
    holds_lease: Callable[[], bool]

    @property
    def model(self) -> GridModel:
        return self.plant.model

    def observe(self) -> GridState:
        return self.plant.observe()

    def execute(self, action: Action, key: str) -> None:
        if not self.holds_lease():
            raise OwnerElsewhere(f"This process lost the lease of '{self.model.name}' and must not command it.")
        self.plant.execute(action, key)


@dataclass
class Owner:
    """Owns one grid's plant in this process. `start` takes the lease; `tick` is one round, `run` the thread's loop."""

    grid: str
    open_plant: Callable[[], LivePlant]
    ledger: Ledger
    leases: Leases
    gate: Callable[[], Gate]
    owner_id: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}")

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._round = 0
        self.fault: str | None = None

    @cached_property
    def plant(self) -> LivePlant:
        """Opened under the lease alone: two processes must never write its files."""
        return self.open_plant()

    @property
    def view(self) -> TwinView:
        """What is known of the plant now. Raises NotOnline as long as nothing was ever accepted."""
        found = self.plant.view
        if found is None:
            self.plant.observe()
            found = self.plant.view
        assert found is not None
        return found

    def take(self) -> None:
        """Take the lease and settle what a crash left behind. Raises OwnerElsewhere."""
        if self.leases.acquire(self.owner_id, self.grid, LEASE) is None:
            holder = self.leases.holder(self.grid)
            who = holder.owner_id if holder else "another process"
            raise OwnerElsewhere(f"The plant '{self.grid}' is already run by {who}; stop that one, or use another data folder.")
        self._settle()

    def start(self) -> None:
        """Take the lease and run in a thread of its own. Waits for the end of a lease whose owner crashed; a living one renews it."""
        self._outlive_a_dead_owner()
        self.take()
        self._thread = threading.Thread(target=self._run, name="plant-owner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Store the plant's clock and give the lease back."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        if self._holds_lease():  # without it the plant's file is somebody else's
            self.plant.save()
            self.leases.release(self.owner_id, self.grid)

    def tick(self) -> None:
        """Renew the lease, look at the plant, carry out what is approved. Without the lease nothing is executed."""
        if not self._holds_lease():
            self.__dict__.pop("plant", None)  # whatever this process knew of the plant is old
            self.fault = f"Another process took over the plant '{self.grid}'; this one executes nothing."
            if self.leases.acquire(self.owner_id, self.grid, LEASE) is None:
                return
            self._settle()
        done, broken = self._carry_out()
        self.ledger.expire_due(self.ledger.now())
        if done or self._round % _MEASURE_EVERY == 0:
            self.plant.look()
        self._round += 1
        self.fault = broken

    def _carry_out(self) -> tuple[bool, str | None]:
        """Was something carried out, and why not where the rules cannot be read: that stops orders, never the look at the plant."""
        try:
            gate = self.gate()
        except InvalidRule as broken:
            return False, str(broken)
        done = process_approved(self.ledger, gate.check, _UnderLease(self.plant, self._holds_lease), gate.pack.tolerances)
        return bool(done), None

    def _outlive_a_dead_owner(self) -> None:
        held = self.leases.holder(self.grid)
        deadline = time.monotonic() + LEASE.total_seconds() + 1.0
        while held is not None and time.monotonic() < deadline:
            time.sleep(2 * _TICK_S)
            now_held = self.leases.holder(self.grid)
            if now_held is not None and now_held.expires_at != held.expires_at:
                return  # it was renewed: the owner lives
            held = now_held

    def _holds_lease(self) -> bool:
        """Shows that this owner lives; False when the lease is lost."""
        return self.leases.renew(self.owner_id, self.grid, LEASE) is not None

    def _settle(self) -> None:
        """Resolve by read-back what a crash left executing, and look at the plant."""
        resolve_interrupted(self.ledger, self.plant)
        self.plant.look()

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
