"""How fast is a full N-1, and how much faster than the plain loop, for the same answers?"""

from statistics import median

import numpy as np

from agent.app import App
from evals.bench.peer import PeerCase, outage_loop
from evals.bench.row import Row, seconds
from grid_models.contingency.outages import OutageKind, single_outages
from grid_models.contingency.screening import Screening, screen_outages
from grid_models.errors import AeipError

_REPEATS = 5
_SAMPLE = 12  # outages the peer solves; spread over the table of lines
_SAME_PERCENT = 0.1  # percentage points of loading by which the two may differ


class AnswersDiffer(AeipError):
    """The two sides did not solve the same outages, so their times cannot be compared."""


def screening_times(app: App) -> list[Row]:
    """Ours: every single outage, not cached. Raises AnswersDiffer."""
    state = app.grid().state_at()
    outages = single_outages(state)
    ours = [seconds(lambda: screen_outages(state, outages)) for _ in range(_REPEATS)]
    lines = [e.name for e in outages if e.kind is OutageKind.LINE]
    peer = outage_loop(state, lines[:: -(-len(lines) // _SAMPLE)])
    _require_same(screen_outages(state), peer)
    each, theirs = median(ours) / len(outages), median(case.seconds for case in peer)
    return [
        Row("N-1: all outages", median(ours), "s", f"{len(outages)} AC cases with islands, median of {_REPEATS}, not cached"),
        Row("N-1: one case", each * 1e3, "ms", "of those"),
        Row("N-1: one case, pandapower loop", theirs * 1e3, "ms", f"median of {len(peer)} line outages in this run, numba off"),
        Row("N-1: ratio", theirs / each, "×", "pandapower loop over ours, per case"),
    ]


def _require_same(screening: Screening, peer: list[PeerCase]) -> None:
    row = {outage.name: i for i, outage in enumerate(screening.outages)}
    for case in peer:
        ours = float(np.nanmax(screening.loading_percent[row[case.outage]]))
        if abs(ours - case.max_loading_percent) > _SAME_PERCENT:
            raise AnswersDiffer(
                f"Losing {case.outage} loads a branch to {ours:.2f} % here and to {case.max_loading_percent:.2f} % in pandapower; "
                "times of different answers are not compared."
            )
