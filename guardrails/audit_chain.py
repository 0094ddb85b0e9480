"""One link of the audit chain: what it says, its hash, and whether it continues the link before. Pure.

Tamper-evident, not tamper-proof: who can rewrite the whole chain and its head leaves a consistent one. Keep an exported head hash
elsewhere (a shift log, another machine) to notice that too.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

GENESIS = "0" * 64  # what the first row continues


class AuditEvent(BaseModel):
    """One row. `payload` is canonical JSON text, kept as the bytes that were hashed."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    seq: int = Field(description="1, 2, 3, ... without gaps")
    at: str = Field(description="wall time, ISO 8601 in UTC with microseconds")
    event: str
    proposal_id: int | None
    person: str
    payload: str
    prev_hash: str = Field(description="hash of the row before")
    hash: str = Field(description="SHA-256 (hex) of everything above")

    @property
    def computed_hash(self) -> str:
        """The hash its content should have."""
        return digest(canonical(self.model_dump(exclude={"hash"})))

    @property
    def details(self) -> dict[str, JsonValue]:
        """The payload as an object."""
        found: dict[str, JsonValue] = json.loads(self.payload)
        return found


def canonical(content: Mapping[str, JsonValue]) -> str:
    """JSON with one spelling: sorted keys, no spaces, no NaN."""
    return json.dumps(dict(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    """SHA-256 (hex) of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(at: datetime) -> str:
    """A wall time as it is written into the chain. Raises ValueError for a time without zone."""
    if at.tzinfo is None:
        raise ValueError("a wall time needs its zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link(
    rows: int, head: str, *, at: datetime, event: str, person: str, proposal_id: int | None, content: Mapping[str, JsonValue]
) -> AuditEvent:
    """The event that continues a chain of `rows` rows whose last hash is `head`."""
    open_link = AuditEvent(
        seq=rows + 1,
        at=stamp(at),
        event=event,
        proposal_id=proposal_id,
        person=person,
        payload=canonical(content),
        prev_hash=head,
        hash="",
    )
    return open_link.model_copy(update={"hash": open_link.computed_hash})


def broken_link(event: AuditEvent, rows: int, head: str) -> str | None:
    """Why `event` does not continue a chain of `rows` rows whose last hash is `head`; None when it does."""
    if event.seq != rows + 1:
        return f"row {rows + 1} is missing"
    if event.prev_hash != head:
        return f"row {event.seq} does not continue the row before it"
    if event.hash != event.computed_hash:
        return f"the content of row {event.seq} does not match its hash"
    return None
