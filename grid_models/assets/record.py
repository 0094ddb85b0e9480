"""What a utility knows of one transformer beyond the grid model: nameplate, heat-run test, condition."""

from dataclasses import dataclass

from grid_models.heating.ageing import Paper
from grid_models.heating.iec_parameters import Cooling, Size


@dataclass(frozen=True)
class AssetRecord:
    """One transformer. None: not known, which is an answer; nothing is filled in here.

    element: display name in the grid.  commissioned_year: when it went into service.  onan_rating_mva: what it carries without fans and
    pumps.  cooling_lost: they are out now.  top_oil_rise_k ... loss_ratio: heat-run test, over the class's constants where given.
    moisture_percent: water in the paper, by mass.  sealed: diaphragm or hermetic tank, so little oxygen.  polymerisation: measured DP, in
    polymerisation_year.  furan_ppm: 2-FAL dissolved in the oil.  load_growth_percent_per_year: of what it supplies.  synthetic: invented
    for demonstration.  source: who says so.
    """

    element: str
    rated_mva: float | None = None
    cooling: Cooling | None = None
    size: Size | None = None
    restricted_flow: bool = False
    paper: Paper | None = None
    commissioned_year: int | None = None
    onan_rating_mva: float | None = None
    cooling_lost: bool = False
    indoor_rise_k: float = 0.0
    top_oil_rise_k: float | None = None
    winding_gradient_k: float | None = None
    hot_spot_factor: float | None = None
    oil_time_constant_min: float | None = None
    winding_time_constant_min: float | None = None
    loss_ratio: float | None = None
    moisture_percent: float | None = None
    sealed: bool | None = None
    polymerisation: float | None = None
    polymerisation_year: int | None = None
    furan_ppm: float | None = None
    load_growth_percent_per_year: float | None = None
    synthetic: bool = False
    source: str = ""
