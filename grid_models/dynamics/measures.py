"""What matters in a course of frequency: how fast it fell, how far, how long, and where it ends."""

from dataclasses import dataclass

import numpy as np

from grid_models.dynamics.system import FrequencySystem
from grid_models.dynamics.trajectory import Trajectory
from grid_models.twin.model import FloatArray

_FINE = 400  # points of the cubic between two rows, around an extreme
_EVEN_S = 0.01  # grid on which windows slide; a finer one changes a 500 ms slope by less than 1e-4 of it


@dataclass(frozen=True)
class Extreme:
    """Frequency farthest from nominal on one side, and when."""

    frequency_hz: float
    at_s: float


def rocof_at_once(trajectory: Trajectory) -> float:
    """Rate of change [Hz/s] right after the first loss, f0·ΔP/(2E): positive, whichever way frequency goes."""
    first = trajectory.losses[0].at_s
    power = sum(loss.mw - loss.load_mw for loss in trajectory.losses if loss.at_s == first)
    whole = trajectory.system.inertia_gws
    left = whole - sum(loss.inertia_gws for loss in trajectory.losses if loss.at_s == first)
    return abs(power) * trajectory.system.hz_per_s_per_mw * whole / left


def rocof_over(trajectory: Trajectory, window_s: float) -> float:
    """Steepest mean rate [Hz/s] over any window of this length since the first loss, positive; of the whole course where it is shorter."""
    times, values = trajectory.time_s, trajectory.deviation_hz
    length = min(window_s, times[-1])
    if length <= 0.0:
        return rocof_at_once(trajectory)
    begins = np.unique(np.concatenate([np.arange(0.0, times[-1] - length, _EVEN_S), [x.at_s for x in trajectory.losses]]))
    begins = begins[begins + length <= times[-1] + 1e-9]
    rows, rising = np.unique(times, return_index=True)
    moved = np.interp(begins + length, rows, values[rising]) - np.interp(begins, rows, values[rising])
    return float(np.abs(moved).max() / length)


def nadir(trajectory: Trajectory) -> Extreme:
    """The lowest frequency."""
    return _extreme(trajectory, 1.0)


def zenith(trajectory: Trajectory) -> Extreme:
    """The highest frequency."""
    return _extreme(trajectory, -1.0)


def _extreme(trajectory: Trajectory, sign: float) -> Extreme:
    """By the cubics around the lowest row: they know the slopes, the rows only their moments."""
    t, f, d = trajectory.time_s, trajectory.deviation_hz * sign, trajectory.rate_hz_per_s * sign
    best = int(np.argmin(f))
    at, low = float(t[best]), float(f[best])
    for i in range(max(best - 2, 0), min(best + 2, len(t) - 1)):
        h = t[i + 1] - t[i]
        if h > 0.0:
            s = np.linspace(0.0, 1.0, _FINE)
            cubic = _cubic(s, f[i], f[i + 1], h * d[i], h * d[i + 1])
            if cubic.min() < low:
                low, at = float(cubic.min()), float(t[i] + h * s[np.argmin(cubic)])
    return Extreme(trajectory.system.frequency_hz + sign * low, at)


def _cubic(s: FloatArray, f0: float, f1: float, m0: float, m1: float) -> FloatArray:
    start = (2 * s**3 - 3 * s**2 + 1) * f0 + (s**3 - 2 * s**2 + s) * m0
    return np.asarray(start + (3 * s**2 - 2 * s**3) * f1 + (s**3 - s**2) * m1, dtype=np.float64)


def seconds_below(trajectory: Trajectory, frequency_hz: float) -> float:
    """How long frequency is below a value."""
    return _seconds(trajectory.time_s, frequency_hz - trajectory.frequency_hz)


def seconds_above(trajectory: Trajectory, frequency_hz: float) -> float:
    """How long frequency is above a value."""
    return _seconds(trajectory.time_s, trajectory.frequency_hz - frequency_hz)


def _seconds(times: FloatArray, beyond: FloatArray) -> float:
    """Where `beyond` is positive, its rows joined by straight lines."""
    a, b = beyond[:-1], beyond[1:]
    top, spread = np.maximum(a, b), np.abs(a - b)
    share = np.where(top <= 0.0, 0.0, np.where(np.minimum(a, b) >= 0.0, 1.0, top / np.where(spread > 0.0, spread, 1.0)))
    return float((share * np.diff(times)).sum())


def balance_hz(system: FrequencySystem, *, lost_mw: float, shed_mw: float = 0.0, load_lost_mw: float = 0.0) -> float | None:
    """Frequency at which response and load damping make up for what is missing; None where none within ±20 % of nominal does."""
    connected = max(system.load_mw - shed_mw - load_lost_mw, 0.0)
    per_hz = system.damping_percent_per_hz / 100.0 * connected

    def missing(deviation: float) -> float:
        return sum(g.steady_mw(deviation) for g in system.groups) - per_hz * deviation + shed_mw + load_lost_mw - lost_mw

    low, high = -0.2 * system.frequency_hz, 0.2 * system.frequency_hz
    if missing(low) < 0.0 or missing(high) > 0.0:
        return None
    while high - low > 1e-10:
        middle = 0.5 * (low + high)
        low, high = (middle, high) if missing(middle) > 0.0 else (low, middle)
    return system.frequency_hz + 0.5 * (low + high)


def settling_hz(trajectory: Trajectory) -> float | None:
    """The balance that the last row's losses and sheddings lead to; None where there is none."""
    return balance_hz(
        trajectory.system,
        lost_mw=float(trajectory.lost_mw[-1]),
        shed_mw=float(trajectory.shed_mw[-1]),
        load_lost_mw=float(trajectory.load_lost_mw[-1]),
    )
