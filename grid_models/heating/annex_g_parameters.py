"""Nameplate and heat-run values that IEEE C57.91 Annex G asks for."""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from grid_models.heating.ageing import Paper
from grid_models.heating.ieee_cooling import IeeeCooling, ieee_cooling
from grid_models.heating.series import InvalidThermalInput

KG_PER_LB, L_PER_US_GALLON = 0.45359237, 3.785411784  # exact by definition


class Conductor(StrEnum):
    """What the windings are made of."""

    COPPER = "copper"
    ALUMINIUM = "aluminium"


@dataclass(frozen=True)
class AnnexGParameters:
    """Losses as tested at their own load and temperature base; rises over rated_ambient_celsius at load_base_kva, which is 1 pu.

    Losses [W]: winding_loss_w is I²R, eddy_loss_w in the windings, stray_loss_w elsewhere, core_loss_w without load.
    rated_winding_rise_k: average winding rise on the nameplate, to which losses are corrected; tested_winding_rise_k: as measured.
    top_oil_rise_k, bottom_oil_rise_k: in tank and radiator.  winding_time_constant_min: of the winding against its oil.
    core_and_coils_kg: untanked mass; tank_kg: tank and fittings; oil_l: volume of mineral oil.  hot_spot_height_pu: where in the winding
    the hot-spot is, 1 at the top.  hot_spot_eddy_pu: eddy loss there, of its I²R loss.  source: where the numbers come from.
    Raises InvalidThermalInput; `kilograms` and `litres` convert pounds and US gallons.
    """

    cooling: IeeeCooling | str
    loss_base_kva: float
    loss_temperature_celsius: float
    winding_loss_w: float
    eddy_loss_w: float
    stray_loss_w: float
    core_loss_w: float
    load_base_kva: float
    rated_winding_rise_k: float
    tested_winding_rise_k: float
    hot_spot_rise_k: float
    top_oil_rise_k: float
    bottom_oil_rise_k: float
    rated_ambient_celsius: float
    winding_time_constant_min: float
    core_and_coils_kg: float
    tank_kg: float
    oil_l: float
    conductor: Conductor | str = Conductor.COPPER
    hot_spot_height_pu: float = 1.0
    hot_spot_eddy_pu: float = 0.0
    paper: Paper = Paper.UPGRADED
    source: str = "given"

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            _refuse_unless(getattr(self, name) > 0, name, getattr(self, name), "a number above 0")
        for name in _NOT_NEGATIVE:
            _refuse_unless(getattr(self, name) >= 0, name, getattr(self, name), "0 or more")
        if self.conductor not in tuple(Conductor):
            raise InvalidThermalInput(f"There is no conductor '{self.conductor}'; {' and '.join(Conductor)} work.")
        _refuse_unless(-60 <= self.rated_ambient_celsius <= 60, "rated_ambient_celsius", self.rated_ambient_celsius, "-60 to 60 °C")
        _refuse_unless(0 <= self.hot_spot_height_pu <= 1, "hot_spot_height_pu", self.hot_spot_height_pu, "0 to 1")
        self._refuse_unordered_rises()

    def _refuse_unordered_rises(self) -> None:
        """Heat flows from the hot-spot through the oil to the air, so rises that contradict it are not of one transformer."""
        duct = (self.duct_oil_rise_k + self.bottom_oil_rise_k) / 2.0
        adjacent = self.bottom_oil_rise_k + self.hot_spot_height_pu * (self.duct_oil_rise_k - self.bottom_oil_rise_k)
        for above, below, words in (
            (self.top_oil_rise_k, self.bottom_oil_rise_k, "top_oil_rise_k above bottom_oil_rise_k"),
            (self.tested_winding_rise_k, duct, "tested_winding_rise_k above the mean rise of the oil in its ducts"),
            (self.hot_spot_rise_k, adjacent, "hot_spot_rise_k above the rise of the oil next to the hot-spot"),
        ):
            if not above > below:
                raise InvalidThermalInput(f"Rises of {above:g} K and {below:g} K were given; {words} would work.")

    @property
    def duct_oil_rise_k(self) -> float:
        """Of the oil leaving the ducts: pumps without direction mix the tank, and the ducts' top is as warm as the winding's mean."""
        return self.tested_winding_rise_k if ieee_cooling(self.cooling) is IeeeCooling.OFAF else self.top_oil_rise_k


_POSITIVE = (
    "loss_base_kva",
    "loss_temperature_celsius",
    "winding_loss_w",
    "core_loss_w",
    "load_base_kva",
    "rated_winding_rise_k",
    "tested_winding_rise_k",
    "hot_spot_rise_k",
    "top_oil_rise_k",
    "bottom_oil_rise_k",
    "winding_time_constant_min",
    "core_and_coils_kg",
    "tank_kg",
    "oil_l",
)
_NOT_NEGATIVE = ("eddy_loss_w", "stray_loss_w", "hot_spot_eddy_pu")


def kilograms(pounds: float) -> float:
    """Mass for the fields in kg."""
    return pounds * KG_PER_LB


def litres(us_gallons: float) -> float:
    """Volume for the fields in litres."""
    return us_gallons * L_PER_US_GALLON


def _refuse_unless(fine: bool, name: str, value: float, words: str) -> None:
    if not (fine and isfinite(value)):
        raise InvalidThermalInput(f"{name} = {value} was given; {words} would work.")
