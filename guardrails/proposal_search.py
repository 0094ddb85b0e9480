"""Which proposals does somebody want to see? Filters and order as SQL, one page of what fits, and how many fit in all."""

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, case, exists, func, or_
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, col, select

from guardrails import people
from guardrails.database import reading, writing
from guardrails.proposal_rows import load
from guardrails.proposals import Proposal
from guardrails.storable import storable
from guardrails.tables import DecisionRow, ProposalRow, WordsRow
from guardrails.transitions import Status
from guardrails.verdict import Verdict


class Wanted(BaseModel):
    """All given filters must fit; nothing given fits everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statuses: tuple[Status, ...] = Field(default=(), description="any of them; none = all")
    grid: str = Field(default="", description="exact name")
    person: str = Field(default="", description="who asked or decided; the case does not matter")
    text: str = Field(default="", description="part of actions, switches, reason or outcome; the case does not matter")


class Listing(BaseModel):
    """One page, and how many fit in all."""

    model_config = ConfigDict(frozen=True)

    proposals: tuple[Proposal, ...]
    total: int


def search(session: Session, wanted: Wanted, limit: int, offset: int) -> Listing:
    """What waits for a decision first, the nearest deadline on top; then the others, newest first. Raises LedgerUnreadable."""
    fits = _conditions(session, wanted)
    total = session.exec(select(func.count()).select_from(ProposalRow).where(*fits)).one()
    number, waits = col(ProposalRow.id), col(ProposalRow.status) == Status.PENDING
    order = (case((waits, 0), else_=1), case((waits, col(ProposalRow.expires_at))), case((waits, number), else_=-number))
    rows = session.exec(select(ProposalRow).where(*fits).order_by(*order).limit(limit).offset(offset)).all()
    return Listing(proposals=load(session, rows), total=total)


def words_row(row: ProposalRow, verdict: Verdict) -> WordsRow:
    """What a proposal is found by; what is shown comes from its verdict alone."""
    actions = ", then ".join(action.words() for action in verdict.actions)
    switches = ", ".join(name for names in verdict.breakers for name in names)
    return WordsRow.model_validate({"proposal_id": row.id, "text": plain(" · ".join((actions, switches, row.reason)))})


def complete(engine: Engine) -> None:
    """Add the words of proposals from before there were any. Writes only if there is something. Raises LedgerUnreadable."""
    without = select(ProposalRow).where(col(ProposalRow.id).not_in(select(WordsRow.proposal_id)))
    with reading(engine) as session:
        if session.exec(without.limit(1)).first() is None:
            return
    with writing(engine) as session:
        rows = session.exec(without).all()
        session.add_all(words_row(row, proposal.verdict) for row, proposal in zip(rows, load(session, rows), strict=True))


def plain(text: str) -> str:
    """As texts are compared: one space, no case."""
    return " ".join(storable(text).split()).casefold()


def _conditions(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.statuses:
        found.append(col(ProposalRow.status).in_(wanted.statuses))
    if wanted.grid:
        found.append(col(ProposalRow.grid) == storable(wanted.grid))
    if wanted.person:
        found.append(_of_person(session, storable(wanted.person)))
    if wanted.text:
        found.append(_says(plain(wanted.text)))
    return found


def _of_person(session: Session, name: str) -> ColumnElement[bool]:
    known = people.find(session, name)
    decided = exists().where(col(DecisionRow.proposal_id) == col(ProposalRow.id), col(DecisionRow.person_key) == people.person_key(name))
    return or_(col(ProposalRow.requested_by) == (known.name if known else name), decided)


def _says(text: str) -> ColumnElement[bool]:
    by_words = exists().where(col(WordsRow.proposal_id) == col(ProposalRow.id), col(WordsRow.text).contains(text, autoescape=True))
    return or_(by_words, func.lower(ProposalRow.outcome_note).contains(text, autoescape=True))
