"""The rows of "why is it loaded?": shares, groups, checks, departures, effects of changes and relief.

Powers count in the direction the branch's flow has now: a positive share adds to the flow, a negative one opposes it.
"""

from pydantic import Field

from tools.result import Row


class ContributionRow(Row):
    element: str
    kind: str = Field(description="load or generator")
    technology: str = Field(description="wind, pv, storage, other or load")
    injection_mw: float = Field(description="active power injected [MW], negative = drawn")
    injection_mvar: float = Field(description="reactive power injected [Mvar]; 0 for a machine that holds its voltage")
    sensitivity_mw_per_mw: float = Field(description="change of the flow for 1 MW more injected, now, balanced by the infeeds (AC PTDF)")
    share_mw: float = Field(description="part of the flow that is due to this injection [MW], its reactive power included")
    share_percent: float | None = Field(description="the same in percent of the flow")
    reactive_share_mw: float = Field(description="of it through its reactive power [MW]")


class RestRow(Row):
    """The contributions that are not listed singly, in one row."""

    elements: int
    injection_mw: float
    share_mw: float
    share_percent: float | None


class GroupRow(Row):
    group: str = Field(description="wind, pv, generation, storage, load, transit (or no-load with one infeed) and remainder")
    elements: int
    injection_mw: float = Field(description="active power injected by the group [MW], negative = drawn")
    share_mw: float = Field(description="sum of its single shares [MW]")
    share_percent: float | None
    adding_mw: float = Field(description="sum of its shares that add to the flow [MW]")
    opposing_mw: float = Field(description="sum of its shares that oppose the flow [MW], negative")


class CheckRow(Row):
    """An injection or group really taken away: how linear is the grid?"""

    removed: str
    elements: int
    injection_mw: float
    predicted_mw: float = Field(description="change of the flow by present sensitivities × injections [MW]")
    resolved_mw: float | None = Field(description="change of the flow when solved without it [MW]; None where that has no solution")
    error_mw: float | None = Field(description="predicted less re-solved [MW]")
    share_mw: float = Field(description="its share of the flow, for comparison [MW]")
    reason: str | None = None


class DepartureRow(Row):
    """One difference between the present state and the grid's normal state, and what it does to the branch."""

    element: str
    words: str = Field(description="what is different from normal")
    effect_mw: float | None = Field(description="flow now less flow with this one undone [MW]; positive = it adds to the flow")
    effect_percent: float | None = Field(description="the same for the loading, in percentage points; None without a rating")
    flow_without_mw: float | None = None
    loading_without_percent: float | None = None
    reason: str | None = Field(default=None, description="why the effect is not known")


class ChangeRow(Row):
    """One what-if change; the effects of a list of changes, in order, add up to the whole difference."""

    change: str
    effect_mw: float | None = Field(description="flow after this change less flow before it [MW], in the final flow's direction")
    effect_percent: float | None = Field(description="the same for the loading, in percentage points; None without a rating")
    flow_after_mw: float | None = None
    loading_after_percent: float | None = None
    reason: str | None = None


class ReliefRow(Row):
    element: str
    kind: str
    technology: str
    step: str = Field(description="what relieves: 'inject less', 'inject more' or 'draw less'")
    relief_mw_per_mw: float = Field(description="by how much 1 MW of that step lowers the flow [MW]")
    relief_percent_per_mw: float | None = Field(description="the same for the loading [percentage points per MW]")
    available_mw: float | None = Field(
        description="how far it can go [MW]: to its range, to what the weather gives, or to no load; None where the range is a placeholder"
    )
    relief_mw: float | None = Field(description="both together, linear [MW]")
