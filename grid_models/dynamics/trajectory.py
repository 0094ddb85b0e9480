"""How does frequency move after losses? The whole course, with what answers and what is shed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from grid_models.dynamics.refused import NotCalculable
from grid_models.dynamics.response import Follows
from grid_models.dynamics.system import FrequencySystem, Loss
from grid_models.twin.model import FloatArray, Names

LONGEST_STEP_S = 0.005  # a tenth of it changes a nadir by less than 1e-6 Hz (tested); engineering judgement
LONGEST_S = 600.0  # beyond ten minutes other controls decide, which are not modelled; engineering judgement
_SHARE_OF_FASTEST = 0.2  # of the shortest time constant, for accuracy; a step of the method is stable up to 2.8
_MOST_ROWS = 600_000  # about two seconds of calculation
COLLAPSED = 0.2  # of nominal frequency: no machine runs there, and no linear model holds; engineering judgement


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Rows in time; a moment at which something happens has two rows, before and after. Deviations from nominal in Hz, powers in MW.

    power_mw: (rows, groups).  crossed, tripped, shed_s: (stages,) NaN where never.
    """

    system: FrequencySystem
    losses: tuple[Loss, ...]
    time_s: FloatArray
    deviation_hz: FloatArray
    rate_hz_per_s: FloatArray
    power_mw: FloatArray
    lost_mw: FloatArray
    shed_mw: FloatArray
    load_lost_mw: FloatArray
    crossed_s: FloatArray
    tripped_s: FloatArray
    shed_s: FloatArray

    @property
    def groups(self) -> Names:
        """Names of the columns of `power_mw`."""
        return tuple(group.name for group in self.system.groups)

    @property
    def frequency_hz(self) -> FloatArray:
        """(rows,)"""
        return self.system.frequency_hz + self.deviation_hz

    @property
    def response_mw(self) -> FloatArray:
        """(rows,) of all groups together."""
        return np.asarray(self.power_mw.sum(axis=1), dtype=np.float64)

    @property
    def damping_mw(self) -> FloatArray:
        """(rows,) what the connected load draws less because of the frequency."""
        connected = np.maximum(self.system.load_mw - self.shed_mw - self.load_lost_mw, 0.0)
        return np.asarray(-self.system.damping_percent_per_hz / 100.0 * connected * self.deviation_hz, dtype=np.float64)

    @property
    def imbalance_mw(self) -> FloatArray:
        """(rows,) what is left for the turning masses."""
        return self.response_mw + self.damping_mw + self.shed_mw + self.load_lost_mw - self.lost_mw

    @property
    def collapsed(self) -> bool:
        """It ended before its horizon, because no machine runs at such a frequency."""
        return bool(abs(self.deviation_hz[-1]) >= COLLAPSED * self.system.frequency_hz)


