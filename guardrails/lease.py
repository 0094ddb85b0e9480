"""Who owns the plant of a grid. A ledger has at most one owner a grid; it shows by a heartbeat that it lives.

Times are wall UTC: machines that share a PostgreSQL ledger need synchronised clocks, to well below the time to live.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, delete
from sqlmodel import Session, col

from guardrails.database import reading, writing
from guardrails.tables import LeaseRow


class Lease(BaseModel):
    """Ownership of one grid's plant, valid until `expires_at` unless renewed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    grid: str
    owner_id: str
    acquired_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Leases:
    """The leases of one ledger; `now` gives wall UTC."""

    engine: Engine
    now: Callable[[], datetime]

    def acquire(self, owner_id: str, grid: str, ttl: timedelta) -> Lease | None:
        """Take the grid if nobody else holds it; None if someone does. The present owner gets its own lease, renewed."""
        with writing(self.engine) as session:
            at = self.now()
            present = self._valid(session, grid, at)
            if present is not None and present.owner_id != owner_id:
                return None
            since = at if present is None else present.acquired_at
            row = session.merge(LeaseRow(grid=grid, owner_id=owner_id, acquired_at=since, expires_at=at + ttl))
            return Lease.model_validate(row)

    def renew(self, owner_id: str, grid: str, ttl: timedelta) -> Lease | None:
        """The heartbeat. None when the lease ran out or is another's: the caller is no longer the owner and must stop executing."""
        with writing(self.engine) as session:
            at = self.now()
            present = self._valid(session, grid, at)
            if present is None or present.owner_id != owner_id:
                return None
            present.expires_at = at + ttl
            return Lease.model_validate(present)

    def release(self, owner_id: str, grid: str) -> None:
        """Give the grid back; does nothing if it is not the owner's."""
        with writing(self.engine) as session:
            session.exec(delete(LeaseRow).where(col(LeaseRow.grid) == grid, col(LeaseRow.owner_id) == owner_id))

    def holder(self, grid: str) -> Lease | None:
        """The lease in force, None when nobody owns the plant."""
        with reading(self.engine) as session:
            row = self._valid(session, grid, self.now())
            return None if row is None else Lease.model_validate(row)

    @staticmethod
    def _valid(session: Session, grid: str, at: datetime) -> LeaseRow | None:
        row = session.get(LeaseRow, grid)
        return row if row is not None and row.expires_at > at else None
