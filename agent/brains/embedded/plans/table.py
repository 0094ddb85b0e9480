"""Which plan answers which intent, and how plans follow one another."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent.answer import Call
from agent.brains.embedded.frame import Frame, Intent, Refusal
from agent.brains.embedded.plans import changing, connecting, consulting, disturbing, heating, reading, talking, watching
from agent.brains.embedded.plans.filled import filled
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
    Intent.CHECK: reading.check,
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
    Intent.KNOWLEDGE: consulting.knowledge,
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


def planned(frame: Frame, kit: Kit, told: list[str], earlier: Sequence[str] = ()) -> Plan:
    """The plan of a frame and of the frames after it; a later one may speak of the elements an earlier one listed.

    `told` takes the text of every step that is done; `earlier`: the elements listed before.
    """
    calls: list[Call] = []
    said = yield from _kept(compared(frame, kit) if frame.against else PLANS[frame.intent](frame, kit), calls)
    told.append(said.text)
    then = frame.otherwise if said.holds is False else frame.then
    if then is None or said.status != "answered":
        return said
    if isinstance(then, Refusal):
        return replace(said, text=f"{said.text}\n\n{then.text}", status="refused", candidates=then.candidates)
    names = (said.listed or kit.found(frame, calls) or frame.elements)[: frame.top or len(PLACEHOLDERS)] or tuple(earlier)
    following = filled(then, frame, calls, names)
    if following is None:
        return replace(said, text=f"{said.text}\n\n{say('nothing_listed')}")
    after = yield from planned(following, kit, told, names)
    return replace(after, text=f"{said.text}\n\n{after.text}", about=after.about or said.about, listed=after.listed or said.listed)


def compared(frame: Frame, kit: Kit) -> Plan:
    """Two studies of one kind, told side by side: what each found last is compared, not what was read on the way."""
    cases: list[Call] = []
    about: list[str] = []
    for one in (frame, frame.against):
        assert one is not None
        calls: list[Call] = []
        said = yield from _kept(PLANS[one.intent](one, kit), calls)
        if said.status != "answered" or not calls:
            return said
        cases.append(calls[-1])
        about += said.about
    return replace(kit.tell(frame, cases), about=tuple(dict.fromkeys(about)))


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


def step(frame: Frame, kit: Kit, rounds: Sequence[Round]) -> list[Wanted] | Said:
    """Replay the plan with the results so far: the next round of calls, or the end. A failed call ends it with its own sentence."""
    told: list[str] = []
    plan = planned(frame, kit, told)
    try:
        wanted = next(plan)
        for made in rounds:
            failed = [c.error or f"{c.tool} failed." for c in made if not c.ok]
            if failed:
                return Said("\n\n".join([*told, *failed]), status="failed")
            wanted = plan.send(made)
    except StopIteration as end:
        said: Said = end.value
        return said
    return wanted
