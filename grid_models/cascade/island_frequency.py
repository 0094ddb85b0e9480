"""What does frequency do in an island that lost its infeed: which stages are shed, and which machines' relays trip, when?

The model of `../dynamics`, from nominal frequency; a machine that trips takes its inertia and its answer along.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from grid_models.cascade.balance_settings import BalanceSettings
from grid_models.dynamics.inertia import INERTIA_S, UnitType
from grid_models.dynamics.response import Follows, Governor, ResponseGroup
from grid_models.dynamics.system import FrequencySystem, Loss
from grid_models.dynamics.trajectory import Trajectory, trajectory_of
from grid_models.protection.voltage_frequency import StageBank, first_trip_s
from grid_models.twin.model import BoolArray, FloatArray
from grid_models.twin.state import GridState

_STEP_S = 0.02  # against 5 ms it moves a nadir by less than 1e-4 Hz (tested)
_SAME_MW = 1e-6


@dataclass(frozen=True, eq=False)
class Island:
    """One island before its frequency moves.  loads, machines: masks of who is in it.  holder: the machine that would go last.

    shunts_mw: drawn by shunts at 1 pu, which no stage sheds.  stage_mw: (stages, loads) what each stage of the scheme can still shed.
    up_mw, down_mw: (generators,) how far each may move by itself.
    """

    state: GridState
    loads: BoolArray
    machines: BoolArray
    holder: int
    shunts_mw: float
    stage_mw: FloatArray
    up_mw: FloatArray
    down_mw: FloatArray

    @property
    def lack_mw(self) -> float:
        """Load and shunts less generation."""
        given = float(self.state.generator_injected_mw[self.machines].sum())
        return float(self.state.load_drawn_mw[self.loads].sum()) + self.shunts_mw - given


@dataclass
class FrequencyCourse:
    """trips: (row of the machine, seconds), in order.  lost_at_s: no machine is left, or no frequency; infinite where it lives on."""

    course: Trajectory | None = None
    trips: list[tuple[int, float]] = field(default_factory=list)
    lost_at_s: float = np.inf


def frequency_course(island: Island, settings: BalanceSettings, bank: StageBank) -> FrequencyCourse:
    """Until no relay trips any more.  bank: the frequency relays of all generators."""
    found, rated = FrequencyCourse(), _rated_mw(island)
    while True:
        left = island.machines.copy()
        left[[m for m, _ in found.trips]] = False
        if not (left & (rated > 0.0)).any():
            found.lost_at_s = found.trips[-1][1] if found.trips else 0.0
            return found
        found.course = course = _course(island, settings, rated, found.trips)
        last_s = found.trips[-1][1] + settings.stagger_s if found.trips else 0.0
        due_s = np.where(left, first_trip_s(course.time_s, course.frequency_hz, bank, last_s), np.inf)
        if not np.isfinite(due_s).any():
            found.lost_at_s = float(course.time_s[-1]) if course.collapsed else np.inf
            return found
        found.trips.append(_first(island, due_s))


def _first(island: Island, due_s: FloatArray) -> tuple[int, float]:
    """Of several at one moment the one that injects most, and who holds the island last."""
    at_s = float(due_s.min())
    together = np.flatnonzero(due_s <= at_s + 1e-9)
    injected = island.state.generator_injected_mw[together] - np.where(together == island.holder, np.inf, 0.0)
    return int(together[np.argmax(injected)]), at_s


def _course(island: Island, settings: BalanceSettings, rated_mw: FloatArray, trips: list[tuple[int, float]]) -> Trajectory:
    inertia, lack = rated_mw * INERTIA_S[UnitType.UNKNOWN] / 1000.0, island.lack_mw
    demand = float(np.maximum(island.state.load_drawn_mw[island.loads], 0.0).sum())  # a load that injects is no demand
    thresholds = settings.scheme_at(island.state.model.frequency_hz)
    system = FrequencySystem(
        frequency_hz=island.state.model.frequency_hz,
        inertia_gws=float(inertia.sum()),
        load_mw=max(demand + max(-lack, 0.0), _SAME_MW),
        damping_percent_per_hz=settings.damping_percent_per_hz,
        groups=tuple(_answers(island, settings, int(i), dict(trips).get(int(i), np.inf)) for i in np.flatnonzero(island.machines)),
        stages=tuple(stage.of(float(mw)) for stage, mw in zip(thresholds, island.stage_mw.sum(axis=1), strict=True)),
    )
    begins = Loss(0.0, mw=max(lack, 0.0), load_mw=max(-lack, 0.0))
    gone = [Loss(at, mw=max(float(island.state.generator_injected_mw[m]), 0.0), inertia_gws=float(inertia[m])) for m, at in trips]
    horizon = settings.window_s + (trips[-1][1] if trips else 0.0)
    return trajectory_of(system, (begins, *gone), horizon, longest_step_s=_STEP_S)


def _rated_mw(island: Island) -> FloatArray:
    """(generators,) of those that turn, or stand in for what turns: who can hold a voltage."""
    table, injected = island.state.model.generators, np.abs(island.state.generator_injected_mw)
    rated = np.maximum(np.where(np.isfinite(table.p_max_mw), table.p_max_mw, 0.0), injected)
    return np.where(island.machines & able_to_hold(island.state), rated, 0.0)


def able_to_hold(state: GridState) -> BoolArray:
    """(generators,) True for who can hold frequency and voltage: synchronous or grid-forming, with a highest power that is known."""
    table = state.model.generators
    return np.asarray(table.holds_voltage & np.isfinite(table.p_max_mw) & (table.p_max_mw > 0.0))


def _answers(island: Island, settings: BalanceSettings, machine: int, until_s: float) -> ResponseGroup:
    """A governor within its reserve; a park only comes down, beyond a dead band; what charges stops before the first stage."""
    table, frequency = island.state.model.generators, island.state.model.frequency_hz
    now, up, down = float(island.state.generator_injected_mw[machine]), float(island.up_mw[machine]), float(island.down_mw[machine])
    if table.weather[machine]:
        per_hz = max(now, 0.0) / (settings.park_droop_pu * frequency)
        answer = ResponseGroup("", Follows.DEVIATION, per_hz, 0.0, down, 0.0, settings.park_from_hz, 0.0, settings.park_lag_s)
    elif now < 0.0:
        per_hz = -now / settings.charging_stops_at_hz
        answer = ResponseGroup("", Follows.DEVIATION, per_hz, up, down, at_once=0.0, lag_s=settings.park_lag_s)
    else:
        base = float(table.p_max_mw[machine]) if np.isfinite(table.p_max_mw[machine]) else now
        answer = Governor().group(max(base, _SAME_MW), frequency, reserve_mw=up, down_mw=down)
    return replace(answer, name=table.name[machine], until_s=until_s)
