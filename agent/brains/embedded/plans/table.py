"""Which plan answers which intent, and how plans follow one another."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.answer import Call
from agent.brains.embedded.frame import Frame, Intent
from agent.brains.embedded.plans import changing, connecting, disturbing, heating, reading, talking, watching
from agent.brains.embedded.plans.kit import Kit, Plan, Round, Said, Wanted
from agent.brains.embedded.references import PLACEHOLDERS
from agent.brains.embedded.replies import say

PLANS: dict[Intent, Callable[[Frame, Kit], Plan]] = {
    Intent.STATE: reading.state,
    Intent.SUMMARY: reading.summary,
    Intent.COUNT: reading.table,
    Intent.LIST: reading.table,
    Intent.LOADINGS: reading.loadings,
    Intent.VOLTAGES: reading.voltages,
    Intent.LOSSES: reading.state,
    Intent.BALANCE: reading.balance,
    Intent.DETAIL: reading.detail,
    Intent.WHAT_IF: changing.what_if,
    Intent.N1: changing.n1,
    Intent.TOPOLOGY: connecting.topology,
    Intent.EXPLAIN: connecting.explain,
    Intent.ESTIMATE: watching.estimate,
    Intent.HISTORY: watching.history,
    Intent.ALARMS: watching.alarms,
    Intent.THERMAL: heating.thermal,
    Intent.CASCADE: disturbing.cascade,
    Intent.FREQUENCY: disturbing.frequency,
    Intent.ACKNOWLEDGE: talking.acknowledging,
    Intent.ACT: changing.act,
    Intent.KEEP: changing.keep,
    Intent.QUEUE: reading.queue,
    Intent.DECIDE: talking.deciding,
    Intent.HELP: talking.helping,
    Intent.GREETING: talking.greeting,
    Intent.THANKS: talking.thanks,
    Intent.UNBUILT: talking.not_built,
    Intent.OFF_TOPIC: talking.off_topic,
}


def planned(frame: Frame, kit: Kit) -> Plan:
    """The plan of a frame and of the frames after it; a later one may speak of the elements an earlier one listed."""
    calls: list[Call] = []
    said = yield from _kept(PLANS[frame.intent](frame, kit), calls)
    if frame.then is None:
        return said
    names = (said.listed or kit.found(frame, calls) or frame.elements)[: frame.top or len(PLACEHOLDERS)]
    following = _filled(frame.then, names)
    if following is None:
        return replace(said, text=f"{said.text}\n\n{say('nothing_listed')}")
    after = yield from planned(following, kit)
    return replace(after, text=f"{said.text}\n\n{after.text}", listed=after.listed or said.listed)


def _kept(plan: Plan, calls: list[Call]) -> Plan:
    """Run a plan and remember the calls it made."""
    try:
        wanted = next(plan)
        while True:
            made = yield wanted
            calls.extend(made)
            wanted = plan.send(made)
    except StopIteration as end:
        said: Said = end.value
        return said


def _filled(frame: Frame, names: Sequence[str]) -> Frame | None:
    """Placeholders of the step before replaced by names; those beyond the list are dropped; None when nothing remains."""
    known = dict(zip(PLACEHOLDERS, names, strict=False))

    def real(name: str) -> str | None:
        return known.get(name) if name in PLACEHOLDERS else name

    elements = tuple(n for e in frame.elements if (n := real(e)) is not None)
    changes = tuple(c.model_copy(update={"element": real(c.element)}) if c.element else c for c in frame.changes)
    if (frame.elements and not elements) or any(c.needs_target for c in changes):
        return None
    return frame.model_copy(update={"elements": elements, "changes": changes})


def step(frame: Frame, kit: Kit, rounds: Sequence[Round]) -> list[Wanted] | Said:
    """Replay the plan with the results so far: the next round of calls, or the end. A failed call ends it with its own sentence."""
    failed = [c for made in rounds for c in made if not c.ok]
    if failed:
        return Said("\n\n".join(c.error or f"{c.tool} failed." for c in failed), status="failed")
    plan = planned(frame, kit)
    try:
        wanted = next(plan)
        for made in rounds:
            wanted = plan.send(made)
    except StopIteration as end:
        said: Said = end.value
        return said
    return wanted
