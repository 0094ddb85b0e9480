"""The constants of the IEC 60076-7 model, by cooling class and size, and where each set comes from."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite

from grid_models.heating.ageing import Paper
from grid_models.heating.series import InvalidThermalInput

_SOURCE = "IEC 60076-7 recommended values as cited by Daminov (DTR assessment, open code)"
_RESTRICTED_K21 = {"ONAN": 3.0, "ONAF": 3.0, "OF": 1.45}  # quoted from memory of the standard: unverified


class Cooling(StrEnum):
    """Oil natural or forced or directed, air natural or forced."""

    ONAN = "ONAN"
    ONAF = "ONAF"
    OF = "OF"
    OD = "OD"


class Size(StrEnum):
    """IEC 60076-7 names sizes by rated power: distribution up to 2.5 MVA, medium up to 100 MVA, large above (three-phase)."""

    DISTRIBUTION = "distribution"
    MEDIUM = "medium"
    LARGE = "large"


@dataclass(frozen=True)
class IecParameters:
    """Symbols of the standard in order: Δθor, H·gr, τo, τw, R, x, y, k11, k21, k22.

    rated_share: load (in pu of the nameplate rating) at which these rises hold; below 1 where fans or pumps are lost.
    indoor_rise_k: added to the ambient temperature by a housing.  source: where the numbers come from.  unverified: which of them nobody
    here has read in the standard, in words; empty where none.  Raises InvalidThermalInput.
    """

    top_oil_rise_k: float
    hot_spot_gradient_k: float
    oil_time_constant_min: float
    winding_time_constant_min: float
    loss_ratio: float
    oil_exponent: float
    winding_exponent: float
    k11: float
    k21: float
    k22: float
    paper: Paper = Paper.NON_UPGRADED
    rated_share: float = 1.0
    indoor_rise_k: float = 0.0
    source: str = "given"
    unverified: str = ""

    def __post_init__(self) -> None:
        for name in _POSITIVE:
            value = getattr(self, name)
            if not (isfinite(value) and value > 0):
                raise InvalidThermalInput(f"{name} = {value} was given; a number above 0 would work.")
        if not (isfinite(self.indoor_rise_k) and self.indoor_rise_k >= 0):
            raise InvalidThermalInput(f"indoor_rise_k = {self.indoor_rise_k} was given; 0 or more would work.")


_POSITIVE = (
    "top_oil_rise_k",
    "hot_spot_gradient_k",
    "oil_time_constant_min",
    "winding_time_constant_min",
    "loss_ratio",
    "oil_exponent",
    "winding_exponent",
    "k11",
    "k21",
    "k22",
    "rated_share",
)

_TABLE = {
    (Cooling.ONAN, True): (55.0, 23.0, 180.0, 4.0, 5.0, 0.8, 1.6, 1.0, 1.0, 2.0),
    (Cooling.ONAN, False): (52.0, 26.0, 210.0, 10.0, 6.0, 0.8, 1.3, 0.5, 2.0, 2.0),
    (Cooling.ONAF, False): (52.0, 26.0, 150.0, 7.0, 6.0, 0.8, 1.3, 0.5, 2.0, 2.0),
    (Cooling.OF, False): (56.0, 22.0, 90.0, 7.0, 6.0, 1.0, 1.3, 1.0, 1.3, 1.0),
    (Cooling.OD, False): (49.0, 29.0, 90.0, 7.0, 6.0, 1.0, 2.0, 1.0, 1.0, 1.0),
}  # keyed by cooling and whether a distribution transformer


def size_of(rated_mva: float) -> Size:
    """The size class of a three-phase transformer by its rated power."""
    return Size.DISTRIBUTION if rated_mva <= 2.5 else Size.MEDIUM if rated_mva <= 100.0 else Size.LARGE


def iec_parameters(
    cooling: Cooling | str, size: Size | str = Size.MEDIUM, *, restricted_flow: bool = False, paper: Paper = Paper.NON_UPGRADED
) -> IecParameters:
    """The recommended constants of a class. Raises InvalidThermalInput for a class that the standard does not give."""
    kind, of_size = _cooling(cooling), _size(size)
    row = _TABLE.get((kind, of_size is Size.DISTRIBUTION))
    if row is None or (restricted_flow and (kind is Cooling.OD or of_size is Size.DISTRIBUTION)):
        flow = " with restricted oil flow" if restricted_flow else ""
        raise InvalidThermalInput(
            f"There are no constants for a {of_size} transformer with {kind} cooling{flow}; distribution with ONAN, "
            "medium and large with ONAN, ONAF, OF or OD, and restricted flow for their ONAN, ONAF and OF would work."
        )
    found = IecParameters(*row, paper=paper, source=_SOURCE)
    if not restricted_flow:
        return found
    return replace(found, k21=_RESTRICTED_K21[kind], unverified=f"k21 = {_RESTRICTED_K21[kind]:g} of restricted oil flow")


def _cooling(name: Cooling | str) -> Cooling:
    """ONAN, ONAF, OF.. or OD..: OFAF and OFWF are OF, ODAF and ODWF are OD; older names without the N or F inside are not guessed."""
    text = name.strip().upper()
    known = {"OFAF": "OF", "OFWF": "OF", "OFAN": "OF", "ODAF": "OD", "ODWF": "OD", "ODAN": "OD"}
    try:
        return Cooling(known.get(text, text))
    except ValueError as error:
        raise InvalidThermalInput(f"There is no cooling class '{name}'; ONAN, ONAF, OF (OFAF, OFWF) and OD (ODAF, ODWF) work.") from error


def _size(name: Size | str) -> Size:
    try:
        return Size(name.strip().lower())
    except ValueError as error:
        raise InvalidThermalInput(f"There is no transformer size '{name}'; {', '.join(Size)} work.") from error
