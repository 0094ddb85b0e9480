"""What a stored conversation found out: an evidence id resolves as long as the conversation is kept."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from agent.answer import Call
from agent.conversation import EvidenceNotFound, made_calls
from agent.grounding.formats import written
from agent.grounding.paths import number_at, unit_at
from guardrails.people import Person, person_key

_TOLD = ("question", "grid", "state_id", "plant_time", "source")


class Value(BaseModel):
    """A number at a path of the result; `text` as an answer writes it."""

    model_config = ConfigDict(frozen=True)

    path: str
    value: float
    unit: str
    text: str


class StoredCall(BaseModel):
    """One call of a conversation, with the question it was made for and the state it was made on."""

    model_config = ConfigDict(frozen=True)

    session: str
    question: str
    grid: str
    state_id: str
    plant_time: str
    source: str
    call: Call
    at: Value | None = None


def stored_calls(messages: list[Any], session: str, person: Person) -> list[StoredCall]:
    """The calls that were made for this person's own questions, in order."""
    mine = [made for made in made_calls(messages) if made.person and person_key(made.person) == person_key(person.name)]
    return [StoredCall(session=session, **{name: getattr(made, name) for name in _TOLD}, call=made.call) for made in mine]


def evidence(kept: list[StoredCall], session: str, call_id: str, path: str | None) -> StoredCall:
    """The call of this id, with the number at a path of its result. Raises EvidenceNotFound."""
    found = next((one for one in reversed(kept) if one.call.id.casefold() == call_id.casefold()), None)
    if found is None:
        ids = ", ".join(one.call.id for one in kept)
        works = f"it has {ids}" if ids else "a conversation of yours works, by the 'session' of its answers"
        raise EvidenceNotFound(f"There is no evidence {call_id} of yours in conversation '{session}'; {works}.")
    return found.model_copy(update={"at": _value(found.call, path)}) if path else found


def _value(call: Call, path: str) -> Value:
    value, unit = number_at(path, call.result), unit_at(path, call.result)
    if value is None:
        raise EvidenceNotFound(f"{call.id} ({call.tool}) has no number at '{path}'; its fields are {', '.join(call.result) or 'none'}.")
    return Value(path=path, value=value, unit=unit.name, text=written(value, unit)[0])
