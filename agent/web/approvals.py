"""The approvals page and its pieces, rendered on the server; the chat's cards are the same pieces."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent.web.clause_rows import clause_rows
from agent.web.core import Core
from agent.web.door import Door, Visitor
from agent.web.number_words import unit_symbol
from agent.web.proposal_view import REJECT_REASONS, Card, card
from agent.web.queue_filter import PAGE, Asked, Pager, pager
from grid_models.errors import AeipError
from guardrails.authority import may_resume, may_stop
from guardrails.people import Person
from guardrails.proposal_search import Wanted
from guardrails.transitions import Status

_WAITING_SHOWN = 100  # what a page can still be read of; the nearest deadlines
_OPEN = (Status.PENDING, Status.APPROVED, Status.EXECUTING)
_DECIDED = tuple(status for status in Status if status not in (*_OPEN, Status.DRAFT, Status.BLOCKED))


@dataclass(frozen=True)
class Queue:
    """What waits, nearest deadline first, and a page of what was decided, newest first. Blocked ones appear only when asked for."""

    asked: Asked
    waiting: tuple[Card, ...]
    waiting_total: int
    waiting_in_all: int
    decided: tuple[Card, ...]
    decided_total: int
    pager: Pager


def queue(core: Core, person: Person, asked: Asked) -> Queue:
    """The page's content for this person."""
    waiting = core.proposal_page(person, asked.wanted(_OPEN), _WAITING_SHOWN)
    in_all = core.proposal_page(person, Wanted(statuses=_OPEN), 0).total if asked.narrowed else waiting.total
    statuses = (asked.status,) if asked.status and asked.status not in _OPEN else _DECIDED
    decided = core.proposal_page(person, asked.wanted(statuses), PAGE, (asked.page - 1) * PAGE)
    return Queue(
        asked=asked,
        waiting=tuple(card(p, person) for p in waiting.proposals),
        waiting_total=waiting.total,
        waiting_in_all=in_all,
        decided=tuple(card(p, person) for p in decided.proposals),
        decided_total=decided.total,
        pager=pager(asked, decided.total),
    )


@dataclass(frozen=True)
class Switch:
    """The kill switch as this person may use it; `may_turn` is about the other position than the present one."""

    stopped: bool
    may_turn: bool


def switch(core: Core, person: Person) -> Switch | None:
    """None where the ledger cannot say: the banner tells it then, and there is nothing to turn."""
    try:
        stopped = core.writes().stopped
    except AeipError:
        return None
    return Switch(stopped, (may_resume if stopped else may_stop)(person) is None)


def troubles(core: Core) -> list[str]:
    """What everybody on the page must know: stopped writes, a faulty owner, a core that cannot say how it is."""
    try:
        found = core.health()
    except AeipError as error:
        return [str(error)]
    return [str(found[key]) for key in ("writes_stopped", "fault", "doubt") if found.get(key)]


def pages(core: Core, door: Door) -> APIRouter:
    """/approvals, the list alone, and one card alone."""
    routes = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)
    templates = _templates()
    visit = Annotated[Visitor, Depends(door.visitor)]

    def render(name: str, visitor: Visitor, **values: object) -> HTMLResponse:
        now = datetime.now(UTC)
        return HTMLResponse(templates.get_template(name).render(person=visitor.person, csrf=visitor.csrf, now=now, **values))

    def listed(visitor: Visitor, asked: Asked) -> dict[str, object]:
        person = visitor.person
        return {"queue": queue(core, person, asked), "troubles": troubles(core), "switch": switch(core, person)}

    @routes.get("/approvals")
    def page(visitor: visit, asked: Annotated[Asked, Query()]) -> HTMLResponse:
        return render("approvals.html", visitor, **listed(visitor, asked))

    @routes.get("/approvals/list")
    def cards(visitor: visit, asked: Annotated[Asked, Query()]) -> HTMLResponse:
        """What the page fetches when something changed, with the filters in its own address."""
        return render("queue.html", visitor, **listed(visitor, asked))

    @routes.get("/approvals/card/{proposal_id}")
    def one(proposal_id: int, visitor: visit) -> HTMLResponse:
        """What the chat shows under an answer; decisions are taken on the page."""
        return render("embedded.html", visitor, card=card(core.proposal(proposal_id, visitor.person), visitor.person))

    @routes.get("/approvals/record/{proposal_id}")
    def record(proposal_id: int, visitor: visit) -> HTMLResponse:
        """All that is known of one proposal, to read or to print."""
        found = core.record(proposal_id, visitor.person)
        return render("record.html", visitor, record=found, clauses=clause_rows(found.proposal.verdict.clauses))

    return routes


def _templates() -> Environment:
    """Everything is escaped: reasons and names are typed by people."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["unit"] = unit_symbol
    environment.filters["clock"] = lambda moment: f"{moment.astimezone(UTC):%H:%M:%S} UTC"
    environment.globals["reject_reasons"] = REJECT_REASONS
    environment.globals["decided_statuses"] = (*_DECIDED, Status.BLOCKED)
    return environment