def trajectory_of(
    system: FrequencySystem, losses: Sequence[Loss], horizon_s: float = 60.0, *, longest_step_s: float = LONGEST_STEP_S
) -> Trajectory:
    """From balance at nominal frequency to the horizon, or until frequency has collapsed. Raises NotCalculable.

    Linear about nominal frequency: with one governor and no limits it is the reduced model of Anderson and Mirheydar (1990).
    """
    _refuse(system, losses, horizon_s)
    from grid_models.dynamics.kernel import march  # numba is needed only here

    ordered = tuple(sorted(losses, key=lambda loss: loss.at_s))
    step_s = _step(system, sum(loss.inertia_gws for loss in losses), longest_step_s)
    echoes = 1 + sum(g.delay_s > 0.0 for g in system.groups)  # each delayed group feels a moment once more
    rows = int(horizon_s / step_s * 1.5) + 40 * (len(ordered) + 6 * len(system.stages) + 1) * echoes + 4 * len(system.groups)
    if rows > _MOST_ROWS:
        raise NotCalculable(
            f"{horizon_s:g} s with an inertia of {system.inertia_gws:.3g} GW·s need steps of {step_s:.2g} s; "
            "a shorter horizon or more inertia would work."
        )
    record, powers, stage_s = np.zeros((6, rows)), np.zeros((rows, len(system.groups))), np.zeros((len(system.stages), 3))
    time, deviation, rate, lost, shed, load_lost = record
    scalars = np.array(
        [
            system.hz_per_s_per_mw,
            system.damping_percent_per_hz / 100.0,
            system.load_mw,
            step_s,
            horizon_s,
            COLLAPSED * system.frequency_hz,
        ]
    )
    count = march(
        scalars,
        np.array([(loss.at_s, loss.mw, loss.load_mw, loss.inertia_gws / system.inertia_gws) for loss in ordered]).reshape(-1, 4),
        _columns(system, ordered[0].at_s),
        np.array([(s.below_hz - system.frequency_hz, s.mw, s.delay_s, s.breaker_s) for s in system.stages]).reshape(-1, 4),
        time,
        deviation,
        rate,
        powers,
        lost,
        shed,
        load_lost,
        stage_s,
    )
    if count < 0:
        raise NotCalculable(f"Frequency crosses shedding thresholds too often within {horizon_s:g} s; a shorter horizon would work.")
    kept = record[:, :count].copy()
    return Trajectory(system, ordered, kept[0], kept[1], kept[2], powers[:count].copy(), kept[3], kept[4], kept[5], *stage_s.T.copy())


def _columns(system: FrequencySystem, first_s: float) -> FloatArray:
    rows = [
        (
            float(g.follows),
            g.gain,
            g.up_mw,
            g.down_mw,
            g.delay_s,
            g.deadband_hz,
            g.at_once,
            g.lag_s,
            first_s + g.start_s,
            first_s + g.until_s,
        )
        for g in system.groups
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 10)


def _step(system: FrequencySystem, lost_gws: float, longest_s: float) -> float:
    """Short against the fastest movement and never longer than a delay, so that what a group felt is already known."""
    at_once = sum(g.gain * (g.at_once if g.lag_s else 1.0) for g in system.groups if g.follows is Follows.DEVIATION)
    per_mw = system.hz_per_s_per_mw * system.inertia_gws / (system.inertia_gws - lost_gws)
    fastest = per_mw * (at_once + system.damping_mw_per_hz)
    for group in system.groups:
        if group.lag_s:
            rates = per_mw * group.gain if group.follows is Follows.RATE else 0.0
            fastest = max(fastest, (1.0 + rates) / group.lag_s)
    delays = [g.delay_s for g in system.groups if g.delay_s]
    return min(longest_s, _SHARE_OF_FASTEST / fastest if fastest else longest_s, *delays)


def _refuse(system: FrequencySystem, losses: Sequence[Loss], horizon_s: float) -> None:
    if not (isfinite(horizon_s) and 0.0 < horizon_s <= LONGEST_S):
        raise NotCalculable(f"A horizon of {horizon_s:g} s was asked for; more than 0 and up to {LONGEST_S:g} s would work.")
    if not losses or not any(loss.mw or loss.load_mw for loss in losses):
        raise NotCalculable("No power is lost, so frequency does not move; a loss above 0 MW would work.")
    last = max(loss.at_s for loss in losses)
    if last >= horizon_s:
        raise NotCalculable(f"A loss at {last:g} s lies beyond the horizon of {horizon_s:g} s; a longer horizon would work.")
    turning = sum(loss.inertia_gws for loss in losses)
    if turning >= system.inertia_gws:
        raise NotCalculable(f"Losses take {turning:.4g} GW·s of {system.inertia_gws:.4g} GW·s of inertia; less than there is would work.")
    lost = sum(loss.load_mw for loss in losses)
    if lost > system.load_mw:
        raise NotCalculable(f"{lost:.6g} MW of load are lost of {system.load_mw:.6g} MW; no more than there is would work.")
