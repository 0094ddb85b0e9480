"""What `cascade` answers."""

from pydantic import Field

from tools.cascade_headline import sentence
from tools.result import Result, Row


class EventRow(Row):
    """One thing that happens by itself."""

    at_s: float = Field(description="after the first outages")
    element: str
    kind: str = Field(description="outage, trip, shed, machine trip, island lost or collapse")
    cause: str = Field(
        description="'initial outage', 'overcurrent SI', 'temperature', 'distance', 'undervoltage', 'hidden failure', 'balance', ..."
    )
    loading_percent: float | None = Field(default=None, description="of the rating, times rating_factor, when it tripped")
    lost_load_mw: float = Field(default=0.0, description="load lost by this event alone")
    lost_generation_mw: float = Field(default=0.0)
    step: int = Field(description="power flow after which it came; events of one step come from the same flows")


class IslandRow(Row):
    """One part of the grid at the end."""

    name: str = Field(description="a bus in it")
    buses: int
    supplied: bool
    load_mw: float
    generation_mw: float = Field(description="of its own machines")
    infeed_mw: float = Field(description="from the surrounding grid")
    shunts_mw: float = Field(default=0.0, description="drawn by shunts; load + losses + shunts = generation + infeed")
    held_by: str = Field(default="", description="an infeed, or the machine that holds frequency and voltage")


class PathRow(Row):
    """One step of the pathway: the loss of one element loaded the other until it tripped too."""

    lost: str
    loaded: str
    before_percent: float
    after_percent: float
    at_s: float


class StopRow(Row):
    """A single action that would have stopped it, simulated."""

    change: str
    element: str
    at_s: float = Field(description="when it is done")
    in_time: bool = Field(description="operators could do it by then; False: only an automatic or a preventive action could")
    lost_load_mw: float = Field(description="that would still be lost")
    trips: int = Field(description="that would still come after the action")


class RiskRow(Row):
    """Samples with hidden failures. risk = probability × consequence, summed over the samples."""

    samples: int
    probability_of_spreading_percent: float = Field(description="samples in which anything trips after the initial outages")
    mean_lost_load_mw: float
    worst_lost_load_mw: float
    quantile_95_lost_load_mw: float
    hidden_failure_probability: float
    probability_source: str
    outage_rate_per_year: float | None = Field(description="of the initial outages; None: no documented rate")
    expected_lost_mwh_per_year: float | None
    unverified: str


class CascadeResult(Result):
    outages: tuple[str, ...]
    ends: str = Field(description="quiet, blackout, horizon or too many steps: why the simulation ended")
    ends_at_s: float
    method: str
    steps: int = Field(description="power flows solved")
    dc_steps: int = Field(description="steps in which AC diverged and DC flows stood in")
    trips: int = Field(description="branches and machines that went by themselves")
    sheddings: int = Field(default=0, description="stages of under-frequency shedding, and loads disconnected by low voltage")
    lost_load_mw: float = Field(description="initial outages included")
    lost_load_percent: float
    lost_customers: int | None = Field(default=None, description="behind that load; None: the grid's data name none")
    lost_generation_mw: float = Field(description="out, tripped or dark, infeeds' power included; not what machines turned down to balance")
    lost_energy_mwh: float = Field(description="of load, to the horizon")
    load_mw: float = Field(description="supplied before")
    events: tuple[EventRow, ...]
    events_total: int
    islands: tuple[IslandRow, ...] = ()
    islands_total: int = 0
    pathway: tuple[PathRow, ...] = ()
    stops: tuple[StopRow, ...] = Field(default=(), description="best first; empty: none found, or nothing to stop")
    stops_tried: int = 0
    reaction_minutes: float
    horizon_minutes: float
    losses_mw: float | None = Field(default=None, description="of the supplied parts at the end; None in darkness and for DC")
    first_trip_s: float | None = Field(description="when the first relay acts; None: none does")
    tripping_before: tuple[str, ...] = Field(
        default=(), description="branches whose relays would trip without any outage too, for what they carried before"
    )
    risk: RiskRow | None = None
    assumed: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    ratings_usable: bool = Field(default=True, description="False: some branches have no usable rating, and their relays never act here")
    ratings_note: str = ""

    def headline(self) -> str:
        return sentence(self)
