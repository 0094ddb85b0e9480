"""What a power flow answers."""

from typing import Literal, Self

from pydantic import Field

from grid_models.steady.divergence import Divergence
from tools.result import Result, Row
from tools.rows import Deenergised, LoadingRow, ViolationRow, VoltageGroup, VoltageRow


class InfeedRow(Row):
    """An infeed in service; positive = into the grid."""

    element: str
    p_mw: float
    q_mvar: float | None = Field(description="None in a DC power flow")
    vm_pu: float | None = Field(description="voltage it holds; None in a DC power flow")


class StressedRow(Row):
    element: str
    vm_pu: float = Field(description="at the largest share that solves")


class DivergenceDetail(Row):
    """Why there is no solution. Shares are whole percentages that were really solved; None where none was found."""

    solvable_share_percent: int | None = Field(default=None, description="of load and generation together")
    solvable_load_percent: int | None = Field(default=None, description="of the load alone, generation as it is")
    solvable_generation_percent: int | None = Field(
        default=None, description="of the generation alone, load as it is; sought where less load does not help"
    )
    worst_mismatch_element: str | None = Field(default=None, description="bus whose injection goes furthest beyond that share")
    worst_mismatch_mva: float | None = None
    stressed_area: str | None = None
    stressed_buses: tuple[StressedRow, ...] = Field(default=(), description="where the voltage falls fastest at that share, or is lowest")
    remedy: str = Field(default="", description="what was found to restore a solution")

    @classmethod
    def of(cls, found: Divergence) -> Self:
        """The detail of an explanation."""
        return cls(
            solvable_share_percent=found.solvable_share_percent,
            solvable_load_percent=found.solvable_load_percent,
            solvable_generation_percent=found.solvable_generation_percent,
            worst_mismatch_element=found.worst_mismatch_element,
            worst_mismatch_mva=found.worst_mismatch_mva,
            stressed_area=found.stressed_area,
            stressed_buses=tuple(StressedRow(element=b.element, vm_pu=b.vm_pu) for b in found.stressed_buses),
            remedy=found.remedy,
        )


class PowerFlowResult(Result):
    converged: bool
    method: Literal["ac", "fast_decoupled", "dc"] = Field(default="ac", description="method that gave the numbers")
    losses_mw: float | None = Field(default=None, description="active power lost in branches [MW]; None in a DC power flow")
    slack_mw: float | None = Field(default=None, description="active power the infeeds bring in total [MW], positive = into the grid")
    infeeds: tuple[InfeedRow, ...] = Field(default=(), description="what each infeed brings")
    max_loading_percent: float | None = None
    max_loading_element: str | None = None
    vm_min_pu: float | None = None
    vm_min_element: str | None = None
    vm_max_pu: float | None = None
    vm_max_element: str | None = None
    load_mw: float | None = Field(default=None, description="supplied load [MW]")
    generation_mw: float | None = Field(default=None, description="injection of parks and machines [MW], infeeds not counted")
    ratings_usable: bool
    ratings_note: str
    violations: tuple[ViolationRow, ...] = Field(default=(), description="gravest first by severity_percent, at most 100")
    violations_total: int = 0
    voltage_groups: tuple[VoltageGroup, ...] = ()
    planning_groups: tuple[VoltageGroup, ...] = Field(
        default=(), description="buses outside the grid data's own planning band though inside the operating limits; no violation"
    )
    top_loadings: tuple[LoadingRow, ...] = ()
    branches: int = Field(default=0, description="branches of the grid")
    rated_branches: int = Field(default=0, description="branches with a usable permanent rating: only these have loadings")
    lowest_voltages: tuple[VoltageRow, ...] = ()
    highest_voltages: tuple[VoltageRow, ...] = ()
    deenergised: Deenergised = Deenergised(buses=(), load_mw=0.0, generation_mw=0.0)
    lost_by_changes: Deenergised = Deenergised(buses=(), load_mw=0.0, generation_mw=0.0)
    changes: tuple[str, ...] = Field(default=(), description="the changes in words")
    switches: tuple[str, ...] = Field(default=(), description="switches an opened or closed branch is expanded to")
    loaded_disconnectors: tuple[str, ...] = Field(
        default=(), description="disconnectors that the changes would move under load, which needs a circuit breaker; refused as an order"
    )
    max_loading_before_percent: float | None = Field(default=None, description="the same without the changes")
    notes: tuple[str, ...] = Field(default=(), description="what to know about the numbers: method, set-points that cannot hold")
    divergence: str | None = Field(default=None, description="why there is no solution, in words")
    divergence_detail: DivergenceDetail | None = None

    def headline(self) -> str:
        """The changes, what loses supply, the highest loading and the number of violations; or why there is no solution."""
        if not self.converged:
            return self.divergence or "The power flow has no solution."
        lost = self.lost_by_changes
        parts = [f"{', '.join(self.changes)}:"] if self.changes else []
        if lost.load_mw or lost.generation_mw:
            parts.append(f"{lost.load_mw:.1f} MW of load and {lost.generation_mw:.1f} MW of generation lose supply;")
        if self.max_loading_percent is not None:
            parts.append(f"highest loading {self.max_loading_percent:.1f} % on {self.max_loading_element};")
        else:
            parts.append("ratings unusable, no loadings;")
        parts.append(f"{self.violations_total} limit violations")
        return " ".join(parts) + "."
