"""From named constants, a cooling class or an asset record to the parameters of the IEC model, and how it is cooled."""

from dataclasses import dataclass, replace

from grid_models.assets.record import AssetRecord
from grid_models.assets.thermal import thermal_model
from grid_models.heating.ageing import Paper
from grid_models.heating.cooling_stages import natural_cooling
from grid_models.heating.iec_parameters import Cooling, IecParameters, Size, iec_parameters
from grid_models.heating.ieee_cooling import IeeeCooling, ieee_cooling
from tools.result import InvalidArguments
from tools.thermal_args import NameplateArgs

_NAMED = (
    "top_oil_rise_k",
    "oil_time_constant_min",
    "winding_time_constant_min",
    "loss_ratio",
    "oil_exponent",
    "winding_exponent",
    "k11",
    "k21",
    "k22",
)
_ALL = (*_NAMED, "hot_spot_gradient_k")
NOTHING_TO_LOSE = "that nothing changes without fans and pumps, since it has none"


@dataclass(frozen=True)
class Described:
    """cooling: how it is cooled in the calculation.  assumed: what nobody said, one phrase each."""

    parameters: IecParameters
    size: Size
    cooling: IeeeCooling
    assumed: tuple[str, ...]


def iec_of(given: NameplateArgs | None, record: AssetRecord | None, rated_mva: float | None, cooling_lost: bool) -> Described:
    """Raises InvalidArguments where neither constants, a class nor a transformer are given, InvalidThermalInput for an unknown class."""
    if given is not None and (given.cooling or _complete(given)):
        return _as_given(given, cooling_lost)
    if given is not None and (given.size or given.restricted_flow):
        raise InvalidArguments("A size or a restricted flow was given without a cooling class; with nameplate.cooling it would work.")
    if rated_mva is None:
        raise InvalidArguments(
            "Temperatures were asked for without a transformer of the grid and without a complete nameplate; a transformer's name, "
            "a cooling class, or the constants " + ", ".join(_ALL) + " would work."
        )
    return _of_record(given, record, rated_mva, cooling_lost)


def _of_record(given: NameplateArgs | None, record: AssetRecord | None, rated_mva: float, cooling_lost: bool) -> Described:
    """Of the record or, without one, of the class usual at its rating; named constants over it."""
    known = thermal_model(record, rated_mva)
    lost = known.without_cooling if cooling_lost else None
    natural = known.without_cooling is None or lost is not None or (record is not None and record.cooling_lost)
    cooling = IeeeCooling.ONAN if natural else ieee_cooling(record.cooling if record and record.cooling else Cooling.ONAF)
    base = lost or known.parameters
    told = (*known.assumed, *((NOTHING_TO_LOSE,) if cooling_lost and lost is None else ()))
    return Described(_over(base, given) if given else base, known.size, cooling, told)


def _as_given(given: NameplateArgs, cooling_lost: bool) -> Described:
    size = given.size or Size.MEDIUM
    if _complete(given):
        own = {name: getattr(given, name) for name in _NAMED}
        found = IecParameters(**own, hot_spot_gradient_k=_gradient_k(given) or 0.0, paper=_paper(given))
    else:
        of_class = iec_parameters(given.cooling or "", size, restricted_flow=given.restricted_flow, paper=_paper(given))
        found = _over(of_class, given)
    what = "limits" if _complete(given) else "limits and constants"
    told = () if given.size else (f"{what} of a medium power transformer",)
    cooling = _mode(given.cooling, size) if given.cooling else IeeeCooling.ONAF
    if not cooling_lost:
        return Described(found, size, cooling, told)
    if cooling is IeeeCooling.ONAN:
        return Described(found, size, cooling, (*told, NOTHING_TO_LOSE))
    return Described(natural_cooling(found, size), size, IeeeCooling.ONAN, told)


def _mode(cooling: str, size: Size) -> IeeeCooling:
    """Of a class that IEC gives for this size; else it raises InvalidThermalInput."""
    iec_parameters(cooling, size)
    forced = {"OF": IeeeCooling.OFAF, "OD": IeeeCooling.ODAF}
    return forced.get(cooling.strip().upper()[:2]) or ieee_cooling(cooling)


def _complete(given: NameplateArgs) -> bool:
    """Do named constants alone describe a transformer?"""
    return all(getattr(given, name) is not None for name in _NAMED) and _gradient_k(given) is not None


def _gradient_k(given: NameplateArgs) -> float | None:
    if given.hot_spot_gradient_k is not None and given.winding_gradient_k is not None:
        raise InvalidArguments("Both a winding gradient and its product with the hot-spot factor were given; one of them would work.")
    if given.hot_spot_gradient_k is not None:
        return given.hot_spot_gradient_k
    if (given.winding_gradient_k is None) != (given.hot_spot_factor is None):
        raise InvalidArguments(
            "Only one of winding gradient and hot-spot factor was given; both, or their product hot_spot_gradient_k, would work."
        )
    return None if given.winding_gradient_k is None or given.hot_spot_factor is None else given.winding_gradient_k * given.hot_spot_factor


def _over(base: IecParameters, given: NameplateArgs) -> IecParameters:
    """Named constants in place of the class's."""
    own: dict[str, float] = {name: getattr(given, name) for name in _NAMED if getattr(given, name) is not None}
    gradient = _gradient_k(given)
    if gradient is not None:
        own["hot_spot_gradient_k"] = gradient
    paper = _paper(given) if given.paper else base.paper
    return replace(base, **own, paper=paper, source=f"{base.source}; as given: {', '.join(own)}" if own else base.source)  # type: ignore[arg-type]  # mypy mixes the fields' types


def _paper(given: NameplateArgs) -> Paper:
    return Paper(given.paper) if given.paper else Paper.NON_UPGRADED
