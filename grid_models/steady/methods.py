"""Which solver answers? Newton (ac), fast-decoupled or DC, and what to know about the numbers it gives."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import MAX_DECOUPLED_ITERATIONS, solve
from grid_models.steady.solution import Solution
from grid_models.twin.state import GridState

DC_NOTE = (
    "A DC power flow knows no voltages, reactive power or losses: voltages are not judged, and loadings are those of the active power "
    "at nominal voltage."
)


class Method(StrEnum):
    AC = "ac"
    FAST_DECOUPLED = "fast_decoupled"
    DC = "dc"


@dataclass(frozen=True, eq=False)
class Flow:
    """A solution, the method that really gave it, and a sentence about that (empty for Newton)."""

    solution: Solution
    method: Method
    note: str = ""


@lru_cache(maxsize=4)  # a state is compared by identity: one turn compares several changes with the same present state
def flow_by(state: GridState, method: Method) -> Flow:
    """The power flow by a method. Where fast-decoupled fails and Newton does not, Newton's. Raises PowerFlowDiverged."""
    if method is Method.DC:
        from grid_models.steady.dc import solve_dc  # its compiled kernels load slowly: only when asked for

        return Flow(solve_dc(state), method, DC_NOTE)
    if method is Method.AC:
        return Flow(solve(state), method)
    try:
        return Flow(solve(state, fast_decoupled=True), method)
    except PowerFlowDiverged:
        newton = solve(state)
    failed = (
        f"The fast-decoupled method did not converge in {MAX_DECOUPLED_ITERATIONS} steps; the numbers are those of Newton's method (ac)."
    )
    return Flow(newton, Method.AC, failed)
