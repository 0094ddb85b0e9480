"""Compiled loops over (outages × branches): what numpy could do only with arrays of that size in complex numbers.

Importing this module imports numba (0.2 s), so its users import it when they first need it; `warm_up` compiles everything once.
"""

import numpy as np

from grid_models.compiled import compiled
from grid_models.twin.model import BoolArray, ComplexArray, FloatArray, IntArray

_TIE = 1e-6  # percent: of twin circuits the first is named, however the last digits fall


@compiled
def loading_rows(
    voltage: ComplexArray, row: IntArray, branch: IntArray, ends: IntArray, admittance: ComplexArray, case: IntArray, loading: FloatArray
) -> None:
    """Write percent of rating into `loading[case[i]]` (NaN where not monitored or dead) from `voltage[row[i]]`.

    branch: (monitored,).  ends: (2, monitored) solver buses.  admittance: (4, monitored) ff, ft, tf, tt, scaled to percent of rating.
    """
    for i in range(len(case)):
        out, v = loading[case[i]], voltage[row[i]]
        out[:] = np.nan
        for k in range(len(branch)):
            one, other = v[ends[0, k]], v[ends[1, k]]
            if one == 0 or other == 0:
                continue
            a = admittance[0, k] * one + admittance[1, k] * other
            b = admittance[2, k] * one + admittance[3, k] * other
            out[branch[k]] = np.sqrt(max(a.real * a.real + a.imag * a.imag, b.real * b.real + b.imag * b.imag))


@compiled
def voltage_rows(voltage: ComplexArray, row: IntArray, solver_bus: IntArray, case: IntArray, vm: FloatArray) -> None:
    """Write magnitudes into `vm[case[i]]`; NaN for buses that are dead (solver bus -1, or a voltage of zero)."""
    for i in range(len(case)):
        out, v = vm[case[i]], voltage[row[i]]
        for b in range(len(solver_bus)):
            value = v[solver_bus[b]] if solver_bus[b] >= 0 else 0.0 + 0.0j
            out[b] = np.sqrt(value.real * value.real + value.imag * value.imag) if value != 0 else np.nan


@compiled
def dead_rows(
    voltage: ComplexArray,
    row: IntArray,
    power: FloatArray,
    counts: BoolArray,
    ends: IntArray,
    out_first: IntArray,
    out_branch: IntArray,
    case: IntArray,
    lost: FloatArray,
    islands: IntArray,
) -> None:
    """Write into `lost[case[i]]` the power (2 columns: load, generation) of dead solver buses, into `islands` the parts they form.

    ends: (2, live branches).  out_branch[out_first[c]:out_first[c + 1]]: those out in case c (-1: dead before anyway).
    counts: buses that make a part count.
    """
    size = len(power)
    root = np.empty(size, np.int64)
    gone = np.zeros(ends.shape[1], np.bool_)
    seen = np.zeros(size, np.bool_)
    for i in range(len(case)):
        v, c = voltage[row[i]], case[i]
        dead = 0
        for n in range(size):
            dead += v[n] == 0
        if dead == 0:
            continue
        for n in range(size):
            root[n], seen[n] = n, False
        for j in range(out_first[c], out_first[c + 1]):
            if out_branch[j] >= 0:
                gone[out_branch[j]] = True
        for k in range(ends.shape[1]):
            if v[ends[0, k]] == 0 and v[ends[1, k]] == 0 and not gone[k]:
                a, b = ends[0, k], ends[1, k]
                while root[a] != a:
                    root[a] = root[root[a]]
                    a = root[a]
                while root[b] != b:
                    root[b] = root[root[b]]
                    b = root[b]
                root[max(a, b)] = min(a, b)
        for j in range(out_first[c], out_first[c + 1]):
            if out_branch[j] >= 0:
                gone[out_branch[j]] = False
        for n in range(size):
            if v[n] == 0:
                lost[c, 0] += power[n, 0]
                lost[c, 1] += power[n, 1]
                a = n
                while root[a] != a:
                    a = root[a]
                if counts[n] and not seen[a]:
                    seen[a] = True
                    islands[c] += 1


@compiled
def judge_rows(
    loading: FloatArray,
    vm: FloatArray,
    limit: float,
    low: FloatArray,
    high: FloatArray,
    inside: BoolArray,
    peak: IntArray,
    over: IntArray,
    voltage: FloatArray,
    outside: IntArray,
) -> None:
    """Per outage: branch of the highest loading (-1), loadings above the limit; lowest and highest voltage and worst excess; violations.

    voltage: (outages, 3), the first two NaN where everything is dead.  A bus outside its band counts where it was `inside` before.
    """
    for c in range(len(loading)):
        heaviest = -np.inf
        peak[c] = -1
        for k in range(loading.shape[1]):
            value = loading[c, k]
            if value > heaviest + _TIE:
                heaviest, peak[c] = value, k
            over[c] += value > limit
        lowest, highest, worst = np.inf, -np.inf, 0.0
        for b in range(vm.shape[1]):
            value = vm[c, b]
            lowest, highest = min(lowest, value) if value == value else lowest, max(highest, value) if value == value else highest
            if inside[b]:
                beyond = value - high[b] if value > high[b] else low[b] - value
                if beyond > 1e-9:
                    outside[c] += 1
                    worst = max(worst, beyond)
        voltage[c, 0] = lowest if highest > 0 else np.nan
        voltage[c, 1] = highest if highest > 0 else np.nan
        voltage[c, 2] = worst


@compiled
def overloads(loading: FloatArray, limit: float, over: IntArray, case: IntArray, branch: IntArray, percent: FloatArray) -> None:
    """Write every loading above the limit, in the order of outages and branches. over: (outages,) how many there are."""
    at = 0
    for c in range(len(loading)):
        if over[c] == 0:
            continue
        for k in range(loading.shape[1]):
            if loading[c, k] > limit:
                case[at], branch[at], percent[at] = c, k, loading[c, k]
                at += 1
