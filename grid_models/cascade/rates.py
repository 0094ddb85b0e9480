"""How often do the initial outages happen? Documented rates for one line or transformer; nothing is claimed of several at once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from grid_models.contingency.outages import Outage
from grid_models.twin.model import GridModel
from grid_models.twin.registry import ElementKind

_FILE = Path(__file__).parents[1] / "data" / "outage_rates.yaml"


class _Rates(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    line_per_100_km_year: float
    transformer_per_year: float
    source: str
    unverified: str


@dataclass(frozen=True)
class OutageRate:
    """per_year: None where no rate is documented.  source, unverified: in words."""

    per_year: float | None
    source: str
    unverified: str


def outage_rate(model: GridModel, outage: Outage) -> OutageRate:
    """Of one line by its length, or of one transformer. Common causes of several outages are not in any rate here."""
    known = _rates()
    if len(outage.elements) != 1:
        return OutageRate(None, "no rate of outages that come together is documented", "")
    element = outage.elements[0]
    if element.kind is ElementKind.LINE and np.isfinite(model.branches.length_km[element.index]):
        per_year = known.line_per_100_km_year * float(model.branches.length_km[element.index]) / 100.0
        return OutageRate(per_year, known.source, known.unverified)
    if element.kind in (ElementKind.TRANSFORMER, ElementKind.THREE_WINDING):
        return OutageRate(known.transformer_per_year, known.source, known.unverified)
    return OutageRate(None, f"no rate is documented for this {element.kind}", "")


@cache
def _rates() -> _Rates:
    return _Rates.model_validate(yaml.safe_load(_FILE.read_text(encoding="utf-8")))
