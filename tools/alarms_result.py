"""What the alarms answer."""

from datetime import datetime

from pydantic import Field

from tools.result import Result, Row

_SHOWN = 3


class AlarmRow(Row):
    key: str = Field(description="names the alarm where it is acknowledged")
    element: str
    kind: str
    severity: str
    since: datetime = Field(description="plant time, UTC")
    told_at: datetime = Field(description="plant time at which it was new or worsened last")
    value: float | None
    limit: float | None
    unit: str
    rule: str
    cause: str
    sentence: str
    acknowledged_by: str = Field(description="'' where nobody acknowledged it")
    acknowledged_at: datetime | None = Field(description="wall time, UTC")


class CauseRow(Row):
    """Alarms of one cause."""

    cause: str
    severity: str
    alarms: int
    unacknowledged: int
    since: datetime
    sentence: str


class AlarmsResult(Result):
    watched: bool = Field(description="a live twin watches; otherwise these are present findings of the state studied")
    note: str = ""
    groups: tuple[CauseRow, ...] = Field(default=(), description="gravest first, then the oldest")
    groups_total: int = 0
    alarms: tuple[AlarmRow, ...] = Field(default=(), description="in the groups' order")
    total: int = 0
    unacknowledged: int = 0
    news: int = Field(default=0, description="changes of position and the like; counted only where `status` is all")

    def headline(self) -> str:
        """How many there are, and the gravest causes."""
        if not self.total:
            return f"{self.note} There is no finding." if not self.watched else "No alarm stands."
        told = " ".join(g.sentence for g in self.groups[:_SHOWN])
        more = self.groups_total - len(self.groups[:_SHOWN])
        rest = f" {more} more cause{'s' * (more > 1)}." if more > 0 else ""
        if not self.watched:
            return f"{self.note} {told}{rest}"
        waiting = f", {self.unacknowledged} of them unacknowledged" if self.unacknowledged else ", all acknowledged"
        return f"{self.total} alarm{'s' * (self.total > 1)} stand{'s' * (self.total == 1)}{waiting}. {told}{rest}"
