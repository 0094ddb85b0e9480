"""A proposal as a supervisor reads it: words, symbols and rounded numbers; and as other programs read it."""

import hashlib
from dataclasses import dataclass

from pydantic import JsonValue

from agent.web.change_rows import ChangeRow, change_rows
from agent.web.clause_rows import ClauseRow, Mark, applicable, clause_rows, mark
from grid_models.findings import Outcome
from guardrails.authority import may_decide, may_withdraw
from guardrails.people import Person
from guardrails.proposals import Proposal
from guardrails.transitions import Status

REJECT_REASONS = ("Not needed now", "Wrong element or value", "Too risky at this moment", "Another remedy is better")

_STATUS_WORDS = {
    Status.DRAFT: "being checked",
    Status.BLOCKED: "blocked by the rules",
    Status.PENDING: "waiting for a decision",
    Status.APPROVED: "approved, about to be executed",
    Status.EXECUTING: "being executed",
    Status.EXECUTED: "executed",
    Status.FAILED: "failed",
    Status.REJECTED: "rejected",
    Status.WITHDRAWN: "withdrawn",
    Status.EXPIRED: "expired",
    Status.STALE: "stale: the grid changed, nothing was executed",
}


@dataclass(frozen=True)
class ActionLine:
    """One action in words, the switches it moves, and how far its execution came."""

    words: str
    switches: tuple[str, ...]
    progress: str


@dataclass(frozen=True)
class Card:
    """Everything the template shows of one proposal to one person."""

    proposal: Proposal
    status_words: str
    verdict: Mark
    actions: tuple[ActionLine, ...]
    changes: tuple[ChangeRow, ...]
    clauses: tuple[ClauseRow, ...]
    plain: tuple[ClauseRow, ...]  # passed, and nothing was measured
    idle_clauses: tuple[ClauseRow, ...]
    recheck: tuple[ClauseRow, ...]
    existing: tuple[str, ...]
    why_not: str | None
    may_withdraw: bool
    digest: str

    @property
    def pending(self) -> bool:
        return self.proposal.status is Status.PENDING


def card(proposal: Proposal, person: Person) -> Card:
    """The card as this person may see and use it."""
    verdict = proposal.verdict
    rows = clause_rows(verdict.clauses)
    pending = proposal.status is Status.PENDING
    why_not = may_decide(person, proposal, proposal.approvers) if pending else None
    withdrawable = pending and may_withdraw(person, proposal) is None
    seen = f"{proposal.model_dump_json()}|{why_not}|{withdrawable}"
    return Card(
        proposal=proposal,
        status_words=_STATUS_WORDS[proposal.status],
        verdict=mark(verdict.outcome),
        actions=_action_lines(proposal),
        changes=change_rows(verdict.effect),
        clauses=tuple(r for r in applicable(rows) if not _is_plain(r)),
        plain=tuple(r for r in rows if _is_plain(r)),
        idle_clauses=tuple(r for r in rows if r.clause.outcome is Outcome.NOT_APPLICABLE),
        recheck=applicable(clause_rows(proposal.recheck.clauses)) if proposal.recheck else (),
        existing=tuple(dict.fromkeys(text for c in verdict.clauses for text in c.existing)),
        why_not=why_not,
        may_withdraw=withdrawable,
        digest=hashlib.sha256(seen.encode()).hexdigest()[:16],
    )


def _is_plain(row: ClauseRow) -> bool:
    return row.clause.outcome is Outcome.PASS and row.clause.value is None


def as_json(proposal: Proposal, person: Person) -> dict[str, JsonValue]:
    """The proposal for other programs: its fields, and what this person may do with it."""
    shown = card(proposal, person)
    return {
        **proposal.model_dump(mode="json"),
        "words": proposal.words(),
        "outcome": proposal.verdict.outcome.value,
        "critical": proposal.critical,
        "approvals_missing": proposal.approvals_missing,
        "may_decide": shown.pending and shown.why_not is None,
        "why_not": shown.why_not,
        "may_withdraw": shown.may_withdraw,
        "link": f"/approvals#proposal-{proposal.id}",
    }


def _action_lines(proposal: Proposal) -> tuple[ActionLine, ...]:
    """After an execution each line says what became of it; a step without an end may or may not have happened."""
    ended = {"done": "✓ done", "failed": "✗ failed", "started": "? started, its end is not known"}
    progress = {step.index: ": ".join(part for part in (ended[step.status], step.note) if part) for step in proposal.steps}
    switches = dict(enumerate(proposal.verdict.breakers))  # an action without any is still an action
    return tuple(ActionLine(a.words(), switches.get(i, ()), progress.get(i, "")) for i, a in enumerate(proposal.actions))
