"""How long does the gate take for a verdict?"""

from functools import partial
from itertools import count
from statistics import median

from agent.app import App
from evals.bench.row import Row, percentile, processor_seconds, seconds
from grid_models.actions import Action, ActionKind
from grid_models.contingency.outages import OutageKind, single_outages

_SAMPLE = 20
_APART = 1e-6  # of all loads: enough to be another state, too little to be another situation


def verdict_times(app: App) -> list[Row]:
    """One line opened on each of some states that were never screened: the outages before and after are calculated for every verdict."""
    state, gate = app.grid().state_at(), app.gate()
    lines = [e.name for e in single_outages(state) if e.kind is OutageKind.LINE][:_SAMPLE]
    new = (state.with_arrays(load_p_mw=state.load_p_mw * (1 + _APART * i)) for i in count(1))
    work = [partial(gate.check, next(new), [Action(kind=ActionKind.OPEN, element=name)], "bench") for name in lines * 2]
    times, own = [seconds(w) for w in work[: len(lines)]], [processor_seconds(w) for w in work[len(lines) :]]
    how = f"{len(lines)} different lines, each opened on a new state, every rule, N-1 before and after"
    return [
        Row("verdict: p50", median(times), "s", how),
        Row("verdict: p95", percentile(times, 0.95), "s", how),
        Row("verdict: processor time, p50", median(own), "s", how),
    ]
