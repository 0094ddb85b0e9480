"""What relays see of a solved grid: nearness to the zone-3 reach and to the overcurrent pickup, both in percent."""

import numpy as np

from grid_models.protection.branch_settings import BranchSettings
from grid_models.protection.curves import InvalidRelay
from grid_models.protection.loadability import REQUIRED_PU, apparent_ohm, bears_pu, meets_criterion_1, reached_pu
from grid_models.steady.solution import Solution
from grid_models.twin.model import FloatArray, GridModel
from guardrails.change import Change

UNKNOWN = "The relays of this grid are not known here."


def settings_of(change: Change) -> BranchSettings | None:
    """The relays of every branch; None where none are known. Raises InvalidRelay where some were given and could not be used."""
    known = change.around.protection
    if known is not None and known.errors:
        raise InvalidRelay(f"relay settings that were given cannot be used: {known.errors[0]}")
    return None if known is None else known.branches


def assumed(given: bool, value: float, limit: float) -> str:
    """Why a value beyond its limit only warns: what nobody gave is nobody's setting. Empty where it does not."""
    return "" if given or not value > limit else "; it only warns because nobody gave this setting"


def pickup_percent(loading_percent: FloatArray, relays: BranchSettings) -> FloatArray:
    """Loadings (..., branches) in percent of the pickup; NaN where nothing is loaded, rated or protected."""
    return loading_percent / np.where(np.isfinite(relays.pickup_pu), relays.pickup_pu, np.nan)


def zone3_percent(solution: Solution, relays: BranchSettings) -> FloatArray:
    """(branches,) how near the impedance seen at either end comes to zone 3: 100 on its circle. NaN where there is no such relay."""
    model = solution.model
    ends = (
        (model.branches.from_bus, solution.p_from_mw, solution.q_from_mvar),
        (model.branches.to_bus, solution.p_to_mw, solution.q_to_mvar),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        seen = [apparent_ohm(solution.vm_pu[bus] * model.buses.nominal_kv[bus], p_mw, q_mvar) for bus, p_mw, q_mvar in ends]
    return np.fmax(*(reached_pu(ohm, relays.zone3_reach_ohm, relays.zone3_torque_angle_degree) for ohm in seen)) * 100.0


def set_too_far(relays: BranchSettings, model: GridModel, branch: int) -> str:
    """Where the setting rather than the load is to blame, its size in words; empty where it is as PRC-023-6 asks."""
    branches = model.branches
    rating = float(np.fmin(branches.rating_from_ka[branch], branches.rating_to_ka[branch]))
    kv = float(model.buses.nominal_kv[branches.from_bus[branch]])
    reach, angle = float(relays.zone3_reach_ohm[branch]), float(relays.zone3_torque_angle_degree[branch])
    if meets_criterion_1(reach, angle, rating, kv):
        return ""
    bears = float(bears_pu(reach, angle, rating, kv))
    return f"; its reach bears {bears:.2f} times its rating, less than the {REQUIRED_PU:g} of PRC-023-6 R1 criterion 1"
