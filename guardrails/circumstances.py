"""What a check may know besides the grid: relays, assets, weather, tags on equipment, and what was ordered lately."""

from dataclasses import dataclass
from enum import StrEnum

from grid_models.assets.book import AssetBook
from grid_models.protection.settings import ProtectionSettings
from grid_models.twin.profiles import Grid
from grid_models.weather.ambient import AmbientSource


class TagKind(StrEnum):
    """Why nobody may energise or operate an element."""

    EARTHED = "earthed"
    TAGGED = "tagged"
    LOCKED_OUT = "locked out"


@dataclass(frozen=True)
class Tag:
    """On one element, by its display name.  by: who set it; note: why, in their words."""

    element: str
    kind: TagKind
    by: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class Circumstances:
    """None: not known here, and a check that needs it says so.

    grid: with its profiles.  tags: that stand now.  protected: elements that no order may touch.  actions_last_hour: executed, or
    waiting to be, in the hour before; None where no ledger was asked.
    """

    grid: Grid | None = None
    protection: ProtectionSettings | None = None
    assets: AssetBook | None = None
    weather: AmbientSource | None = None
    tags: tuple[Tag, ...] = ()
    protected: frozenset[str] = frozenset()
    actions_last_hour: int | None = None
