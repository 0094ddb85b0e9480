"""What `cascade` can be asked."""

from typing import Literal

from pydantic import Field

from grid_models.actions import Action
from tools.result import Args


class CascadeArgs(Args):
    outages: tuple[str, ...] = Field(min_length=1, max_length=20, description="branches, machines or buses that fail at once, at 0 s")
    changes: tuple[Action, ...] = Field(default=(), description="what-if changes of the grid first")
    horizon_minutes: float = Field(default=60.0, gt=0, le=1440, description="how long nobody acts")
    reaction_minutes: float = Field(
        default=15.0, ge=0, le=1440, description="when operators could act first; only what would have helped is told"
    )
    method: Literal["ac", "dc"] = Field(default="ac", description="ac with dc where it diverges, or dc alone")
    relay: Literal["instant", "inverse", "thermal"] = Field(
        default="inverse", description="instant: trips at the limit at once; inverse: overcurrent curves; thermal: by temperature alone"
    )
    rating_factor: float = Field(default=1.0, gt=0, le=10, description="scales every pickup and rating")
    samples: int = Field(default=1, ge=1, le=100_000, description="more than one: repeated with hidden failures of relays, for a risk")
    hidden_failure_probability: float | None = Field(
        default=None, ge=0, le=1, description="that an exposed relay trips too, in samples; the documented default where not given"
    )
    seed: int | None = Field(default=None, ge=0, description="the same seed gives the same samples")
    top: int = Field(default=20, ge=1, le=1000, description="how many events, islands and paths to list")
