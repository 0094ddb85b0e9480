"""Why does this state have no power flow: how far would it go, where does it give way, and what would restore it?"""

from dataclasses import dataclass

import numpy as np

from grid_models.steady.boundary import MAX_ITERATIONS
from grid_models.steady.remedies import supply_restored, undoing
from grid_models.steady.solvable_share import Share, at_share, largest_share
from grid_models.steady.weak_points import area_of, stressed_buses, worst_mismatch
from grid_models.twin.state import GridState
from grid_models.twin.topology import topology_of


@dataclass(frozen=True)
class StressedBus:
    """A bus where the voltage falls fastest (or is lowest) at the largest share that solves."""

    element: str
    vm_pu: float


@dataclass(frozen=True)
class Divergence:
    """What is known of a state without a power flow. Shares are whole percentages that were solved; None where none does.

    solvable_share_percent: load and generation together.  solvable_load_percent, solvable_generation_percent: that one alone.
    worst_mismatch_element: the bus whose present injection goes furthest beyond that of the largest solvable share.
    stressed_area: area, or substation where the source names no areas, of the most stressed bus.
    remedy: one sentence with what was found to restore a solution.
    """

    cause: str
    no_supply: bool = False
    solvable_share_percent: int | None = None
    solvable_load_percent: int | None = None
    solvable_generation_percent: int | None = None
    worst_mismatch_element: str | None = None
    worst_mismatch_mva: float | None = None
    stressed_area: str | None = None
    stressed_buses: tuple[StressedBus, ...] = ()
    remedy: str = ""

    @property
    def sentence(self) -> str:
        """All of it in words for people."""
        return " ".join(part for part in (self.cause, self._how_far(), self._where(), self.remedy) if part)

    def _how_far(self) -> str:
        if self.no_supply:
            return ""
        shares = {
            "load and generation": self.solvable_share_percent,
            "load": self.solvable_load_percent,
            "generation": self.solvable_generation_percent,
        }
        what, percent = next(((w, p) for w, p in shares.items() if p is not None), ("", None))
        if percent is None:
            return "Less load or generation does not make it solve."
        return (
            f"It solves at {percent} % of the present {what}." if percent else f"It solves only with less than 1 % of the present {what}."
        )

    def _where(self) -> str:
        if not self.stressed_buses:
            return ""
        first = self.stressed_buses[0]
        area = f" in {self.stressed_area}" if self.stressed_area else ""
        mismatch = ""
        if self.worst_mismatch_element is not None:
            mismatch = f", and the largest injection beyond that is {self.worst_mismatch_mva:.1f} MVA at {self.worst_mismatch_element}"
        return f"There the weakest point is {first.element}{area} at {first.vm_pu:.3f} pu{mismatch}."


def explain_divergence(state: GridState) -> Divergence:
    """Explain a state for which `solve` raised PowerFlowDiverged, by some twenty further power flows of scaled states.

    The shares come from bisection on whole percentages of the present injections; generation alone is tried only where less load
    does not help. Every share and remedy named was itself solved from the same start as `solve` uses.
    """
    name = state.model.name
    if not state.infeed_on.any():
        remedy = supply_restored(state)
        return Divergence(
            f"No infeed of '{name}' is in service: total loss of supply.", no_supply=True, remedy=f"{remedy}." if remedy else ""
        )
    cause = f"The AC power flow of '{name}' did not converge in {MAX_ITERATIONS} Newton steps."
    both = largest_share(lambda share: at_share(state, share))
    load, generation = _one_alone(state)
    reference = both or load or generation
    element, mva = worst_mismatch(state, both.solution) if both else (None, None)
    stressed = stressed_buses(reference) if reference else np.zeros(0, dtype=np.int64)
    return Divergence(
        cause=cause,
        solvable_share_percent=both.percent if both else None,
        solvable_load_percent=load.percent if load else None,
        solvable_generation_percent=generation.percent if generation else None,
        worst_mismatch_element=element,
        worst_mismatch_mva=mva,
        stressed_area=area_of(state, stressed),
        stressed_buses=tuple(StressedBus(state.model.buses.name[i], float(reference.solution.vm_pu[i])) for i in stressed if reference),
        remedy=_remedy(undoing(state), both, load, generation),
    )


def _one_alone(state: GridState) -> tuple[Share | None, Share | None]:
    """The largest share of the load with all generation; only where there is none, that of the generation with all load."""
    supplied = topology_of(state).bus_live
    drawn = float(state.load_drawn_mw[supplied[state.model.loads.bus]].sum())
    injected = float(state.generator_injected_mw[supplied[state.model.generators.bus]].sum())
    load = largest_share(lambda share: at_share(state, share, generation=False), int(100 * injected / drawn) if drawn > 0 else 0)
    if load:
        return load, None
    return None, largest_share(lambda share: at_share(state, share, loads=False), int(100 * drawn / injected) if injected > 0 else 0)


def _remedy(undone: str, both: Share | None, load: Share | None, generation: Share | None) -> str:
    """What restores a solution; the smallest scaling that does where nothing can be undone."""
    parts = [undone] if undone else []
    if load and load.percent:
        parts.append(f"Reducing the load alone by {100 - load.percent} % would restore it")
    elif generation and generation.percent:
        parts.append(f"Reducing the generation alone by {100 - generation.percent} % would restore it")
    elif both and both.percent:
        parts.append(f"Reducing load and generation together by {100 - both.percent} % would restore it; one alone was not found to")
    if not parts:
        return "Normal set-points and switching were not found to restore it either; the grid's data need a check."
    return "; ".join([parts[0], *(f"so would {p[0].lower()}{p[1:]}".replace(" would restore it", "") for p in parts[1:])]) + "."
