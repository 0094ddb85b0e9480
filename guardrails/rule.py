"""A rule as data: what one YAML file says, and the part of it that is in force on a day."""

from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from grid_models.contingency.outages import OutageKind
from grid_models.findings import Outcome
from knowledge.clauses import Verified


class GateName(StrEnum):
    """The three gates in the order in which they are asked."""

    HARD = "hard"
    PHYSICS = "physics"
    CODE = "code"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Limits(_Strict):
    """Lower and upper limit in the rule's unit; None where the rule has no such number."""

    min: float | None = Field(default=None, allow_inf_nan=False)
    max: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError(f"min {self.min:g} is not below max {self.max:g}")
        return self


class Tolerance(_Strict):
    """How much worse a value may become before the action answers for it, in the rule's unit.

    `drift`: how much it may move between showing and executing before an approval is stale; the same where it is not given.
    """

    value: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    drift: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    source: str = Field(default="the rule has no tolerance", min_length=1)


class Source(_Strict):
    """Where the limit comes from. Only a source that was read (`verified: yes`) may block."""

    document: str = Field(min_length=1)
    article: str = Field(min_length=1)
    edition: str = Field(min_length=1)
    verified: Verified


class VoltageRange(_Strict):
    """Nominal voltages a rule is about [kV]: from (included) to either `below` (excluded) or `to` (included)."""

    from_kv: float = Field(alias="from", ge=0, allow_inf_nan=False)
    below: float | None = Field(default=None, allow_inf_nan=False)
    to: float | None = Field(default=None, allow_inf_nan=False)

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if (self.below is None) == (self.to is None):
            raise ValueError("a range needs either 'below' (excluded) or 'to' (included)")
        return self

    def overlaps(self, other: "VoltageRange") -> bool:
        return not (self._ends_before(other) or other._ends_before(self))

    def _ends_before(self, other: "VoltageRange") -> bool:
        return self.below <= other.from_kv if self.below is not None else (self.to or 0.0) < other.from_kv


def in_same_area(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two rules for these areas can be about one node; none named means all."""
    return not one or not other or not set(one).isdisjoint(other)


class RuleFile(_Strict):
    """The content of one rule file. `limits` maps the date a limit came into force to the limit, or to null when it was repealed."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1, description="what the rule asks, in our words")
    gate: GateName
    check: str
    unit: str
    severity: Literal["block", "warn"]
    critical: bool = Field(description="two approvers are needed where the rule is touched")
    tolerance: Tolerance = Tolerance()
    base_kv: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="what 1 pu stands for [kV]; each node's nominal voltage where None"
    )
    voltage_range_kv: VoltageRange | None = None
    areas: tuple[str, ...] = Field(default=(), description="areas of the grid that the rule is about; all where none is named")
    parameters: dict[str, float] = Field(default={}, description="further numbers that the check asks for, units in their names")
    exceptional: tuple[OutageKind, ...] = Field(default=(), description="kinds of outage that only warn")
    limits: dict[date, Limits | None] = Field(min_length=1)
    source: Source
    clause: str = Field(min_length=1, description="id of a stored clause")
    fact: str | None = Field(default=None, min_length=1, description="id of the stored fact that the numbers are")


class Rule(RuleFile):
    """A rule in force. `limit` came into force on `valid_from`."""

    valid_from: date
    limit: Limits

    @property
    def violated(self) -> Outcome:
        """What a violation means: only a blocking rule with a verified source fails."""
        return Outcome.FAIL if self.severity == "block" and self.source.verified == "yes" else Outcome.WARN

    @property
    def doubt(self) -> str:
        """What to add to a violation where the source alone keeps it from blocking."""
        blocked = self.severity == "block" and self.source.verified != "yes"
        return f" It only warns because the source of this limit is not verified ({self.source.verified})." if blocked else ""


def in_force(rule: RuleFile, on: date) -> Rule | None:
    """The rule with the limit of that day; None before the first date and after a repeal."""
    started = [day for day in rule.limits if day <= on]
    limit = rule.limits[max(started)] if started else None
    return None if limit is None else Rule(**dict(rule), valid_from=max(started), limit=limit)
