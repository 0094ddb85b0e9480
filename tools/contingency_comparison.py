"""What do the changes make better or worse after the same outages?"""

from typing import Literal

from pydantic import Field

from tools.result import Row

Change = Literal["new", "resolved", "worsened", "improved"]


class LoadingChange(Row):
    """A branch after an outage, without (before) and with (after) the changes; None where the branch is out or the case has no solution."""

    outage: tuple[str, ...]
    element: str
    before_percent: float | None
    after_percent: float | None


class LostLoadChange(Row):
    outage: tuple[str, ...]
    change: Change
    before_mw: float
    after_mw: float


class VoltageChange(Row):
    """Voltages that the outage pushes out of their band: how many, and how far the worst one."""

    outage: tuple[str, ...]
    change: Change
    before_violations: int
    after_violations: int
    before_excess_pu: float
    after_excess_pu: float


class Comparison(Row):
    """The same outages without (before) and with (after) the changes.

    A difference counts beyond 1.0 percentage point, 0.1 MW or 0.002 pu (engineering judgement). Tables hold at most `top` rows, the
    largest difference first; the totals are complete.
    """

    cases: int = Field(description="outages that exist and have a solution on both sides: those compared")
    total_before: int = Field(description="outages with a finding without the changes; `total` of the result is with them")
    secure_before: bool | None = Field(default=None, description="`secure` without the changes")
    outside_before: int | None = Field(
        default=None, description="buses outside their band without changes or outage: charged to no outage; null in DC"
    )
    outside_after: int | None = Field(default=None, description="the same with the changes")
    new: tuple[LoadingChange, ...] = Field(default=(), description="overloads that the changes cause")
    new_total: int = 0
    resolved: tuple[LoadingChange, ...] = Field(default=(), description="overloads that the changes remove")
    resolved_total: int = 0
    worsened: tuple[LoadingChange, ...] = Field(default=(), description="overloads on both sides, heavier with the changes")
    worsened_total: int = 0
    improved: tuple[LoadingChange, ...] = Field(default=(), description="overloads on both sides, lighter with the changes")
    improved_total: int = 0
    lost_load: tuple[LostLoadChange, ...] = Field(default=(), description="outages that lose more or less load than without the changes")
    lost_load_total: int = 0
    voltages: tuple[VoltageChange, ...] = Field(default=(), description="outages whose voltages leave their band more or less than before")
    voltages_total: int = 0
    only_before: tuple[tuple[str, ...], ...] = Field(default=(), description="outages that the changes make impossible (out of service)")
    only_before_total: int = 0
    only_after: tuple[tuple[str, ...], ...] = Field(default=(), description="outages possible only with the changes")
    only_after_total: int = 0
    newly_failed: tuple[tuple[str, ...], ...] = Field(default=(), description="outages without a solution only with the changes")
    newly_failed_total: int = 0
    newly_solved: tuple[tuple[str, ...], ...] = Field(default=(), description="outages without a solution only before the changes")
    newly_solved_total: int = 0
