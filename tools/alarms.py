"""What needs attention now, and what changed?"""

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from grid_models.alarms import Alarm, Severity, Watched, alarms, grouped
from grid_models.errors import PowerFlowDiverged, UnknownElement
from grid_models.steady.boundary import solve
from grid_models.twin.model import GridModel
from tools.alarms_result import AlarmRow, AlarmsResult, CauseRow
from tools.context import StudyContext
from tools.result import Args

_NOT_WATCHED = "Nothing is watched now, as no plant of this grid runs; these are the present findings of the state studied."


class AlarmsArgs(Args):
    status: Literal["standing", "unacknowledged", "all"] = Field(
        default="standing", description="standing: warnings and alarms; unacknowledged: those nobody knows of; all: also news"
    )
    element: str | None = Field(default=None, description="only what concerns it: an element, a station or the grid")
    top: int = Field(default=20, ge=1, le=1000, description="how many groups and alarms are listed")


def run(args: AlarmsArgs, ctx: StudyContext) -> AlarmsResult:
    """The alarms that stand, grouped by cause; without a live twin what the same engine finds in the state. Raises UnknownElement."""
    watched = ctx.twin is not None
    standing, note = (ctx.twin.alarms, "") if ctx.twin is not None else _findings(ctx)
    name = _name(args.element, standing, ctx.state.model) if args.element else None
    chosen = [a for a in standing if name is None or _concerns(a, name)]
    news = [a for a in chosen if a.severity is Severity.INFO]
    if args.status != "all":
        chosen = [a for a in chosen if a.severity is not Severity.INFO]
    if args.status == "unacknowledged":
        chosen = [a for a in chosen if not a.acknowledged_by]
    groups = grouped(chosen)
    return AlarmsResult(
        watched=watched,
        note=note,
        groups=tuple(
            CauseRow(
                cause=g.cause,
                severity=g.severity,
                alarms=len(g.alarms),
                unacknowledged=sum(not a.acknowledged_by for a in g.alarms),
                since=min(a.since for a in g.alarms),
                sentence=g.sentence,
            )
            for g in groups[: args.top]
        ),
        groups_total=len(groups),
        alarms=tuple(_row(a) for g in groups for a in g.alarms)[: args.top],
        total=len(chosen),
        unacknowledged=sum(not a.acknowledged_by for a in chosen),
        news=len(news) if args.status == "all" else 0,
    )


def _findings(ctx: StudyContext) -> tuple[tuple[Alarm, ...], str]:
    try:
        now = Watched(ctx.state.plant_time, solve(ctx.state), ctx.limits)
    except PowerFlowDiverged as error:
        return (), f"Nothing is watched now, and the state studied has no solution: {error}"
    return alarms(None, now, ()).standing, _NOT_WATCHED


def _name(phrase: str, standing: Sequence[Alarm], model: GridModel) -> str:
    """The element's own name; a station or the grid where an alarm names it. Raises UnknownElement, AmbiguousElement."""
    try:
        return model.registry.find(phrase).name
    except UnknownElement:
        if any(_concerns(a, phrase) for a in standing) or phrase.casefold() == model.name.casefold():
            return phrase
        raise


def _concerns(alarm: Alarm, name: str) -> bool:
    """A whole name in the alarm's element, place or cause: 'HV1 Line 1' is not in 'HV1 Line 12'."""
    told = f"{alarm.reading.element}\n{alarm.reading.place}\n{alarm.cause}"
    return re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.]*\w)", told, re.IGNORECASE) is not None


def _row(alarm: Alarm) -> AlarmRow:
    reading = alarm.reading
    return AlarmRow(
        key=alarm.key,
        element=reading.element,
        kind=reading.kind,
        severity=alarm.severity,
        since=alarm.since,
        told_at=alarm.told_at,
        value=reading.value,
        limit=reading.limit,
        unit=reading.unit,
        rule=reading.rule,
        cause=alarm.cause,
        sentence=f"{reading.sentence().rstrip('.')}.",
        acknowledged_by=alarm.acknowledged_by,
        acknowledged_at=alarm.acknowledged_at,
    )
