"""How little inertia would still keep frequency? By halving, each trial a whole course, the answer verified by one more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from grid_models.dynamics.measures import balance_hz, nadir, rocof_over, zenith
from grid_models.dynamics.refused import NotCalculable
from grid_models.dynamics.system import FrequencySystem, Loss
from grid_models.dynamics.trajectory import LONGEST_STEP_S, Trajectory, trajectory_of

_CLOSE = 1e-4  # of the inertia
# With less inertia a system has none to speak of: a rate of 20 Hz/s at once, or 0.1 s on its load; engineering judgement.
_FASTEST_HZ_PER_S, _LEAST_H_S = 20.0, 0.1
_WIDEST = 1e4  # times the least
_SEARCH_STEP_S = 0.02  # of the trials; the answer is verified by the usual one


@dataclass(frozen=True)
class SmallestInertia:
    """inertia_gws None: no inertia keeps the limit, or any does; `why` says which, in a sentence. reached: by that very inertia."""

    inertia_gws: float | None
    reached: float | None
    why: str


def inertia_for_frequency(system: FrequencySystem, losses: Sequence[Loss], limit_hz: float, horizon_s: float = 60.0) -> SmallestInertia:
    """The least that keeps frequency at `limit_hz` or better without shedding (below nominal: at or above it). Raises NotCalculable."""
    low = limit_hz < system.frequency_hz
    if not 0.8 * system.frequency_hz < limit_hz < 1.2 * system.frequency_hz or limit_hz == system.frequency_hz:
        raise NotCalculable(
            f"A limit of {limit_hz:g} Hz was given for a system of {system.frequency_hz:g} Hz; another one within 20 % of it would work."
        )
    bare = replace(system, stages=())
    settles = balance_hz(bare, lost_mw=sum(x.mw for x in losses), load_lost_mw=sum(x.load_mw for x in losses))
    if settles is None or (settles < limit_hz if low else settles > limit_hz):
        where = "nowhere" if settles is None else f"at {settles:.3f} Hz"
        return SmallestInertia(None, None, f"no inertia would keep {limit_hz:g} Hz without shedding: frequency settles {where}.")

    def reached(course: Trajectory) -> float:
        return nadir(course).frequency_hz if low else zenith(course).frequency_hz

    def keeps(value: float) -> bool:
        return value >= limit_hz if low else value <= limit_hz

    return _least(bare, losses, horizon_s, reached, keeps, f"{limit_hz:g} Hz")


def inertia_for_rocof(
    system: FrequencySystem, losses: Sequence[Loss], limit_hz_per_s: float, window_s: float = 0.5, horizon_s: float = 60.0
) -> SmallestInertia:
    """The least with which the steepest mean rate over `window_s` stays within the limit, without shedding. Raises NotCalculable."""
    if not 0.0 < limit_hz_per_s < float("inf"):
        raise NotCalculable(f"A limit of {limit_hz_per_s:g} Hz/s was given; one above 0 would work.")
    bare = replace(system, stages=())
    return _least(
        bare,
        losses,
        horizon_s,
        lambda course: rocof_over(course, window_s),
        lambda value: value <= limit_hz_per_s,
        f"{limit_hz_per_s:g} Hz/s",
    )


def _least(
    system: FrequencySystem,
    losses: Sequence[Loss],
    horizon_s: float,
    reached: Callable[[Trajectory], float],
    keeps: Callable[[float], bool],
    limit: str,
) -> SmallestInertia:
    """Halving in ratio: more inertia never makes the value worse."""

    def of(gws: float, step_s: float = _SEARCH_STEP_S) -> float:
        return reached(trajectory_of(replace(system, inertia_gws=gws), losses, horizon_s, longest_step_s=step_s))

    power = max(abs(loss.mw - loss.load_mw) for loss in losses)
    lost = sum(loss.inertia_gws for loss in losses)
    least = lost + max(power * system.frequency_hz / (2000.0 * _FASTEST_HZ_PER_S), _LEAST_H_S * system.load_mw / 1000.0)
    if keeps(of(least)):
        return SmallestInertia(None, None, f"any inertia of {least:.3g} GW·s or more keeps {limit}.")
    low, high = least, 2.0 * least
    while not keeps(of(high)):
        low, high = high, 2.0 * high
        if high > _WIDEST * least:
            return SmallestInertia(None, None, "no inertia within reason keeps it: what answers takes too long to make up for the loss.")
    while high / low > 1.0 + _CLOSE:
        middle = sqrt(low * high)
        low, high = (low, middle) if keeps(of(middle)) else (middle, high)
    while not keeps(value := of(high, LONGEST_STEP_S)):
        high *= 1.0 + _CLOSE
    return SmallestInertia(high, value, "")
