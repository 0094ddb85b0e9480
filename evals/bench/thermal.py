"""How fast are transformers looked ahead for, and their temperatures calculated, next to what else can do it?"""

import resource
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np

from agent.app import App
from agent.app.watch import Watch
from evals.bench.peer_thermal import integrated_hot_spot, library_hot_spot
from evals.bench.row import Row, seconds
from grid_models.assets.book import AssetBook
from grid_models.errors import AeipError
from grid_models.heating.annex_g import annex_g
from grid_models.heating.annex_g_parameters import AnnexGParameters
from grid_models.heating.iec import hot_spot
from grid_models.heating.iec_parameters import IecParameters, iec_parameters
from grid_models.heating.ieee_cooling import IeeeCooling
from grid_models.life.assumptions import Assumptions, case_of
from grid_models.life.constants import Limits, constants
from grid_models.life.heated import heated, steady
from grid_models.life.outlook import Outlook, outlook_of
from grid_models.life.paths import PATHS, simulate
from grid_models.life.units import units_of
from grid_models.twin.model import FloatArray
from grid_models.twin.profiles import Grid
from grid_models.weather.climatology import climatology_of
from tools.context import StudyContext
from tools.registry import run_study

_LOADING = ("compiled-loops", "similarity-model")  # of the application's start: each would take a core from what is measured
_DAYS, _STEP_MIN = 30, 15.0
_YEAR_POINTS = 366 * 96 + 1
_SAME_K = 0.01  # all must give the same temperatures


def thermal_times(app: App) -> list[Row]:
    """The default grid with its demo records; one 30-day path; a year by Annex G."""
    for thread in threading.enumerate():
        if thread.name in _LOADING:
            thread.join()
    return [*_ahead(app), *_one_path(), *_annex_g()]


def _ahead(app: App) -> Iterator[Row]:
    ctx = app.study_context(None, None, Watch())
    look = _all_of(ctx)
    what = f"{PATHS} paths of {_DAYS} days by {_STEP_MIN:g} min for all {len(look.cases)} transformers"
    simulate(look, 2)  # the first run loads the kernels
    yield Row("thermal outlook: paths alone", median(seconds(lambda: simulate(look)) for _ in range(5)), "s", f"{what}; median of 5")
    times = [seconds(lambda: run_study("thermal_rul", {}, ctx)) for _ in range(3)]
    yield Row("thermal outlook: whole study", median(times), "s", "those paths, the forecast, causes, life that is left; median of 3")
    yield Row(
        "thermal outlook: peak memory", _peak_mib(lambda: run_study("thermal_rul", {}, ctx)), "MiB", "what one study holds more at most"
    )
    whole = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    yield Row("thermal outlook: peak of the process", whole, "GiB", "grids, profiles and the application included")


def _peak_mib(work: Callable[[], object]) -> float:
    """Python's and numpy's memory, by their own account."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


def _all_of(ctx: StudyContext) -> Outlook:
    """Every transformer with a rating."""
    grid, book, usual = ctx.grid or Grid(ctx.state.model), ctx.assets or AssetBook(), climatology_of(ctx.state.model.name)
    cases = [case for unit in units_of(ctx.state.model) if (case := case_of(unit, book)) is not None]
    return outlook_of(Assumptions(grid, ctx.state, ctx.state, book, ctx.weather or usual, usual, hours=_DAYS * 24.0), cases)


def _one_path() -> Iterator[Row]:
    """The same load, air and constants for everybody. Raises AeipError where two differ."""
    params, steps = iec_parameters("ONAF"), round(_DAYS * 1440 / _STEP_MIN)
    hours = np.arange(steps) * _STEP_MIN / 60.0
    load, ambient = 0.8 + 0.3 * np.sin(hours * np.pi / 12), 20.0 + 6.0 * np.sin((hours - 3) * np.pi / 12)
    table = constants(params, Limits(105.0, 120.0))[None, :]
    start = steady(load[:1], float(ambient[0]), table)
    what = f"{steps} steps"
    ours, theirs, scipy = (median(times) for times in _raced(load, ambient, params, table, start))
    yield Row("thermal path: our compiled loop", ours * 1e3, "ms", f"{what}, with loss of life; median of 20")
    yield Row("thermal path: transformer-thermal-model", theirs * 1e3, "ms", f"{what}, no loss of life; median of 5")
    yield Row("thermal path: scipy solve_ivp", scipy * 1e3, "ms", f"{what}, LSODA, no loss of life; once")
    yield Row("thermal path: library by ours", theirs / ours, "×", "ratio of the rows above; temperatures within 0.01 K")
    single = median(seconds(lambda: hot_spot(load, ambient, _STEP_MIN, params)) for _ in range(5))
    yield Row(
        "thermal path: a given load", single * 1e3, "ms", f"{what} through the library in parts of 1.75 min, with loss of life; median of 5"
    )


def _raced(load: FloatArray, ambient: FloatArray, params: IecParameters, table: FloatArray, start: FloatArray) -> Iterator[list[float]]:
    ours = heated(load[None, :], ambient, table, start.copy()).hot_spot_celsius[0]
    for name, found in (
        ("transformer-thermal-model", library_hot_spot(load, ambient, _STEP_MIN, params)[1:]),
        ("scipy", integrated_hot_spot(load, ambient, _STEP_MIN, params, start[0])),
    ):
        settled = slice(len(load) // 2, None)  # the library cannot be told a start gradient
        if (worst := float(np.abs(found - ours)[settled].max())) > _SAME_K:
            raise AeipError(f"{name} and our loop differ by {worst:.3f} K on the same path; a race needs the same answers.")
    yield [seconds(lambda: heated(load[None, :], ambient, table, start.copy())) for _ in range(20)]
    yield [seconds(lambda: library_hot_spot(load, ambient, _STEP_MIN, params)) for _ in range(5)]
    yield [seconds(lambda: integrated_hot_spot(load, ambient, _STEP_MIN, params, start[0]))]


def _annex_g() -> Iterator[Row]:
    """The transformer of the standard's example."""
    hours = np.arange(_YEAR_POINTS) / 4.0
    load, ambient = 0.8 + 0.25 * np.sin(hours * np.pi / 12), 25.0 + 8.0 * np.sin((hours - 3) * np.pi / 12)
    annex_g(load[:97], ambient[:97], _STEP_MIN, _EXAMPLE)  # loads the kernel
    took = median(seconds(lambda: annex_g(load, ambient, _STEP_MIN, _EXAMPLE)) for _ in range(3))
    yield Row("thermal Annex G: a year", took, "s", f"{_YEAR_POINTS} points by 15 min, with the start that settles; median of 3")


_EXAMPLE = AnnexGParameters(
    cooling=IeeeCooling.ONAF,
    loss_base_kva=28_000.0,
    loss_temperature_celsius=75.0,
    winding_loss_w=51_690.0,
    eddy_loss_w=0.0,
    stray_loss_w=21_078.0,
    core_loss_w=36_986.0,
    load_base_kva=52_267.0,
    rated_winding_rise_k=65.0,
    tested_winding_rise_k=63.0,
    hot_spot_rise_k=80.0,
    top_oil_rise_k=55.0,
    bottom_oil_rise_k=25.0,
    rated_ambient_celsius=30.0,
    winding_time_constant_min=5.0,
    core_and_coils_kg=34_292.0,
    tank_kg=14_243.0,
    oil_l=18_586.0,
)
