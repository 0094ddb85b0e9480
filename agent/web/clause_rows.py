"""The clause table: each outcome with a symbol and a word, each number with enough decimals to tell it from its limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from agent.web.number_words import number, telling_apart
from grid_models.findings import ClauseResult, Outcome

_WEIGHT = {Outcome.FAIL: 0, Outcome.NOT_CHECKABLE: 1, Outcome.WARN: 2, Outcome.PASS: 3, Outcome.NOT_APPLICABLE: 4}


@dataclass(frozen=True)
class Mark:
    """An outcome for eyes that see no colour: a symbol, a word, and the name of its style."""

    symbol: str
    word: str
    style: str


@dataclass(frozen=True)
class ClauseRow:
    """One line of the clause table, numbers rounded in their unit."""

    mark: Mark
    clause: ClauseResult
    value: str
    limit: str
    margin: str
    before: str


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


def clause_rows(clauses: Sequence[ClauseResult]) -> list[ClauseRow]:
    """The gravest first; among equals the smallest margin first."""
    ranked = sorted(clauses, key=lambda c: (_WEIGHT[c.outcome], c.margin is None, c.margin or 0.0))
    return [_clause_row(c) for c in ranked]


def _clause_row(clause: ClauseResult) -> ClauseRow:
    more = telling_apart(clause.value, clause.limit, clause.unit)
    value, limit, margin, before = (number(v, clause.unit, more) for v in (clause.value, clause.limit, clause.margin, clause.before))
    moved = clause.before is not None and before != value
    return ClauseRow(mark(clause.outcome), clause, value, limit, margin, f"was {before}" if moved else "")


def applicable(rows: Sequence[ClauseRow]) -> tuple[ClauseRow, ...]:
    """Without the rules that have nothing to say here."""
    return tuple(row for row in rows if row.clause.outcome is not Outcome.NOT_APPLICABLE)
