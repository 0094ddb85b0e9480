"""The constants of a transformer with three windings in one tank, after IEC 60076-7:2018."""

from dataclasses import dataclass, fields
from enum import StrEnum
from math import isfinite

from grid_models.heating.ageing import Paper
from grid_models.heating.iec_parameters import IecParameters
from grid_models.heating.series import InvalidThermalInput


class Side(StrEnum):
    """The windings, in the order of every array here."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Winding:
    """load_loss_ratio: its own load loss at its own rating over the no-load loss of the tank.  Raises InvalidThermalInput."""

    hot_spot_gradient_k: float
    time_constant_min: float
    load_loss_ratio: float

    def __post_init__(self) -> None:
        _above_zero(self, tuple(field.name for field in fields(self)))


@dataclass(frozen=True)
class ThreeWindingParameters:
    """Symbols as in IecParameters. The top-oil rise is the one with all three windings at their own ratings.

    windings: high, medium, low voltage.  Raises InvalidThermalInput.
    """

    top_oil_rise_k: float
    oil_time_constant_min: float
    oil_exponent: float
    winding_exponent: float
    k11: float
    k21: float
    k22: float
    windings: tuple[Winding, Winding, Winding]
    paper: Paper = Paper.NON_UPGRADED
    indoor_rise_k: float = 0.0
    source: str = "given"
    unverified: str = ""

    def __post_init__(self) -> None:
        _above_zero(self, ("top_oil_rise_k", "oil_time_constant_min", "oil_exponent", "winding_exponent", "k11", "k21", "k22"))


def equal_windings(params: IecParameters) -> ThreeWindingParameters:
    """Three equal windings with the constants of a cooling class, which share its load loss equally.

    Raises InvalidThermalInput where its rises hold at another load than the rating: a lost cooling stage is not modelled here.
    """
    if params.rated_share != 1.0:
        raise InvalidThermalInput(
            f"Constants of {params.rated_share:g} of the rating were given; for three windings those of the whole rating would work."
        )
    each = Winding(params.hot_spot_gradient_k, params.winding_time_constant_min, params.loss_ratio / 3.0)
    return ThreeWindingParameters(
        top_oil_rise_k=params.top_oil_rise_k,
        oil_time_constant_min=params.oil_time_constant_min,
        oil_exponent=params.oil_exponent,
        winding_exponent=params.winding_exponent,
        k11=params.k11,
        k21=params.k21,
        k22=params.k22,
        windings=(each, each, each),
        paper=params.paper,
        indoor_rise_k=params.indoor_rise_k,
        source=params.source,
        unverified=params.unverified,
    )


def _above_zero(params: Winding | ThreeWindingParameters, names: tuple[str, ...]) -> None:
    for name in names:
        value = getattr(params, name)
        if not (isfinite(value) and value > 0):
            raise InvalidThermalInput(f"{name} = {value} was given; a number above 0 would work.")
