"""Verdicts as values: what one rule found, with the measured value, the limit and the margin."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class Outcome(StrEnum):
    """What a clause says about a change, from harmless to blocking."""

    PASS = "pass"
    NOT_APPLICABLE = "not applicable"
    WARN = "warn"
    NOT_CHECKABLE = "not checkable"
    FAIL = "fail"

    @property
    def blocks(self) -> bool:
        """A failed clause blocks a write; so does one that could not be checked (fail closed)."""
        return self in (Outcome.FAIL, Outcome.NOT_CHECKABLE)


_SEVERITY = [Outcome.NOT_APPLICABLE, Outcome.PASS, Outcome.WARN, Outcome.NOT_CHECKABLE, Outcome.FAIL]


def worst(outcomes: list[Outcome]) -> Outcome:
    """The gravest of some outcomes; `pass` for an empty list."""
    return max(outcomes, key=_SEVERITY.index, default=Outcome.PASS)


class ClauseResult(BaseModel):
    """What one rule says about one change.

    `value`, `limit` and `margin` are in `unit`; the margin is positive inside the limit. They are None where the rule has no number.
    """

    model_config = ConfigDict(frozen=True)

    rule: str = Field(description="rule id, e.g. voltage-110")
    clause: str = Field(description="citation that resolves to a stored clause of the knowledge base")
    requirement: str = Field(description="what the rule asks, in our words")
    outcome: Outcome
    explanation: str = Field(description="one sentence with the finding")
    element: str | None = Field(default=None, description="the element that decides")
    value: float | None = None
    limit: float | None = None
    margin: float | None = None
    unit: str | None = None
    before: float | None = Field(default=None, description="the same quantity without the change, in `unit`")
    existing: tuple[str, ...] = Field(default=(), description="violations that were there before and are not caused by the change")
    critical: bool = Field(default=False, description="two approvers are needed where this rule is touched")
