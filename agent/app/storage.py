"""What is stored and what is in force: ledger, people, secrets and the rule pack of today."""

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine

from agent.identity import Identity
from agent.settings import Settings
from grid_models.errors import AeipError
from grid_models.twin.state import GridState
from guardrails import kill_switch
from guardrails.circumstances import Circumstances
from guardrails.database import open_database
from guardrails.gate import Gate
from guardrails.lease import Leases
from guardrails.ledger import Ledger
from guardrails.rule_pack import RulePack, load_pack

_RULES = Path(__file__).parents[2] / "guardrails" / "rules"


def utc_now() -> datetime:
    """Wall time."""
    return datetime.now(UTC)


class Storage:
    """One data folder and one ledger. Everything is opened on first use."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self.settings, self.now = settings, now
        self._pack: tuple[tuple[date, str], RulePack] | None = None
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AeipError(
                f"The data folder '{settings.data_dir}' cannot be used ({error.strerror}); --data-dir with a writable folder works."
            ) from error

    @cached_property
    def engine(self) -> Engine:
        return open_database(self.settings.ledger_url)

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.engine, self.now)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self.engine, self.now)

    @cached_property
    def identity(self) -> Identity:
        return Identity(self.engine, self.secret, self.now)

    @cached_property
    def secret(self) -> str:
        """Signs tokens and cookies; made once, readable by the owner of the data folder alone."""
        path = self.settings.data_dir / "secret"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text().strip()

    def rules(self) -> RulePack:
        """The pack in force today; a changed file is read anew. Raises InvalidRule: nothing is checked with half a pack."""
        folder = Path(self.settings.rules) if "/" in self.settings.rules else _RULES / self.settings.rules
        files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
        key = (self.now().date(), ",".join(f"{p.name}:{p.stat().st_mtime_ns}" for p in files))
        if self._pack is None or self._pack[0] != key:
            self._pack = (key, load_pack(folder, key[0]))
        return self._pack[1]

    def gate(self) -> Gate:
        """The gate with the rules of today."""
        return Gate(self.rules(), writes_stopped=self.writes_stopped, around=self.circumstances)

    def circumstances(self, state: GridState) -> Circumstances:
        """What the gate may know besides a state of the grid."""
        return Circumstances()

    def writes_stopped(self) -> str | None:
        """Who stopped all writes and why; None when they run."""
        found = kill_switch.position(self.engine)
        return f"Writes are stopped by {found.person}: {found.reason}. A supervisor can resume them." if found.stopped else None
