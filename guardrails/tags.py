"""Tags on equipment: people set them where they work and lift them when they are done, and no order passes them meanwhile.

The kill switch does not forbid it: a tag only ever takes something out of the orders' reach, and lifting one changes nothing of the grid.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from sqlalchemy import Engine
from sqlmodel import col, select

from grid_models.errors import AmbiguousElement
from grid_models.twin.model import GridModel
from guardrails import audit, people
from guardrails.audit_chain import stamp
from guardrails.authority import may_lift, may_tag
from guardrails.circumstances import Tag, TagKind
from guardrails.database import reading, writing
from guardrails.errors import InvalidTag, NotAuthorised, TagNotFound
from guardrails.people import Person
from guardrails.refusals import TAG_REFUSED, refusals_recorded
from guardrails.tables import TagRow
from guardrails.tag_facts import TAG_LIFTED, TAG_SET
from guardrails.touched import places_of

_LONGEST = 500  # characters of a note: it is read out in every refusal


class StandingTag(BaseModel):
    """One tag of one grid. Several may stand on one element; each is lifted by its own number."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: int = Field(description="the number to lift it by")
    grid: str
    element: str = Field(description="display name; with its kind before where elements share the name")
    kind: TagKind
    person: str
    note: str
    at: datetime = Field(description="wall time, UTC")

    @property
    def as_known(self) -> Tag:
        """What the gate is told."""
        return Tag(self.element, self.kind, self.person, self.note)


def set_tag(engine: Engine, model: GridModel, element: str, kind: TagKind, person: Person, note: str, *, now: datetime) -> StandingTag:
    """Set a tag on an element of the grid and append it to the audit in the same transaction.

    An order whose execution began before may still end. Raises UnknownElement with the nearest names, AmbiguousElement, InvalidTag
    (no note), NotAuthorised.
    """
    name, why = _name(model, element), _words(note, "the work, e.g. a permit's number,")
    tried: dict[str, JsonValue] = {"tried": "set", "grid": model.name, "element": name}
    with refusals_recorded(engine, TAG_REFUSED, person.name, lambda: now, tried), writing(engine) as session:
        recorded = people.require(session, person.name)
        refusal = may_tag(recorded, places_of(model, [name]))
        if refusal is not None:
            raise NotAuthorised(refusal)
        row = TagRow(grid=model.name, element=name, kind=kind, person=recorded.name, note=why, at=stamp(now))
        session.add(row)
        session.flush()
        audit.append(session, TAG_SET, person=recorded.name, at=now, content=row.model_dump(exclude={"person"}))
        return StandingTag.model_validate(row)


def lift_tag(engine: Engine, model: GridModel, number: int, person: Person, reason: str, *, now: datetime) -> StandingTag:
    """Lift a standing tag of the grid, as its setter or a supervisor. Raises TagNotFound, InvalidTag (no reason), NotAuthorised."""
    why = _words(reason, "why it is lifted")
    tried: dict[str, JsonValue] = {"tried": "lift", "grid": model.name, "number": number}
    with refusals_recorded(engine, TAG_REFUSED, person.name, lambda: now, tried), writing(engine) as session:
        recorded = people.require(session, person.name)
        row = session.get(TagRow, number) if 0 < number < 2**31 else None
        if row is None or row.grid != model.name:
            raise TagNotFound(number)
        refusal = may_lift(recorded, row.id or 0, row.person, places_of(model, [row.element]))
        if refusal is not None:
            raise NotAuthorised(refusal)
        lifted = StandingTag.model_validate(row)
        session.delete(row)
        audit.append(session, TAG_LIFTED, person=recorded.name, at=now, content={**row.model_dump(), "reason": why})
        return lifted


def standing_tags(engine: Engine, grid: str) -> tuple[StandingTag, ...]:
    """Those that stand in a grid, the oldest first. Raises LedgerUnreadable."""
    with reading(engine) as session:
        rows = session.exec(select(TagRow).where(TagRow.grid == grid).order_by(col(TagRow.id)))
        return tuple(StandingTag.model_validate(row) for row in rows)


def _name(model: GridModel, phrase: str) -> str:
    """The display name, from which the element can be found again later."""
    element = model.registry.find(phrase)
    try:
        return model.registry.find(element.name).name
    except AmbiguousElement:
        return f"{element.kind} {element.name}"


def _words(text: str, what: str) -> str:
    """One line of text. Raises InvalidTag where there is none."""
    line = " ".join(text.split())
    if not line or len(line) > _LONGEST or not line.isprintable():
        raise InvalidTag(f"A note of 1 to {_LONGEST} printable characters has to say {what}, this one has {len(line)}.")
    return line
