"""What is said of a disturbance: how it may spread, or which power is lost and of which system. None: not said."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Relay = Literal["instant", "inverse", "thermal"]


class _Said(BaseModel):
    """A frozen value that travels in messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spread(_Said):
    """How a cascade is simulated; the outages themselves are the frame's elements."""

    horizon_minutes: float | None = None
    reaction_minutes: float | None = None
    relay: Relay | None = None
    rating_factor: float | None = None
    samples: int | None = None
    hidden_failure_probability: float | None = None
    seed: int | None = None


class LaterLoss(_Said):
    at_s: float
    mw: float


class Reserve(_Said):
    """Power that governors add, or fast converters."""

    mw: float | None = None
    delay_s: float | None = None


class PowerLoss(_Said):
    """Which power is lost, and of which system; a lost element is the frame's. `largest`: a kind whose largest one is lost."""

    loss_mw: float | None = None
    losses: tuple[LaterLoss, ...] = ()
    lost_load_mw: float | None = None
    largest: str | None = None
    inertia_gws: float | None = None
    synthetic_gws: float | None = None
    grid_forming_gws: float | None = None
    frequency_hz: float | None = None
    load_mw: float | None = None
    damping_percent_per_hz: float | None = None
    droop: float | None = None
    reheat_fraction: float | None = None
    reheat_s: float | None = None
    gain: float | None = None
    reserve: Reserve = Reserve()
    fast: Reserve = Reserve()
    shedding: Literal["none"] | None = None
    area: str | None = None
    limit_hz: float | None = None
    rocof_limit_hz_per_s: float | None = None
    horizon_s: float | None = None

    @property
    def is_named(self) -> bool:
        """Is anything lost, an element aside?"""
        return self.loss_mw is not None or self.lost_load_mw is not None or self.largest is not None or bool(self.losses)
