"""Who tried what they may not? A refused attempt is a row of the audit too, although nothing else came of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType

from pydantic import JsonValue
from sqlalchemy import Engine

from grid_models.errors import AeipError
from guardrails import audit
from guardrails.database import writing
from guardrails.errors import NotAuthorised
from guardrails.storable import storable

PROPOSAL_REFUSED = "proposal refused"
SWITCH_REFUSED = "switch refused"
ACCOUNT_REFUSED = "account change refused"
TAG_REFUSED = "tag refused"
_NOTHING: Mapping[str, JsonValue] = MappingProxyType({})
_AUTHORITY: tuple[type[AeipError], ...] = (NotAuthorised,)


@contextmanager
def refusals_recorded(
    engine: Engine,
    event: str,
    person: str,
    at: Callable[[], datetime],
    content: Mapping[str, JsonValue] = _NOTHING,
    *,
    proposal_id: int | None = None,
    kinds: tuple[type[AeipError], ...] = _AUTHORITY,
) -> Iterator[None]:
    """Append `event` when the block refuses, after its own transaction was rolled back, and let the refusal go on to the caller.

    content: what was tried; kinds: which errors are refusals; at: asked only then.
    """
    try:
        yield
    except kinds as refusal:
        told = {**content, "refusal": storable(str(refusal))}
        with writing(engine) as session:
            audit.append(session, event, person=storable(person), at=at(), proposal_id=proposal_id, content=told)
        raise
