"""What a study is given: values and pure functions. A study never sees a person, a database or the plant."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from grid_models.assets.book import AssetBook
from grid_models.limits import OperatingLimits
from grid_models.live.view import TwinView
from grid_models.protection.settings import ProtectionSettings
from grid_models.twin.profiles import Grid
from grid_models.twin.state import GridState
from grid_models.weather.ambient import AmbientSource
from knowledge.found import Searchable

ProgressCallback = Callable[[int, int], None]


def _no_progress(done: int, total: int) -> None:
    """Nobody is watching."""


def never() -> bool:
    """Nobody stops it."""
    return False


@dataclass(frozen=True)
class StudyContext:
    """`source` says whether the state is the owner's latest accepted one or the standing start; `twin` is what is known besides, if live.

    A long study calls `progress(done, total)` and asks `cancelled()` between its blocks; cancelled, it raises StudyCancelled.
    """

    state: GridState
    limits: OperatingLimits
    source: Literal["live", "standing"] = "standing"
    progress: ProgressCallback = _no_progress
    cancelled: Callable[[], bool] = never
    seed: int = field(default=0)
    twin: TwinView | None = None
    now: datetime | None = None  # wall UTC, for ages
    protection: ProtectionSettings | None = None  # the grid's relays; the documented defaults where None
    assets: AssetBook | None = None  # what is known of the transformers
    weather: AmbientSource | None = None
    grid: Grid | None = None  # with the profiles that its injections follow; only forecasts and history read them, before plant time
    knowledge: Searchable | None = None  # grid codes, procedures and the documents that users added
