"""What would each meter show if it were exact: the truth of a solved state, meter by meter."""

from collections.abc import Callable

import numpy as np

from grid_models.steady.solution import Solution, solution_from_voltages
from grid_models.telemetry.full_scale import full_scales
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quality, Quantity, Source
from grid_models.twin.model import BoolArray, FloatArray, IntArray
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of

_ANGLES = (Quantity.V_ANGLE, Quantity.I_ANGLE_FROM, Quantity.I_ANGLE_TO)
_LEAST_CURRENT = 0.02  # of full scale: below it the angle of a current is noise; engineering judgement
_CURRENTS = (Quantity.I_FROM, Quantity.I_TO)


def exact_readings(solution: Solution, instruments: Instruments) -> FloatArray:
    """(rows,) value of every meter without any error, in its quantity's unit. What has no voltage reads zero."""
    value = np.zeros(len(instruments))
    for quantity, rows in _slices(instruments.quantity):
        value[rows] = _value_of(solution, quantity)[instruments.element[rows]]
    return value


def measured(solution: Solution, instruments: Instruments, rng: np.random.Generator | None, time_s: float = 0.0) -> MeasurementSet:
    """One set with Gaussian errors of exactly `sigma`, without dead bands or scans; without `rng` it is free of errors."""
    exact = exact_readings(solution, instruments)
    error = 0.0 if rng is None else rng.standard_normal(len(exact)) * instruments.sigma
    return as_measurements(instruments, floored(instruments, exact + error), np.full(len(exact), time_s), qualities(solution, instruments))


def as_measurements(instruments: Instruments, value: FloatArray, time_s: FloatArray, quality: IntArray) -> MeasurementSet:
    """The values of every meter as a set."""
    source = np.where(instruments.is_pmu, Source.PMU, Source.SCADA).astype(np.int64)
    return MeasurementSet(instruments.quantity, instruments.element, value, instruments.sigma, time_s, quality, source)


def floored(instruments: Instruments, value: FloatArray) -> FloatArray:
    """Magnitudes of current are never negative, whatever the noise."""
    return np.where(np.isin(instruments.quantity, _CURRENTS), np.maximum(value, 0.0), value)


def qualities(solution: Solution, instruments: Instruments) -> IntArray:
    """(rows,) GOOD; INVALID for the angle of a phasor too small to have one: the unit knows what it cannot measure."""
    quality = np.full(len(instruments), Quality.GOOD, dtype=np.int64)
    if not len(instruments.rows_of(*_ANGLES)):
        return quality
    scales, branches = full_scales(solution.model), solution.model.branches
    nominal_kv = solution.model.buses.nominal_kv
    least = {
        Quantity.V_ANGLE: (solution.vm_pu, np.full(len(solution.vm_pu), 1e-6)),
        Quantity.I_ANGLE_FROM: (solution.i_from_ka, _LEAST_CURRENT * scales.from_mva / (3**0.5 * nominal_kv[branches.from_bus])),
        Quantity.I_ANGLE_TO: (solution.i_to_ka, _LEAST_CURRENT * scales.to_mva / (3**0.5 * nominal_kv[branches.to_bus])),
    }
    for quantity, (magnitude, bound) in least.items():
        rows = np.flatnonzero(instruments.quantity == quantity)
        at = instruments.element[rows]
        quality[rows[~(magnitude[at] > bound[at])]] = Quality.INVALID  # also NaN
    return quality


def without_supply(state: GridState) -> Solution:
    """The solution of a state without any power flow: no voltage anywhere."""
    topology = topology_of(state)
    return solution_from_voltages(state, topology, np.full(len(topology.node_live), complex(np.nan, np.nan)))


def _value_of(solution: Solution, quantity: Quantity) -> FloatArray:
    """The quantity's value for every row of its table."""
    read = _ANALOGUE.get(quantity)
    if read is not None:
        return np.nan_to_num(read(solution))
    return np.asarray(getattr(solution.state, SPECS[quantity].array), dtype=np.float64)


def _slices(quantity: IntArray) -> list[tuple[Quantity, slice]]:
    """Runs of equal quantities."""
    starts = np.flatnonzero(np.diff(quantity, prepend=-1))
    return [(Quantity(int(quantity[a])), slice(int(a), int(b))) for a, b in zip(starts, np.append(starts[1:], len(quantity)), strict=True)]


