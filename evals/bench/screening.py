"""How fast is a full N-1, from a state to the ranked result, beside the peers on the same grid in the same run?"""

import resource
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import median

import numpy as np

from agent.app import App
from evals.bench.cores import cores
from evals.bench.peer_pandapower import PandapowerLoop
from evals.bench.peers import Race, peers, race_of
from evals.bench.row import Row, seconds
from grid_models.contingency.outages import OutageKind
from grid_models.contingency.screening import screen_outages
from grid_models.errors import AeipError
from grid_models.twin.source import DEFAULT_GRID
from grid_models.twin.state import GridState
from tools.context import StudyContext
from tools.registry import run_study

_SAME_PERCENT = 0.1  # percentage points of loading by which two sides may differ
_THREADS = (1, 2)


class AnswersDiffer(AeipError):
    """The two sides did not solve the same outages, so their times cannot be compared."""


def screening_times(app: App) -> list[Row]:
    """The default grid and case118. Raises AnswersDiffer."""
    return [row for grid in (DEFAULT_GRID, "case118") for row in _race(app, grid, repeats=7)]


def pegase_times(app: App) -> list[Row]:
    """case2869pegase, 4,582 branches."""
    return list(_race(app, "case2869pegase", repeats=1))


def large_times(app: App) -> list[Row]:
    """case9241pegase, 16,049 branches, beside lightsim2grid alone; minutes, so only where it is asked for by name."""
    return list(_race(app, "case9241pegase", repeats=1, counts=_THREADS[-1:], packages=("lightsim2grid",)))


def _race(app: App, grid: str, repeats: int, counts: tuple[int, ...] = _THREADS, packages: tuple[str, ...] = ()) -> Iterator[Row]:
    state = app.grid(grid).state_at()
    context = StudyContext(state, app.limits(grid))
    if repeats > 1:
        _ours(context, 1)  # the first run compiles or loads the kernels
    for threads in counts:
        with cores(threads):
            took, cases = _ours(context, repeats)
            ours = took / cases
            yield Row(f"N-1 {grid}: {threads} thread{'s'[: threads - 1]}", took * 1e3, "ms", f"{cases} AC cases, state to ranked result")
            if packages:
                peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
                yield Row(f"N-1 {grid}: peak memory", peak, "GiB", "of the whole process, before any peer ran")
            yield from _peer_rows(race_of(state, threads), grid, ours, packages)
    if not packages and state.model.ratings_usable:
        _require_same(state)


def _ours(context: StudyContext, repeats: int) -> tuple[float, int]:
    """Median wall time of the study on states nobody has screened, and its number of cases."""
    found: list[int] = []

    def study(context: StudyContext) -> None:
        result = run_study("contingency_analysis", {}, context)
        found.append(int(result.model_dump()["cases"]))

    fresh = [_later(context, i) for i in range(repeats)]
    return median(seconds(lambda c=c: study(c)) for c in fresh), found[0]  # type: ignore[misc]  # mypy: a lambda with a default


_clock = 0


def _later(context: StudyContext, number: int) -> StudyContext:
    """The same state at a later plant time: equal physics, another id, so that nothing is cached."""
    global _clock
    _clock += 1
    return replace(context, state=context.state.with_arrays(plant_time=context.state.plant_time + timedelta(seconds=_clock)))


def _peer_rows(race: Race, grid: str, ours: float, packages: tuple[str, ...]) -> Iterator[Row]:
    for peer in peers():
        if (packages and peer.package not in packages) or (not peer.threaded and race.threads < max(_THREADS)):
            continue
        cases = [int(case) for case in (race.connected if peer.connected_only else np.arange(len(race.matrices.branch)))][: peer.limit]
        name = f"N-1 {grid}: {peer.name}{f', {race.threads}' if peer.threaded else ''}"
        try:
            each = peer.seconds_per_case(race, cases)
        except AeipError as error:
            yield Row(name, float("nan"), "ms", f"a case; not measured: {error}")
            continue
        yield Row(name, each * 1e3, "ms", f"a case over {len(cases)}; {each / ours:.2f} × our time a case; {peer.configuration}")


def _require_same(state: GridState) -> None:
    """A sample of outages has the highest loading that pandapower finds."""
    screening = screen_outages(state)
    rows = [o.elements[0].index for o in screening.outages if o.kind in (OutageKind.LINE, OutageKind.TRANSFORMER) and len(o.elements) == 1]
    loop = PandapowerLoop(state)
    loop.seconds_per_case(rows)
    at = {branch: i for i, branch in enumerate(rows)}
    for branch, theirs in loop.highest_percent.items():
        ours = float(np.nanmax(screening.loading_percent[at[branch]]))
        if abs(ours - theirs) > _SAME_PERCENT:
            raise AnswersDiffer(
                f"Losing {state.model.branches.name[branch]} loads a branch to {ours:.2f} % here and to {theirs:.2f} % in pandapower; "
                "times of different answers are not compared."
            )
