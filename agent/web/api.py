"""/api/v1: the approval queue for the page and for other programs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agent.web.core import Core
from agent.web.door import Door, Visitor
from agent.web.live import Live
from agent.web.proposal_view import as_json
from guardrails.proposal_search import Wanted
from guardrails.proposals import Choice
from guardrails.transitions import Status

_LONGEST_TOKEN_HOURS = 24 * 31


class DecisionBody(BaseModel):
    """`verdict_hash` proves which verdict was seen; `typed_name` confirms a critical change."""

    model_config = ConfigDict(extra="forbid")

    decision: Choice
    verdict_hash: str = Field(max_length=100)
    reason: str = Field(default="", max_length=2000)
    typed_name: str = Field(default="", max_length=200)


class AcknowledgementBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", max_length=2000)


class SwitchBody(BaseModel):
    """Resuming needs a reason; stopping may go without."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2000)


class ListQuery(BaseModel):
    """Which proposals, and which part of the list. An unknown filter is refused: it would answer with everything."""

    model_config = ConfigDict(extra="forbid")

    status: Status | None = None
    grid: str = Field(default="", max_length=200)
    person: str = Field(default="", max_length=200, description="who asked or decided")
    text: str = Field(default="", max_length=200, description="part of actions, switches, reason or outcome")
    limit: int = Field(default=100, ge=1, le=500)
    offset: int = Field(default=0, ge=0, le=10**9)

    @property
    def wanted(self) -> Wanted:
        return Wanted(statuses=(self.status,) if self.status else (), grid=self.grid, person=self.person, text=self.text)


class SignIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=200)
    password: str = Field(max_length=1000)
    hours: float = Field(default=8.0, gt=0, le=_LONGEST_TOKEN_HOURS)


def api_routes(core: Core, door: Door, live: Live) -> APIRouter:
    """Handlers are plain functions: FastAPI runs them in threads, so none holds up the others."""
    routes = APIRouter(prefix="/api/v1")
    visit = Annotated[Visitor, Depends(door.visitor)]
    change = Annotated[Visitor, Depends(door.author)]

    @routes.post("/token")
    def token(body: SignIn) -> dict[str, str]:
        """A token for programs, in exchange for name and password."""
        person = core.identity.verify(body.name, body.password)
        return {"token": core.identity.issue_token(person, body.hours)}

    @routes.get("/me")
    def me(visitor: visit) -> dict[str, str]:
        """Who you are here; `csrf` goes into the X-AEIP-CSRF header of a browser's changes."""
        return {"name": visitor.person.name, "role": visitor.person.role.value, "csrf": visitor.csrf}

    @routes.get("/proposals")
    def proposals(visitor: visit, asked: Annotated[ListQuery, Query()]) -> dict[str, JsonValue]:
        """What waits for a decision first, then newest first; `total` counts all that fit, not only this page."""
        found = core.proposal_page(visitor.person, asked.wanted, asked.limit, asked.offset)
        shown: list[JsonValue] = [as_json(p, visitor.person) for p in found.proposals]
        return {"proposals": shown, "total": found.total, "limit": asked.limit, "offset": asked.offset}

    @routes.get("/proposals/{proposal_id}")
    def proposal(proposal_id: int, visitor: visit) -> dict[str, JsonValue]:
        return as_json(core.proposal(proposal_id, visitor.person), visitor.person)

    @routes.get("/proposals/{proposal_id}/record")
    def record(proposal_id: int, visitor: visit) -> dict[str, JsonValue]:
        """Who asked, from what, what was checked and shown, who decided, what the plant did."""
        return core.record(proposal_id, visitor.person).model_dump(mode="json")

    @routes.post("/proposals/{proposal_id}/decision")
    def decide(proposal_id: int, body: DecisionBody, visitor: change) -> dict[str, JsonValue]:
        """Approve or reject. An approval answers when the plant's owner has carried it out, or could not."""
        decided = core.decide(
            proposal_id,
            visitor.person,
            body.decision,
            verdict_hash=body.verdict_hash,
            reason=body.reason,
            typed_name=body.typed_name,
        )
        return as_json(decided, visitor.person)

    @routes.post("/proposals/{proposal_id}/withdrawal")
    def withdraw(proposal_id: int, visitor: change) -> dict[str, JsonValue]:
        return as_json(core.withdraw(proposal_id, visitor.person), visitor.person)

    @routes.get("/conversations/{session}/evidence/{call_id}")
    def evidence(
        session: str, call_id: str, visitor: visit, path: Annotated[str | None, Query(max_length=500)] = None
    ) -> dict[str, JsonValue]:
        """The study behind an answer's number, for whoever asked; `path` as in the answer's evidence."""
        return core.evidence(session, call_id, visitor.person, path).model_dump(mode="json")

    @routes.get("/writes")
    def writes(_visitor: visit) -> dict[str, JsonValue]:
        """Whether writes are stopped, by whom and why."""
        return core.writes().model_dump(mode="json")

    @routes.post("/writes/stop")
    def stop_writes(body: SwitchBody, visitor: change) -> dict[str, JsonValue]:
        """Nothing is proposed, approved or executed from now on, in no process on this ledger."""
        return core.stop_writes(visitor.person, body.reason).model_dump(mode="json")

    @routes.post("/writes/resume")
    def resume_writes(body: SwitchBody, visitor: change) -> dict[str, JsonValue]:
        """A supervisor lets writes go on, with a reason."""
        return core.resume_writes(visitor.person, body.reason).model_dump(mode="json")

    @routes.post("/alarms/{key:path}/acknowledge")
    def acknowledge(key: str, body: AcknowledgementBody, visitor: change) -> dict[str, JsonValue]:
        """Somebody knows of a standing alarm; it asks again when it worsens."""
        return core.acknowledge(key, visitor.person, body.note).model_dump(mode="json")

    @routes.get("/events")
    async def events(_visitor: visit) -> StreamingResponse:
        """Server-sent events: `proposals` with a new version whenever the queue changes."""
        return StreamingResponse(live.server_sent_events(), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    return routes
