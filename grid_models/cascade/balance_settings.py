"""What reserves and shedding by frequency may do in an island, from the data file, with its doubt."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FILE = Path(__file__).parents[1] / "data" / "island_balance.yaml"


class BalanceSettings(BaseModel):
    """reserve_share: of a machine's maximum that it may add at once.  stage_share: of an island's load shed at each stage.

    most_shed_share: what all stages together may shed; an island that lacks more collapses.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    reserve_share: float = Field(ge=0, le=1)
    stage_share: float = Field(gt=0, le=1)
    most_shed_share: float = Field(ge=0, le=1)
    source: str
    unverified: str

    @property
    def words(self) -> str:
        """For the assumptions of an answer."""
        return (
            f"islands: machines may add {100 * self.reserve_share:g} % of their maximum, "
            f"load goes in stages of {100 * self.stage_share:g} %, "
            f"at most {100 * self.most_shed_share:g} % ({self.source.strip()}; unverified: {self.unverified})"
        )


@cache
def balance_settings() -> BalanceSettings:
    """The documented defaults."""
    return BalanceSettings.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
