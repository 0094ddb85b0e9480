"""Which course of the coming days is explained: the middle one of the paths, or of those that cross a limit where many do."""

from dataclasses import dataclass

import numpy as np

from grid_models.life.heated import Temperatures, heated
from grid_models.life.kernel_columns import INDOOR, PEAK_HOT
from grid_models.life.load_map import LoadMap
from grid_models.life.outlook import Outlook
from grid_models.life.paths import Paths
from grid_models.twin.model import FloatArray

_WORTH_EXPLAINING = 0.05  # share of paths that cross; engineering judgement


@dataclass(frozen=True, eq=False)
class Course:
    """One possible future of one transformer.

    values: (rows, steps) relative.  ambient_celsius: (steps,).  growth: (steps,) factor of demand.  constants: of the kernel, its own.
    start: (3,).
    """

    values: FloatArray
    ambient_celsius: FloatArray
    growth: FloatArray
    constants: FloatArray
    start: FloatArray


def on_course(course: Course, mapped: LoadMap, u: int) -> Temperatures:
    """(1, steps) of the transformer in row `u` of a load map: its own one, or one after some changes."""
    demand, weather, other = mapped.of_parts(course.values)[:, u]
    load = np.abs(mapped.offset[u] + demand * course.growth + weather + other)
    return heated(load[None, :], course.ambient_celsius, course.constants[None, :], course.start[None, :].copy())


def course_of(outlook: Outlook, u: int, paths: Paths) -> Course:
    """Of one transformer: the path whose hot-spot's peak is in the middle."""
    crossing = np.flatnonzero(np.isfinite(paths.first_step[u]))
    among = crossing if len(crossing) >= _WORTH_EXPLAINING * len(paths.course) else np.arange(len(paths.course))
    peaks = paths.results[u, among, PEAK_HOT]
    return _path(outlook, u, paths, int(among[np.argsort(peaks, kind="stable")[(len(peaks) - 1) // 2]]))


def _path(outlook: Outlook, u: int, paths: Paths, p: int) -> Course:
    steps = np.arange(outlook.ahead.steps)
    day, within = steps // 96, steps % 96 / 96.0
    warmer = paths.anomaly[p, day] * (1.0 - within) + paths.anomaly[p, day + 1] * within
    rise, gradient, tau = paths.factors[u, p]
    constants = outlook.constants[u].copy()
    constants[:3] *= rise, gradient, tau
    around = outlook.ambient.celsius[0] + constants[INDOOR]
    start = outlook.start[u]
    return Course(
        values=outlook.ahead.on_path(paths.course[p]),
        ambient_celsius=outlook.ambient.celsius + warmer,
        growth=1.0 + (paths.growth[p] + outlook.growth[u]) * steps,
        constants=constants,
        start=np.array([around + paths.anomaly[p, 0] + (start[0] - around) * rise, start[1] * gradient, start[2] * gradient]),
    )
