"""Who is told what about proposals, without asking: the requester their outcome, whoever may decide what has arrived."""

# mypy: untyped-calls-exclude="chainlit"

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

import chainlit as cl
from chainlit.context import context, init_ws_context
from chainlit.session import WebsocketSession, ws_sessions_id

from agent.rendering.harmless import harmless
from agent.web.core import Core
from agent.web.live import Live
from guardrails.authority import may_decide
from guardrails.people import Person, person_key
from guardrails.proposals import Proposal
from guardrails.transitions import Status

log = logging.getLogger(__name__)

_ANNOUNCED = "aeip_announced"
_TELLING = {
    Status.EXECUTED: "was executed",
    Status.FAILED: "was approved but failed",
    Status.REJECTED: "was rejected",
    Status.EXPIRED: "expired without a decision",
    Status.STALE: "was approved but not executed, because the grid had changed",
}


class Notices:
    """Tells the open sessions of this process; one uvicorn worker is all there is."""

    def __init__(self, core: Core, live: Live) -> None:
        self.core, self.live = core, live
        self._seen: dict[str, dict[int, Status]] = {}

    async def run(self) -> None:
        """Runs as long as the host."""
        async for version in self.live.changes():
            if version is None:
                continue
            try:
                await self._tell_everyone()
            except Exception:  # a notice that fails must not silence the next
                log.exception("notices failed")

    async def greet(self, person: Person) -> None:
        """A session opened: what waits for this person now, and from here on the changes."""
        proposals = await asyncio.to_thread(self.core.proposals, person)
        self._seen.setdefault(person_key(person.name), _statuses(proposals))
        waiting = _decidable(proposals, person)
        await _push(waiting)
        if waiting:
            await context.emitter.send_toast(f"{_count(waiting)} for your decision: see Approvals", "info")

    async def catch_up(self, person: Person, thread: dict[str, Any]) -> None:
        """A conversation is opened again: tell in it what became of its proposals and was not told yet."""
        told = {str(step.get("metadata") or "") for step in thread.get("steps", [])}
        for proposal in await asyncio.to_thread(self.core.proposals, person):
            sign = _sign(proposal)
            if proposal.conversation == thread["id"] and proposal.status in _TELLING and not any(sign in text for text in told):
                await _message(proposal).send()

    async def _tell_everyone(self) -> None:
        people: dict[str, list[WebsocketSession]] = {}
        for session in list(ws_sessions_id.values()):
            if session.user is not None:
                people.setdefault(session.user.identifier, []).append(session)
        for name, sessions in people.items():
            person = await asyncio.to_thread(self.core.identity.person, name)
            if person is not None:
                await self._tell(person, sessions)

    async def _tell(self, person: Person, sessions: Sequence[WebsocketSession]) -> None:
        proposals = await asyncio.to_thread(self.core.proposals, person)
        before = self._seen.get(person_key(person.name))
        self._seen[person_key(person.name)] = _statuses(proposals)
        waiting = _decidable(proposals, person)
        changed = [p for p in proposals if before is not None and before.get(p.id) is not p.status]
        arrived = [p for p in changed if p in waiting]
        mine = [p for p in changed if p.status in _TELLING and person_key(p.requested_by) == person_key(person.name)]
        for session in sessions:
            await _in_session(session, partial(_push, waiting))
            for proposal in arrived:
                await _in_session(session, partial(_toast, f"Proposal {proposal.id} waits for your decision: {proposal.words()}"))
        for proposal in mine:
            await _announce(proposal, sessions)


async def _announce(proposal: Proposal, sessions: Sequence[WebsocketSession]) -> None:
    """A message in the conversation that asked (stored once, drawn in each of its windows), a toast elsewhere."""
    stored = False
    for session in sessions:
        if session.thread_id != proposal.conversation:
            await _in_session(session, partial(_toast, _text(proposal)))
        elif not stored:
            await _in_session(session, partial(_send, proposal))
            stored = True
        else:
            await _in_session(session, partial(_draw, proposal))


async def _in_session(session: WebsocketSession, act: Callable[[], Awaitable[object]]) -> None:
    """In a task of its own, because a session is found through context variables."""

    async def run() -> None:
        init_ws_context(session)
        await act()

    await asyncio.create_task(run(), context=contextvars.copy_context())


async def _push(waiting: Sequence[Proposal]) -> None:
    """Bell for the cards in the page and the number at the Approvals link."""
    await context.emitter.send_window_message({"aeip": "proposals", "waiting": len(waiting)})


async def _toast(text: str) -> None:
    await context.emitter.send_toast(text, "info")


async def _send(proposal: Proposal) -> None:
    await _message(proposal).send()


async def _draw(proposal: Proposal) -> None:
    message = _message(proposal)
    await context.emitter.send_step(message.to_dict())


def _message(proposal: Proposal) -> cl.Message:
    return cl.Message(content=_text(proposal), metadata={_ANNOUNCED: _sign(proposal)})


def _text(proposal: Proposal) -> str:
    by = f" by {proposal.decisions[-1].person}" if proposal.decisions else ""
    who = {Status.REJECTED: by, Status.EXECUTED: f", approved{by}"}.get(proposal.status, "")
    why = proposal.decisions[-1].reason if proposal.status is Status.REJECTED and proposal.decisions else ""
    note = "; ".join(part for part in (why, proposal.outcome_note) if part)
    return harmless(f"Proposal {proposal.id} ({proposal.words()}) {_TELLING[proposal.status]}{who}.{f' {note}' if note else ''}")


def _sign(proposal: Proposal) -> str:
    return f"proposal {proposal.id} {proposal.status}"


def _statuses(proposals: Sequence[Proposal]) -> dict[int, Status]:
    return {p.id: p.status for p in proposals}


def _decidable(proposals: Sequence[Proposal], person: Person) -> list[Proposal]:
    return [p for p in proposals if p.status is Status.PENDING and may_decide(person, p, p.approvers) is None]


def _count(waiting: Sequence[Proposal]) -> str:
    return "1 proposal waits" if len(waiting) == 1 else f"{len(waiting)} proposals wait"
