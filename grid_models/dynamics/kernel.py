"""The compiled march of frequency: fourth-order steps that end where something happens.

Importing this module imports numba (0.2 s), so its users import it when they first need it.
A step never crosses a moment of `stops` (losses, trips, and both again after every delay); meeting a shedding threshold ends it.
Every such moment has two rows in the record, before and after. Columns of `groups`: follows
a rate (or not), gain, most up, most down, delay, dead band, share at once, lag, moments of its start and of its end.
"""

import numpy as np

from grid_models.compiled import compiled, compiled_within
from grid_models.twin.model import FloatArray, IntArray

_TINY_S = 1e-9
IDLE, ARMED, TRIPPED, SHED = 0, 1, 2, 3


@compiled_within
def between(at: float, t0: float, t1: float, f0: float, f1: float, d0: float, d1: float) -> float:
    """The cubic through two values with their slopes."""
    h = t1 - t0
    if h <= 0.0:
        return f1
    s = (at - t0) / h
    a, b = f0 + s * h * d0, f1 - (1.0 - s) * h * d1
    return a * (1.0 + 2.0 * s) * (1.0 - s) ** 2 + b * s * s * (3.0 - 2.0 * s) - 2.0 * s * s * (1.0 - s) ** 2 * h * (d0 - d1)


@compiled_within
def slope_between(at: float, t0: float, t1: float, f0: float, f1: float, d0: float, d1: float) -> float:
    """The slope of that cubic."""
    h = t1 - t0
    if h <= 0.0:
        return d1
    s = (at - t0) / h
    return 6.0 * s * (1.0 - s) * (f1 - f0) / h + (1.0 - s) * (1.0 - 3.0 * s) * d0 + s * (3.0 * s - 2.0) * d1


@compiled_within
def clipped(group: FloatArray, signal: float) -> float:
    """Demanded power for a signal (minus the deviation, or minus its rate)."""
    beyond = abs(signal) - group[5]
    power = 0.0 if beyond <= 0.0 else (group[1] * beyond if signal > 0.0 else -group[1] * beyond)
    return float(min(max(power, -group[3]), group[2]))


@compiled
def past(at: float, side: float, rate: bool, rows: int, place: int, t: FloatArray, f: FloatArray, d: FloatArray) -> tuple[float, int]:
    """The signal as it was, before (side < 0) or after what happened at that very moment, and the row it was found at."""
    if at + side * _TINY_S < t[0]:
        return 0.0, 0
    while place > 0 and t[place] > at + side * _TINY_S:
        place -= 1  # a step that was cut short asks for an earlier moment than the one before it
    while place + 1 < rows - 1 and t[place + 1] <= at + side * _TINY_S:
        place += 1
    i = min(place, rows - 2)
    if i < 0:
        return (d[0] if rate else f[0]), 0
    if rate:
        return slope_between(at, t[i], t[i + 1], f[i], f[i + 1], d[i], d[i + 1]), place
    return between(at, t[i], t[i + 1], f[i], f[i + 1], d[i], d[i + 1]), place


@compiled_within
def acts(group: FloatArray, at: float, side: float) -> bool:
    """Whether a group has begun and is still there."""
    return bool(group[8] <= at + side * _TINY_S < group[9])


@compiled
def slopes(
    at: float,
    side: float,
    dev: float,
    x: FloatArray,
    balance: FloatArray,
    groups: FloatArray,
    rows: int,
    places: IntArray,
    t: FloatArray,
    f: FloatArray,
    d: FloatArray,
    power: FloatArray,
    dx: FloatArray,
) -> float:
    """Rate of change of frequency [Hz/s]; fills `power` [MW] and `dx` of every group. balance: Hz/s per MW, imbalance MW, damping MW/Hz."""
    net = balance[1] - balance[2] * dev
    for k in range(len(groups)):
        group = groups[k]
        if group[0] == 0.0:
            if group[4] > 0.0:
                was, places[k] = past(at - group[4], side, False, rows, places[k], t, f, d)
            else:
                was = dev
            demand = clipped(group, -was) if acts(group, at, side) else 0.0
            if group[7] > 0.0:
                power[k] = group[6] * demand + (1.0 - group[6]) * x[k]
                dx[k] = (demand - x[k]) / group[7]
            else:
                power[k], dx[k] = demand, 0.0
        else:
            power[k] = x[k]
        if at + side * _TINY_S >= group[9]:
            power[k] = 0.0  # gone at once, whatever its lag
        net += power[k]
    rate = net * balance[0]
    for k in range(len(groups)):
        group = groups[k]
        if group[0] != 0.0:
            if group[4] > 0.0:
                was, places[k] = past(at - group[4], side, True, rows, places[k], t, f, d)
            else:
                was = rate
            demand = clipped(group, -was) if acts(group, at, side) else 0.0
            dx[k] = (demand - x[k]) / group[7]
    return float(rate)


