"""The whole list before and after, in the few numbers a person looks at first."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grid_models.contingency.screening import Screening
from grid_models.limits import OperatingLimits, violations
from grid_models.steady.solution import Solution
from grid_models.steady.supply import lost_supply
from grid_models.twin.model import FloatArray
from guardrails.change import Change, Situation
from guardrails.verdict import Effect


@dataclass(frozen=True)
class _Numbers:
    """One side of an Effect."""

    loading: float | None = None
    loaded: str | None = None
    vm_min: float | None = None
    vm_max: float | None = None
    losses: float | None = None
    violations: int = 0
    outage: str | None = None
    outage_loading: float | None = None
    at_risk: str | None = None
    lost_load: float | None = None
    lost_generation: float | None = None


def effect_of(change: Change, limits: OperatingLimits) -> Effect:
    """The grid without the list and after its last step. Numbers are None where there is no solution or ratings are unusable."""
    one, other = _numbers(change.before, limits), _numbers(change.after, limits)
    lost = lost_supply(change.before.state, change.after.state)
    return Effect(
        max_loading_percent=(one.loading, other.loading),
        max_loading_element=(one.loaded, other.loaded),
        vm_min_pu=(one.vm_min, other.vm_min),
        vm_max_pu=(one.vm_max, other.vm_max),
        losses_mw=(one.losses, other.losses),
        lost_load_mw=round(lost.load_mw, 6),
        lost_generation_mw=round(lost.generation_mw, 6),
        violations=(one.violations, other.violations),
        worst_outage=(one.outage, other.outage),
        worst_outage_loading_percent=(one.outage_loading, other.outage_loading),
        outage_at_risk=(one.at_risk, other.at_risk),
        outage_lost_load_mw=(one.lost_load, other.lost_load),
        outage_lost_generation_mw=(one.lost_generation, other.lost_generation),
    )


def _numbers(situation: Situation, limits: OperatingLimits) -> _Numbers:
    solution, screening = situation.solution, situation.screening
    if solution is None or screening is None:
        return _Numbers()
    branch = _highest(solution.loading_percent) if solution.model.ratings_usable else None
    outage, outage_loading = _worst_outage(solution, screening)
    voltages = solution.vm_pu[~solution.model.buses.is_star]
    return _Numbers(
        loading=None if branch is None else _rounded(solution.loading_percent[branch]),
        loaded=None if branch is None else solution.model.branches.name[branch],
        vm_min=_rounded(np.nanmin(voltages)),
        vm_max=_rounded(np.nanmax(voltages)),
        losses=_rounded(solution.losses_mw),
        violations=len(violations(solution, limits)),
        outage=outage,
        outage_loading=outage_loading,
        **_at_risk(screening),
    )


def _at_risk(screening: Screening) -> dict[str, Any]:
    """What the worst single outages would take off supply; the outage by name where it takes any load."""
    load, generation = screening.lost_load_mw, screening.lost_generation_mw
    if not np.isfinite(load).any():
        return {}
    worst = int(np.nanargmax(load))
    named = screening.outages[worst].name if load[worst] > 0.0 else None
    return {"at_risk": named, "lost_load": _rounded(load[worst]), "lost_generation": _rounded(np.nanmax(generation))}


def _worst_outage(solution: Solution, screening: Screening) -> tuple[str | None, float | None]:
    """The outage that loads a branch most, and that loading."""
    highest = _highest(screening.loading_percent) if solution.model.ratings_usable else None
    if highest is None:
        return None, None
    row = highest // screening.loading_percent.shape[1]
    return screening.outages[row].name, _rounded(screening.loading_percent.flat[highest])


def _highest(values: FloatArray) -> int | None:
    """Flat index of the highest value; None where there is none."""
    return int(np.nanargmax(values)) if np.isfinite(values).any() else None


def _rounded(value: float) -> float:
    return round(float(value), 6)
