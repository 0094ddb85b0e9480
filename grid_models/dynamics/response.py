"""What pushes back when frequency moves? Groups of units, each a power that follows deviation or its rate of change."""

from dataclasses import dataclass
from enum import IntEnum
from math import inf, isfinite

from grid_models.dynamics.refused import NotCalculable

_MW_PER_GWS = 1000.0
LEAST_LAG_S = 0.01  # a rate of change is never known at once; shorter ones are inertia
LEAST_DELAY_S = 0.005  # shorter ones are none; engineering judgement


class Follows(IntEnum):
    """What a group's power is proportional to."""

    DEVIATION = 0
    RATE = 1


@dataclass(frozen=True)
class ResponseGroup:
    """Power [MW] = gain · (-signal beyond the dead band), from -down_mw to up_mw; part of it at once, the rest by a lag.

    gain: MW/Hz of a deviation, MW·s/Hz of a rate.  delay_s: dead time in the loop, always; start_s, until_s: from the first loss until it
    begins, and until it is disconnected.
    The limits bind the demanded power, as a gate's do: no wind-up.
    """

    name: str
    follows: Follows
    gain: float
    up_mw: float = inf
    down_mw: float = inf
    delay_s: float = 0.0
    deadband_hz: float = 0.0
    at_once: float = 1.0
    lag_s: float = 0.0
    start_s: float = 0.0
    until_s: float = inf

    def __post_init__(self) -> None:
        finite = (self.gain, self.delay_s, self.deadband_hz, self.at_once, self.lag_s, self.start_s)
        if not all(map(isfinite, finite)) or not min(*finite, self.up_mw, self.down_mw, self.until_s) >= 0.0 or self.at_once > 1.0:
            raise NotCalculable(f"{self.name} cannot respond with {self}; finite values of 0 or more would work.")
        if 0.0 < self.delay_s < LEAST_DELAY_S:
            raise NotCalculable(f"{self.name} has a delay of {self.delay_s:g} s; 0 or {LEAST_DELAY_S:g} s and more would work.")
        if self.follows is Follows.RATE and (self.lag_s < LEAST_LAG_S or self.at_once > 0.0):
            raise NotCalculable(f"{self.name} follows a rate within {self.lag_s:g} s; a lag of {LEAST_LAG_S:g} s or more would work.")

    def steady_mw(self, deviation_hz: float) -> float:
        """What it gives at a deviation that stays."""
        if self.follows is Follows.RATE:
            return 0.0
        beyond = max(abs(deviation_hz) - self.deadband_hz, 0.0) * self.gain
        return min(beyond, self.up_mw) if deviation_hz < 0.0 else -min(beyond, self.down_mw)


@dataclass(frozen=True)
class Governor:
    """Reheat turbines of one rating under droop; the values of Anderson and Mirheydar's reference set where not given."""

    droop_pu: float = 0.05
    reheat_fraction: float = 0.3
    reheat_s: float = 8.0
    gain: float = 0.95

    def group(
        self,
        base_mw: float,
        frequency_hz: float,
        *,
        reserve_mw: float = inf,
        down_mw: float = inf,
        delay_s: float = 0.0,
        start_s: float = 0.0,
        deadband_hz: float = 0.0,
        name: str = "governors",
    ) -> ResponseGroup:
        """Km/R · (1 + FH·TR·s) / (1 + TR·s) on `base_mw`. Raises NotCalculable."""
        if not (self.droop_pu > 0.0 and base_mw > 0.0):
            raise NotCalculable(f"{name} have a droop of {self.droop_pu:g} on {base_mw:g} MW; both above 0 would work (0.05 is 5 %).")
        per_hz = self.gain / self.droop_pu * base_mw / frequency_hz
        return ResponseGroup(
            name,
            Follows.DEVIATION,
            per_hz,
            reserve_mw,
            down_mw,
            delay_s,
            deadband_hz,
            at_once=self.reheat_fraction,
            lag_s=self.reheat_s,
            start_s=start_s,
        )


def fast_response(
    mw: float, full_at_hz: float, *, delay_s: float = 0.0, lag_s: float = 0.0, deadband_hz: float = 0.0, name: str = "fast response"
) -> ResponseGroup:
    """Converters that give `mw` when frequency is `full_at_hz` beyond the dead band, and less before. Raises NotCalculable."""
    if not full_at_hz > 0.0:
        raise NotCalculable(f"{name} is full at a deviation of {full_at_hz:g} Hz; more than 0 would work.")
    return ResponseGroup(name, Follows.DEVIATION, mw / full_at_hz, mw, mw, delay_s, deadband_hz, at_once=0.0 if lag_s else 1.0, lag_s=lag_s)


def synthetic_inertia(
    inertia_gws: float, frequency_hz: float, *, limit_mw: float = inf, delay_s: float = 0.0, lag_s: float = 0.05
) -> ResponseGroup:
    """Converters whose power follows the rate of change as that of machines with `inertia_gws` would, later by delay and lag."""
    per_rate = 2.0 * inertia_gws * _MW_PER_GWS / frequency_hz
    return ResponseGroup("synthetic inertia", Follows.RATE, per_rate, limit_mw, limit_mw, delay_s, at_once=0.0, lag_s=lag_s)
