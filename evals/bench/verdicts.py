"""How long does the gate take for a verdict?"""

from functools import partial
from statistics import median

from agent.app import App
from evals.bench.row import Row, percentile, seconds
from grid_models.actions import Action, ActionKind
from grid_models.contingency.outages import OutageKind, single_outages

_SAMPLE = 20


def verdict_times(app: App) -> list[Row]:
    """Opening different lines on one state: each verdict solves the changed grid and all its outages anew."""
    state, gate = app.grid().state_at(), app.gate()
    lines = [e.name for e in single_outages(state) if e.kind is OutageKind.LINE][:_SAMPLE]
    wanted = [Action(kind=ActionKind.OPEN, element=name) for name in lines]
    times = [seconds(partial(gate.check, state, [action], "bench")) for action in wanted]
    how = f"{len(lines)} different lines opened on one state, every rule, N-1 before and after"
    return [Row("verdict: p50", median(times), "s", how), Row("verdict: p95", percentile(times, 0.95), "s", how)]
