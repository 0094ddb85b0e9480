"""What is stored: ledger, people, secrets and the stop of writes."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Engine

from agent.identity import Identity
from agent.settings import Settings
from grid_models.errors import AeipError
from guardrails import kill_switch
from guardrails.database import open_database
from guardrails.lease import Leases
from guardrails.ledger import Ledger


def utc_now() -> datetime:
    """Wall time."""
    return datetime.now(UTC)


class Storage:
    """One data folder and one ledger. Everything is opened on first use."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self.settings, self.now = settings, now
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

    def writes_stopped(self) -> str | None:
        """Who stopped all writes and why; None when they run."""
        found = kill_switch.position(self.engine)
        return f"Writes are stopped by {found.person}: {found.reason}. A supervisor can resume them." if found.stopped else None
