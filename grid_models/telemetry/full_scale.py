"""How large can the value of a meter be: its full scale, which accuracy and plausible limits refer to."""

from dataclasses import dataclass

import numpy as np

from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.twin.model import FloatArray, GridModel
from grid_models.twin.state import GridState

_LEAST_MVA = 1.0  # engineering judgement: no high-voltage meter has a smaller full scale
_LEAST_PRIMARY_KA = 0.1  # smallest usual current transformer; else an idle line would be known to milliamperes (engineering judgement)
_HEADROOM = 1.5  # engineering judgement: instrument transformers are chosen so that usual flows use two thirds of them


@dataclass(frozen=True, eq=False)
class FullScales:
    """Apparent power [MVA] of each branch end, load, generator and infeed; never zero."""

    from_mva: FloatArray
    to_mva: FloatArray
    load_mva: FloatArray
    generator_mva: FloatArray
    infeed_mva: FloatArray


def full_scales(model: GridModel) -> FullScales:
    """From ratings where the source has them, else from what flows at the source's own start."""
    start, branches, kv = GridState.at_start(model), model.branches, model.buses.nominal_kv
    flow_from, flow_to, infeed = _start_flows(start)
    ends = np.maximum(flow_from, flow_to)  # both ends of one branch have the same current transformer's ratio
    return FullScales(
        from_mva=_end(branches.rating_from_ka, kv[branches.from_bus], ends),
        to_mva=_end(branches.rating_to_ka, kv[branches.to_bus], ends),
        load_mva=_above(np.hypot(start.load_p_mw, start.load_q_mvar)),
        generator_mva=_above(np.fmax(_finite(model.generators.p_max_mw), np.hypot(start.generator_p_mw, start.generator_q_mvar))),
        infeed_mva=_above(infeed),
    )


def _start_flows(start: GridState) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Apparent power at both ends and of the infeeds [MVA]; the base power where the start has no power flow."""
    model = start.model
    try:
        solved = solve(start)
    except PowerFlowDiverged:
        usual = np.full(len(model.branches), model.base_mva)
        return usual, usual, np.full(len(model.infeeds), model.base_mva)
    flow_from, flow_to = np.hypot(solved.p_from_mw, solved.q_from_mvar), np.hypot(solved.p_to_mw, solved.q_to_mvar)
    return _finite(flow_from), _finite(flow_to), np.hypot(solved.infeed_p_mw, solved.infeed_q_mvar)


def _end(rating_ka: FloatArray, kv: FloatArray, flow_mva: FloatArray) -> FloatArray:
    """Of a branch end: its rating, else a step above its usual flow; never below the smallest current transformer's."""
    rated_mva, least_mva = rating_ka * np.sqrt(3.0) * kv, _LEAST_PRIMARY_KA * np.sqrt(3.0) * kv
    usual_mva = np.where(np.isfinite(rated_mva) & (rated_mva > 0), rated_mva, _above(flow_mva))
    return np.asarray(np.maximum(usual_mva, least_mva))


def _above(usual_mva: FloatArray) -> FloatArray:
    """The next preferred number (R10 series of ISO 3) above the usual value and its headroom."""
    wanted = np.maximum(usual_mva * _HEADROOM, _LEAST_MVA)
    return np.asarray(10.0 ** (np.ceil(np.log10(wanted) * 10.0 - 1e-6) / 10.0))


def _finite(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), np.abs(values), 0.0)
