"""A proposal as a supervisor reads it: words, symbols and rounded numbers; and as other programs read it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from pydantic import JsonValue

from agent.web.number_words import number, telling_apart, with_unit
from grid_models.findings import ClauseResult, Outcome
from guardrails.authority import may_decide, may_withdraw
from guardrails.people import Person
from guardrails.proposals import Proposal
from guardrails.transitions import Status
from guardrails.verdict import Effect

REJECT_REASONS = ("Not needed now", "Wrong element or value", "Too risky at this moment", "Another remedy is better")

_WEIGHT = {Outcome.FAIL: 0, Outcome.NOT_CHECKABLE: 1, Outcome.WARN: 2, Outcome.PASS: 3, Outcome.NOT_APPLICABLE: 4}
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
class Mark:
    """An outcome for eyes that see no colour: a symbol, a word, and the name of its style."""

    symbol: str
    word: str
    style: str


@dataclass(frozen=True)
class ActionLine:
    """One action in words, the switches it moves, and how far its execution came."""

    words: str
    switches: tuple[str, ...]
    progress: str


@dataclass(frozen=True)
class ChangeRow:
    """One line of the before/after table."""

    label: str
    before: str
    after: str
    before_note: str = ""
    after_note: str = ""


@dataclass(frozen=True)
class ClauseRow:
    """One line of the clause table, numbers rounded in their unit."""

    mark: Mark
    clause: ClauseResult
    value: str
    limit: str
    margin: str
    before: str


@dataclass(frozen=True)
class Card:
    """Everything the template shows of one proposal to one person."""

    proposal: Proposal
    status_words: str
    verdict: Mark
    actions: tuple[ActionLine, ...]
    changes: tuple[ChangeRow, ...]
    clauses: tuple[ClauseRow, ...]
    idle_clauses: tuple[ClauseRow, ...]
    recheck: tuple[ClauseRow, ...]
    existing: tuple[str, ...]
    why_not: str | None
    may_withdraw: bool
    digest: str

    @property
    def pending(self) -> bool:
        return self.proposal.status is Status.PENDING


def mark(outcome: Outcome) -> Mark:
    """How an outcome is shown."""
    match outcome:
        case Outcome.PASS:
            return Mark("✓", "pass", "pass")
        case Outcome.WARN:
            return Mark("▲", "warning", "warn")
        case Outcome.FAIL:
            return Mark("✗", "fail", "fail")
        case Outcome.NOT_CHECKABLE:
            return Mark("?", "not checkable", "fail")
        case Outcome.NOT_APPLICABLE:
            return Mark("–", "not applicable", "idle")
        case _:
            assert_never(outcome)


def card(proposal: Proposal, person: Person) -> Card:
    """The card as this person may see and use it."""
    verdict = proposal.verdict
    rows = _clause_rows(verdict.clauses)
    pending = proposal.status is Status.PENDING
    why_not = may_decide(person, proposal, proposal.approvers) if pending else None
    withdrawable = pending and may_withdraw(person, proposal) is None
    seen = f"{proposal.model_dump_json()}|{why_not}|{withdrawable}"
    return Card(
        proposal=proposal,
        status_words=_STATUS_WORDS[proposal.status],
        verdict=mark(verdict.outcome),
        actions=_action_lines(proposal),
        changes=_change_rows(verdict.effect),
        clauses=_applicable(rows),
        idle_clauses=tuple(r for r in rows if r.clause.outcome is Outcome.NOT_APPLICABLE),
        recheck=_applicable(_clause_rows(proposal.recheck.clauses)) if proposal.recheck else (),
        existing=tuple(dict.fromkeys(text for c in verdict.clauses for text in c.existing)),
        why_not=why_not,
        may_withdraw=withdrawable,
        digest=hashlib.sha256(seen.encode()).hexdigest()[:16],
    )


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
    verdict = proposal.verdict
    switches = verdict.breakers or ((),) * len(verdict.actions)
    ended = {"done": "✓ done", "failed": "✗ failed", "started": "? started, its end is not known"}
    progress = {step.index: ": ".join(part for part in (ended[step.status], step.note) if part) for step in proposal.steps}
    lines = zip(verdict.actions, switches, strict=False)
    return tuple(ActionLine(action.words(), moved, progress.get(index, "")) for index, (action, moved) in enumerate(lines))


def _applicable(rows: Sequence[ClauseRow]) -> tuple[ClauseRow, ...]:
    return tuple(row for row in rows if row.clause.outcome is not Outcome.NOT_APPLICABLE)


def _clause_rows(clauses: Sequence[ClauseResult]) -> list[ClauseRow]:
    """The gravest first; among equals the smallest margin first."""
    ranked = sorted(clauses, key=lambda c: (_WEIGHT[c.outcome], c.margin is None, c.margin or 0.0))
    return [_clause_row(c) for c in ranked]


def _clause_row(clause: ClauseResult) -> ClauseRow:
    more = telling_apart(clause.value, clause.limit, clause.unit)
    value, limit, margin, before = (number(v, clause.unit, more) for v in (clause.value, clause.limit, clause.margin, clause.before))
    return ClauseRow(
        mark(clause.outcome), clause, value, limit, margin, "" if clause.before is None or before == value else f"was {before}"
    )


def _change_rows(effect: Effect) -> tuple[ChangeRow, ...]:
    rows = [
        _row("Highest loading", effect.max_loading_percent, "percent", effect.max_loading_element),
        _row("Worst single outage", effect.worst_outage_loading_percent, "percent", effect.worst_outage),
        _row("Lowest voltage", effect.vm_min_pu, "pu"),
        _row("Highest voltage", effect.vm_max_pu, "pu"),
        _row("Losses", effect.losses_mw, "MW"),
        ChangeRow("Violations", str(effect.violations[0]), str(effect.violations[1])),
        _lost("Load that loses supply", effect.lost_load_mw),
        _lost("Generation cut off", effect.lost_generation_mw),
    ]
    return tuple(rows)


def _row(
    label: str, values: tuple[float | None, float | None], unit: str, names: tuple[str | None, str | None] = (None, None)
) -> ChangeRow:
    before, after = (with_unit(value, unit) for value in values)
    return ChangeRow(label, before, after, names[0] or "", names[1] or "")


def _lost(label: str, mw: float) -> ChangeRow:
    """What is cut off is marked, because it is what a table of loadings does not show."""
    return ChangeRow(label, "–", with_unit(mw, "MW"), after_note="▲ cut off by this change" if mw > 0 else "")
