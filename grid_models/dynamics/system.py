"""What is disturbed, and by what: a synchronous system before its frequency moves, the powers it loses, the loads that may be shed."""

from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from grid_models.dynamics.refused import NotCalculable
from grid_models.dynamics.response import ResponseGroup

_MW_PER_GW = 1000.0
_STAGES = 40  # more are a wrong list; engineering judgement


@dataclass(frozen=True)
class Loss:
    """Power lost at a moment. mw: of generation; load_mw: of load, which lifts frequency; inertia_gws: that turned in what is lost."""

    at_s: float
    mw: float = 0.0
    load_mw: float = 0.0
    inertia_gws: float = 0.0

    def __post_init__(self) -> None:
        given = (self.mw, self.load_mw, self.inertia_gws, self.at_s)
        if not all(map(isfinite, given)) or min(given) < 0.0:
            raise NotCalculable(
                f"A loss of {self.mw:g} MW (load {self.load_mw:g} MW, inertia {self.inertia_gws:g} GW·s) at {self.at_s:g} s was given; "
                "0 or more of each would work."
            )


@dataclass(frozen=True)
class ShedStage:
    """Load shed when frequency has stayed at or below `below_hz` for `delay_s`; `breaker_s` later it is gone in any case."""

    below_hz: float
    mw: float
    delay_s: float = 0.0
    breaker_s: float = 0.0


@dataclass(frozen=True)
class FrequencySystem:
    """inertia_gws: turning energy that later losses may take along, grid-forming converters' included.  damping: of the load, per Hz."""

    frequency_hz: float
    inertia_gws: float
    load_mw: float
    damping_percent_per_hz: float = 0.0
    groups: tuple[ResponseGroup, ...] = ()
    stages: tuple[ShedStage, ...] = ()

    def __post_init__(self) -> None:
        _positive("A frequency", self.frequency_hz, "Hz")
        _positive("An inertia", self.inertia_gws, "GW·s")
        _positive("A load", self.load_mw, "MW")
        if not 0.0 <= self.damping_percent_per_hz < float("inf"):
            raise NotCalculable(
                f"A load damping of {self.damping_percent_per_hz:g} % per Hz was given; 0 or more would work (1 to 2 is usual)."
            )
        _refuse_stages(self)

    @property
    def damping_mw_per_hz(self) -> float:
        """Of the whole load."""
        return self.load_mw * self.damping_percent_per_hz / 100.0

    @property
    def hz_per_s_per_mw(self) -> float:
        """How fast one megawatt too little moves frequency: f0 / (2 E)."""
        return self.frequency_hz / (2.0 * self.inertia_gws * _MW_PER_GW)


def damping_of(pu: float, frequency_hz: float) -> float:
    """Load damping in % per Hz from per unit of power over per unit of frequency."""
    return 100.0 * pu / frequency_hz


def _positive(what: str, value: float, unit: str) -> None:
    if not (isfinite(value) and value > 0.0):
        raise NotCalculable(f"{what} of {value:g} {unit} was given; a finite one above 0 {unit} would work.")


def _refuse_stages(system: FrequencySystem) -> None:
    stages, at = system.stages, [stage.below_hz for stage in system.stages]
    if any(not (isfinite(s.below_hz) and 0.0 < s.below_hz < system.frequency_hz) for s in stages):
        raise NotCalculable(f"Shedding stages at {_listed(at)} Hz were given; stages below {system.frequency_hz:g} Hz would work.")
    if any(later >= earlier for earlier, later in pairwise(at)):
        raise NotCalculable(f"Shedding stages at {_listed(at)} Hz are out of order; each below the one before would work.")
    if any(not (isfinite(s.mw) and s.mw >= 0.0 and 0.0 <= s.delay_s < 60.0 and 0.0 <= s.breaker_s < 60.0) for s in stages):
        raise NotCalculable("A shedding stage has a negative load, or a delay that is not between 0 and 60 s; such values would work.")
    if len(stages) > _STAGES or sum(s.mw for s in stages) > system.load_mw * (1.0 + 1e-9):
        raise NotCalculable(
            f"{len(stages)} shedding stages of together {sum(s.mw for s in stages):.6g} MW were given for {system.load_mw:.6g} MW of load; "
            f"up to {_STAGES} stages of no more than the load would work."
        )


def _listed(values: list[float]) -> str:
    shown = ", ".join(f"{v:g}" for v in values[:6])
    return shown if len(values) <= 6 else f"{shown} and {len(values) - 6} more"
