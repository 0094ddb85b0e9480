"""The IEC 60076-7 equations for many load paths at once, compiled: the same as `heating/iec.py`, which is the reference of its test.

Importing this module imports numba (0.2 s), so what needs it imports it when it is first used.
"""

import numpy as np

from grid_models.compiled import compiled, compiled_within
from grid_models.life.kernel_columns import (
    FIRST,
    GRADIENT,
    INDOOR,
    K11,
    K21,
    K22,
    LIFE,
    LIMIT_HOT,
    LIMIT_OIL,
    LOSS_RATIO,
    NEVER,
    PEAK_HOT,
    PEAK_OIL,
    RISE,
    SHARE,
    TAU_OIL,
    TAU_WINDING,
    UPGRADED,
    X,
    Y,
)
from grid_models.twin.model import ComplexArray, FloatArray, IntArray


@compiled_within
def _log_ageing(hot: float, upgraded: float) -> float:
    """Logarithm of the relative rate of IEC 60076-7 clause 6.3."""
    if upgraded > 0.0:
        return 15000.0 / 383.0 - 15000.0 / (hot + 273.0)
    return (hot - 98.0) * 0.11552453009332421  # ln 2 / 6


@compiled_within
def _mean_rate(before: float, after: float, log_change: float) -> float:
    """Of a step in which the rate's logarithm goes straight, as in `heating/ageing.py`; the plain mean is a fifth too high after a jump."""
    return 0.5 * (before + after) if abs(log_change) < 1e-6 else (after - before) / log_change


@compiled
def one_path(
    load: FloatArray,
    ambient: FloatArray,
    step_min: float,
    unit: FloatArray,
    start: FloatArray,
    oil: FloatArray,
    hot: FloatArray,
    life: FloatArray,
) -> None:
    """Write top oil, hot-spot and cumulative loss of life [min] at the end of each step.  start: top oil and the two gradients; updated."""
    share, k21 = unit[SHARE], unit[K21]
    to_oil = 1.0 - np.exp(-step_min / (unit[K11] * unit[TAU_OIL]))
    keep_one, keep_two = np.exp(-step_min / (unit[K22] * unit[TAU_WINDING])), np.exp(-step_min * unit[K22] / unit[TAU_OIL])
    top, one, two = start[0], start[1], start[2]
    log_before, used = _log_ageing(top + one - two, unit[UPGRADED]), 0.0
    before = np.exp(log_before)
    for i in range(len(load)):
        k = load[i] / share
        rise = unit[RISE] * ((1.0 + unit[LOSS_RATIO] * k * k) / (1.0 + unit[LOSS_RATIO])) ** unit[X]
        gradient = unit[GRADIENT] * k ** unit[Y]
        top += (ambient[i] + unit[INDOOR] + rise - top) * to_oil
        one = k21 * gradient + (one - k21 * gradient) * keep_one
        two = (k21 - 1.0) * gradient + (two - (k21 - 1.0) * gradient) * keep_two
        log_rate = _log_ageing(top + one - two, unit[UPGRADED])
        rate = np.exp(log_rate)
        used += _mean_rate(before, rate, log_rate - log_before) * step_min
        before, log_before = rate, log_rate
        oil[i], hot[i], life[i] = top, top + one - two, used
    start[0], start[1], start[2] = top, one, two


@compiled
def many_paths(
    first: ComplexArray,
    later: ComplexArray,
    first_demand: ComplexArray,
    later_demand: ComplexArray,
    course: IntArray,
    growth: FloatArray,
    ambient: FloatArray,
    anomaly: FloatArray,
    factors: FloatArray,
    step_min: float,
    unit: FloatArray,
    start: FloatArray,
    watched: IntArray,
    results: FloatArray,
    seen: FloatArray,
) -> None:
    """Every path of one transformer.

    first, later: (courses, steps) complex load of the first stretch and of each later one; `_demand` the part that grows.
    course: (paths, days).  growth: (paths,) pu per step.  ambient: (steps,).  anomaly: (paths, days + 1) K at each day's begin.
    factors: (paths, 3) on rise, gradient and oil time constant.  start: (3,) at factor 1.  watched: steps whose hot-spot goes to
    `seen` (watched, paths).  results: (paths, 4) peak oil, peak hot-spot, steps until a limit is passed
    (0: it is now, -1: never), loss of life [min].
    """
    stretch, day = first.shape[1], 96
    share, k21, upgraded = unit[SHARE], unit[K21], unit[UPGRADED]
    keep_one = np.exp(-step_min / (unit[K22] * unit[TAU_WINDING]))
    for p in range(len(course)):
        rise_1, gradient_1, tau = unit[RISE] * factors[p, 0], unit[GRADIENT] * factors[p, 1], unit[TAU_OIL] * factors[p, 2]
        to_oil, keep_two = 1.0 - np.exp(-step_min / (unit[K11] * tau)), np.exp(-step_min * unit[K22] / tau)
        shift = anomaly[p, 0]
        top = ambient[0] + unit[INDOOR] + shift + (start[0] - ambient[0] - unit[INDOOR]) * factors[p, 0]
        one, two = start[1] * factors[p, 1], start[2] * factors[p, 1]
        peak_oil, peak_hot, used = top, top + one - two, 0.0
        crossed = 0.0 if top > unit[LIMIT_OIL] or peak_hot > unit[LIMIT_HOT] else NEVER
        log_before, w = _log_ageing(peak_hot, upgraded), 0
        before = np.exp(log_before)
        for i in range(len(ambient)):
            d, within = i // day, i % day
            if i < stretch:
                now, demand = first[course[p, 0], i], first_demand[course[p, 0], i]
            else:
                now, demand = later[course[p, d], i % stretch], later_demand[course[p, d], i % stretch]
            now += growth[p] * i * demand
            k = np.sqrt(now.real * now.real + now.imag * now.imag) / share
            around = ambient[i] + unit[INDOOR] + anomaly[p, d] + (anomaly[p, d + 1] - anomaly[p, d]) * within / day
            gradient = gradient_1 * k ** unit[Y]
            rise = rise_1 * ((1.0 + unit[LOSS_RATIO] * k * k) / (1.0 + unit[LOSS_RATIO])) ** unit[X]
            top += (around + rise - top) * to_oil
            one = k21 * gradient + (one - k21 * gradient) * keep_one
            two = (k21 - 1.0) * gradient + (two - (k21 - 1.0) * gradient) * keep_two
            hot = top + one - two
            log_rate = _log_ageing(hot, upgraded)
            rate = np.exp(log_rate)
            used += _mean_rate(before, rate, log_rate - log_before) * step_min
            before, log_before = rate, log_rate
            peak_oil, peak_hot = max(peak_oil, top), max(peak_hot, hot)
            if crossed < 0.0 and (top > unit[LIMIT_OIL] or hot > unit[LIMIT_HOT]):
                crossed = float(i + 1)
            if w < len(watched) and watched[w] == i:
                seen[w, p] = hot
                w += 1
        results[p, PEAK_OIL], results[p, PEAK_HOT], results[p, FIRST], results[p, LIFE] = peak_oil, peak_hot, crossed, used