@compiled
def step(
    at: float,
    h: float,
    dev: float,
    x: FloatArray,
    balance: FloatArray,
    groups: FloatArray,
    rows: int,
    places: IntArray,
    t: FloatArray,
    f: FloatArray,
    d: FloatArray,
    power: FloatArray,
    new: FloatArray,
) -> float:
    """One step of Runge and Kutta from (dev, x); fills `new` with the groups' states and returns the deviation."""
    n = len(x)
    k1, k2, k3, k4 = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    d1 = slopes(at, 1.0, dev, x, balance, groups, rows, places, t, f, d, power, k1)
    d2 = slopes(at + h / 2, 0.0, dev + h / 2 * d1, x + h / 2 * k1, balance, groups, rows, places, t, f, d, power, k2)
    d3 = slopes(at + h / 2, 0.0, dev + h / 2 * d2, x + h / 2 * k2, balance, groups, rows, places, t, f, d, power, k3)
    d4 = slopes(at + h, -1.0, dev + h * d3, x + h * k3, balance, groups, rows, places, t, f, d, power, k4)
    new[:] = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return dev + h / 6 * (d1 + 2 * d2 + 2 * d3 + d4)


@compiled
def march(
    scalars: FloatArray,
    losses: FloatArray,
    groups: FloatArray,
    stages: FloatArray,
    t: FloatArray,
    f: FloatArray,
    d: FloatArray,
    power: FloatArray,
    lost: FloatArray,
    shed: FloatArray,
    load_lost: FloatArray,
    stage_s: FloatArray,
) -> int:
    """Fills the record and returns its number of rows; minus that number where the record was too short.

    scalars: Hz/s per MW, damping share of the load per Hz, load MW, longest step s, horizon s, deviation at which it ends Hz.
    losses: (losses, 4) at, MW, load MW, share of the inertia, in order.  stages: (stages, 4) deviation, MW, delay, breaker.
    t, f, d, lost, shed, load_lost: (rows,); power: (rows, groups); stage_s: (stages, 3) crossed, tripped, shed; NaN where never.
    """
    per_mw, damping, load, longest, horizon, end_hz = scalars[0], scalars[1], scalars[2], scalars[3], scalars[4], scalars[5]
    n = len(groups)
    stops = np.full((len(losses) + 12 * len(stages)) * (n + 1) + 2 * n + 1, np.inf)  # a stage may arm again; old places are reused
    status = np.zeros(len(stages), np.int64)
    x, new, dx, out = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    places = np.zeros(n, np.int64)
    balance = np.zeros(3)
    stage_s[:] = np.nan
    at, dev, rows, next_loss = 0.0, 0.0, 0, 0
    lost_mw, shed_mw, load_lost_mw, inertia = 0.0, 0.0, 0.0, 1.0
    for i in range(len(losses)):
        remember(stops, losses[i, 0], groups)
    for k in range(n):
        stops[len(stops) - 1 - k] = groups[k, 8]
        stops[len(stops) - 1 - n - k] = groups[k, 9]
    while True:
        happened = False
        while next_loss < len(losses) and losses[next_loss, 0] <= at + _TINY_S:
            lost_mw += losses[next_loss, 1]
            load_lost_mw += losses[next_loss, 2]
            inertia -= losses[next_loss, 3]
            next_loss += 1
            happened = True
        for j in range(len(stages)):
            if status[j] == ARMED and stage_s[j, 0] + stages[j, 2] <= at + _TINY_S:
                status[j] = TRIPPED
                stage_s[j, 1] = at
                remember(stops, at + stages[j, 3], groups)
            if status[j] == TRIPPED and stage_s[j, 1] + stages[j, 3] <= at + _TINY_S:
                status[j] = SHED
                stage_s[j, 2] = at
                shed_mw += stages[j, 1]
                remember(stops, at, groups)
                happened = True
        if shed_mw + load_lost_mw > load:
            shed_mw = max(load - load_lost_mw, 0.0)
        balance[0] = per_mw / inertia
        balance[1] = shed_mw + load_lost_mw - lost_mw
        balance[2] = damping * max(load - shed_mw - load_lost_mw, 0.0)
        for i in range(len(stops)):
            if stops[i] <= at + _TINY_S:
                if abs(stops[i] - at) <= _TINY_S:
                    happened = True
                stops[i] = np.inf
        if rows == 0 or happened:
            if rows + 2 >= len(t):
                return -rows
            rate = slopes(at, 1.0, dev, x, balance, groups, rows, places, t, f, d, out, dx)
            t[rows], f[rows], d[rows], lost[rows], shed[rows], load_lost[rows] = at, dev, rate, lost_mw, shed_mw, load_lost_mw
            power[rows] = out
            rows += 1
        if at >= horizon - _TINY_S or abs(dev) >= end_hz:
            return rows
        h = min(longest, horizon - at)
        stop = np.min(stops)
        if stop - at < h:
            h = stop - at
        elif stop - at < 1.5 * h:
            h = (stop - at) / 2  # no sliver of a step before it
        after = step(at, h, dev, x, balance, groups, rows, places, t, f, d, out, new)
        cut = h
        for j in range(len(stages)):
            if status[j] == IDLE and dev > stages[j, 0] and after <= stages[j, 0]:
                cut = min(cut, crossing(stages[j, 0], at, h, dev, x, balance, groups, rows, places, t, f, d, out, new))
        if cut < h:
            h = cut
        after = step(at, h, dev, x, balance, groups, rows, places, t, f, d, out, new)
        for j in range(len(stages)):
            if status[j] == IDLE and dev > stages[j, 0] and after <= stages[j, 0] + 1e-9:
                status[j] = ARMED
                stage_s[j, 0] = at + h
                remember(stops, at + h + stages[j, 2], groups)
            elif status[j] == ARMED and after > stages[j, 0] + 1e-9:
                status[j] = IDLE
                stage_s[j, 0] = np.nan
        at, dev = at + h, after
        x[:] = new
        if rows + 2 >= len(t):
            return -rows
        rate = slopes(at, -1.0, dev, x, balance, groups, rows, places, t, f, d, out, dx)
        t[rows], f[rows], d[rows], lost[rows], shed[rows], load_lost[rows] = at, dev, rate, lost_mw, shed_mw, load_lost_mw
        power[rows] = out
        rows += 1


@compiled
def remember(stops: FloatArray, at: float, groups: FloatArray) -> None:
    """Stop at a moment, and when each delayed group feels it."""
    for k in range(-1, len(groups)):
        if k >= 0 and groups[k, 4] <= 0.0:
            continue
        moment = at if k < 0 else at + groups[k, 4]
        for i in range(len(stops)):
            if stops[i] == np.inf:
                stops[i] = moment
                break


@compiled
def crossing(
    threshold: float,
    at: float,
    h: float,
    dev: float,
    x: FloatArray,
    balance: FloatArray,
    groups: FloatArray,
    rows: int,
    places: IntArray,
    t: FloatArray,
    f: FloatArray,
    d: FloatArray,
    out: FloatArray,
    new: FloatArray,
) -> float:
    """The part of the step after which the deviation meets the threshold, by halving."""
    low, high = 0.0, h
    while high - low > _TINY_S / 10:
        middle = 0.5 * (low + high)
        if step(at, middle, dev, x, balance, groups, rows, places, t, f, d, out, new) <= threshold:
            high = middle
        else:
            low = middle
    return high