def _live(solution: Solution, bus: IntArray) -> BoolArray:
    return np.isfinite(solution.vm_pu[bus])


def _load(solution: Solution, drawn: FloatArray) -> FloatArray:
    return np.where(_live(solution, solution.model.loads.bus), drawn, 0.0)


def _generator(solution: Solution, injected: FloatArray) -> FloatArray:
    return np.where(_live(solution, solution.model.generators.bus), injected, 0.0)


def _generator_mvar(solution: Solution) -> FloatArray:
    """Reactive power of every generator: those that hold a voltage bring what their node needs, in equal shares.

    A machine beside an infeed does not hold: the infeed does.
    """
    state, machines = solution.state, solution.model.generators
    node = solution.topology.node_of_bus[machines.bus]
    fed = solution.topology.node_of_bus[solution.model.infeeds.bus[state.infeed_on]]
    holding = machines.holds_voltage & state.generator_on & _live(solution, machines.bus) & ~np.isin(node, fed)
    scheduled = _generator(solution, state.generator_injected_mvar)
    if not holding.any():
        return scheduled
    needed = _needed_mvar(solution, np.where(holding, 0.0, scheduled))[node]
    sharing = np.bincount(node[holding], minlength=len(solution.topology.node_live))[node]
    return np.where(holding, needed / np.maximum(sharing, 1), scheduled)


def _needed_mvar(solution: Solution, scheduled_mvar: FloatArray) -> FloatArray:
    """(nodes,) reactive power that flows away from each node and is not scheduled there."""
    topology, model, state = solution.topology, solution.model, solution.state
    vm_squared = np.nan_to_num(solution.vm_pu[model.shunts.bus]) ** 2
    away = np.zeros(len(topology.node_live))
    np.add.at(away, topology.from_node, np.nan_to_num(solution.q_from_mvar))
    np.add.at(away, topology.to_node, np.nan_to_num(solution.q_to_mvar))
    np.add.at(away, topology.node_of_bus[model.shunts.bus], vm_squared * model.shunts.q_mvar * state.shunt_step)
    np.add.at(away, topology.node_of_bus[model.loads.bus], _load(solution, state.load_drawn_mvar))
    np.subtract.at(away, topology.node_of_bus[model.generators.bus], scheduled_mvar)
    return away


def _current_angle(solution: Solution, bus: IntArray, p_mw: FloatArray, q_mvar: FloatArray) -> FloatArray:
    """Angle of the current into a branch [degree, −180 … 180]: I = (S / V)*."""
    angle = solution.va_degree[bus] - np.degrees(np.arctan2(q_mvar, p_mw))
    return np.asarray((angle + 180.0) % 360.0 - 180.0)


_ANALOGUE: dict[Quantity, Callable[[Solution], FloatArray]] = {
    Quantity.V: lambda s: s.vm_pu,
    Quantity.V_ANGLE: lambda s: s.va_degree,
    Quantity.P_FROM: lambda s: s.p_from_mw,
    Quantity.Q_FROM: lambda s: s.q_from_mvar,
    Quantity.P_TO: lambda s: s.p_to_mw,
    Quantity.Q_TO: lambda s: s.q_to_mvar,
    Quantity.I_FROM: lambda s: s.i_from_ka,
    Quantity.I_TO: lambda s: s.i_to_ka,
    Quantity.I_ANGLE_FROM: lambda s: _current_angle(s, s.model.branches.from_bus, s.p_from_mw, s.q_from_mvar),
    Quantity.I_ANGLE_TO: lambda s: _current_angle(s, s.model.branches.to_bus, s.p_to_mw, s.q_to_mvar),
    Quantity.P_LOAD: lambda s: _load(s, s.state.load_drawn_mw),
    Quantity.Q_LOAD: lambda s: _load(s, s.state.load_drawn_mvar),
    Quantity.P_GENERATOR: lambda s: _generator(s, s.state.generator_injected_mw),
    Quantity.Q_GENERATOR: _generator_mvar,
    Quantity.P_INFEED: lambda s: s.infeed_p_mw,
    Quantity.Q_INFEED: lambda s: s.infeed_q_mvar,
    Quantity.P_AVAILABLE: lambda s: s.state.generator_p_mw,
}
