"""What does a contingency analysis answer? Tables are bounded by `top`; every table has its total."""

from typing import Literal

from pydantic import Field

from tools.contingency_comparison import Comparison
from tools.contingency_headline import headline
from tools.result import Result, Row


class Overload(Row):
    element: str
    loading_percent: float = Field(description="larger end's current over the rating of the tier")
    rating_tier: Literal["permanent"] = "permanent"


class OutageRow(Row):
    """One outage. Loadings are those of the rated branches; None where there is none, and voltages None where nothing is left in supply."""

    outage: tuple[str, ...] = Field(description="the elements that fail together")
    kind: str = Field(description="line, transformer, three-winding transformer, infeed, generator, busbar, double circuit or group")
    max_loading_percent: float | None
    max_loading_element: str | None
    overloaded: tuple[Overload, ...] = Field(description="branches above their permanent rating, heaviest first, at most 20")
    overloads: int = Field(description="branches above their permanent rating, all of them")
    vm_min_pu: float | None
    vm_max_pu: float | None
    voltage_violations: int = Field(description="buses outside their band that were inside it before the outage")
    voltage_excess_pu: float = Field(description="how far the worst of these is outside its band [pu]")
    lost_load_mw: float = Field(description="load that is cut off by the outage [MW]")
    lost_generation_mw: float = Field(description="generation that is cut off or stopped by the outage [MW]")
    islands: int = Field(description="parts of the grid the outage cuts off from every infeed")
    total_loss: bool = Field(description="total loss of supply: no infeed is left")
    severity: float = Field(
        description="rank: percentage points of the worst overload above its limit + 10 for each 0.01 pu of voltage outside the band "
        "+ percent of the load lost (engineering judgement); equal values: by loading, then in the order of the grid"
    )


class FailedCase(Row):
    outage: tuple[str, ...]
    reason: str


class ElementRow(Row):
    """A branch that overloads, over all outages."""

    element: str
    cases: int = Field(description="outages that overload it")
    worst_percent: float
    worst_outage: tuple[str, ...]


class ContingencyResult(Result):
    cases: int = Field(description="outages studied; level 2: pairs, of which `confirmed` were solved in AC")
    secure: bool | None = Field(
        description="true: no outage overloads a branch, leaves a voltage band that held before, or loses load, and every case was solved; "
        "null: unknown, nothing was found but not everything could be judged (`secure_note`)"
    )
    secure_note: str = Field(default="", description="why `secure` is unknown")
    level: Literal[1, 2] = 1
    method: Literal["ac", "dc"] = "ac"
    grouped: bool = Field(default=False, description="the caller's own groups were studied")
    cases_by_kind: dict[str, int] = Field(default={}, description="the studied outages by kind")
    out_of_service: tuple[str, ...] = Field(
        default=(), description="outages asked for whose elements are out of service already: they change nothing and are not counted"
    )
    failed: tuple[FailedCase, ...] = Field(default=(), description="outages without a power-flow solution, at most 1000")
    failed_total: int = 0
    worst: tuple[OutageRow, ...] = Field(default=(), description="gravest first, `top` of the solved outages")
    total: int = Field(default=0, description="outages with a finding (overload, voltage, lost load or total loss of supply)")
    overloading: int = Field(default=0, description="outages that overload a branch")
    losing_load: int = Field(default=0, description="outages that lose load")
    lost_load_mw: float = Field(default=0.0, description="load lost by the outage that loses most [MW]")
    total_losses: int = Field(default=0, description="outages that end all supply")
    violating_voltage: int = Field(default=0, description="outages after which a voltage is outside its band that was inside before")
    by_element: tuple[ElementRow, ...] = Field(
        default=(), description="branches that overload, those under most outages first, then the heaviest"
    )
    overloaded_elements: int = Field(default=0, description="branches that overload under any outage")
    limit_percent: float = Field(default=100.0, description="the loading limit that outages are judged by [percent of the rating]")
    loading_rule: str = Field(default="", description="rule the loading limit comes from")
    ratings_usable: bool = Field(default=True, description="every branch has a usable rating; the others' loadings are not judged")
    ratings_note: str = ""
    branches: int = Field(default=0, description="branches of the grid")
    unrated: int = Field(default=0, description="branches without a usable rating, whose loading is not judged")
    changes: tuple[str, ...] = ()
    comparison: Comparison | None = Field(default=None, description="with `changes`: against the same outages without them")
    comparison_note: str = Field(default="", description="why there is no comparison with `changes`")
    pairs: int | None = Field(
        default=None, description="level 2: pairs there are (without `elements`: of lines and two-winding transformers)"
    )
    screened: int | None = Field(default=None, description="level 2: pairs judged by the screening")
    islanding: int | None = Field(default=None, description="level 2: pairs that cut the grid apart")
    overloading_screened: int | None = Field(default=None, description="level 2: pairs that overload a branch by the screening")
    confirmed: int | None = Field(default=None, description="level 2: pairs solved in AC; `worst` and the counts are of these")
    left_out: int | None = Field(default=None, description="level 2: pairs within the margin of a finding that were not solved in AC")
    screening_method: str | None = Field(default=None, description="level 2: how the pairs were screened")

    def headline(self) -> str:
        return headline(self)
