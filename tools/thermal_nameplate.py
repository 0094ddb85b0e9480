"""From named constants, a cooling class or an asset record to the parameters of the thermal models."""

from dataclasses import fields, replace

from grid_models.assets.record import AssetRecord
from grid_models.assets.thermal import thermal_model
from grid_models.heating.ageing import Paper
from grid_models.heating.annex_g_parameters import AnnexGParameters, Conductor, kilograms, litres
from grid_models.heating.clause_7_parameters import Clause7Parameters, clause_7_parameters
from grid_models.heating.cooling_stages import natural_cooling
from grid_models.heating.iec_parameters import Cooling, IecParameters, Size, iec_parameters
from grid_models.heating.ieee_cooling import IeeeCooling
from tools.result import InvalidArguments
from tools.thermal_args import AnnexGArgs, NameplateArgs

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
_CLAUSE_7_COOLING = {Cooling.OF: "OFAF", Cooling.OD: "ODAF"}


def iec_of(
    given: NameplateArgs | None, record: AssetRecord | None, rated_mva: float | None, cooling_lost: bool
) -> tuple[IecParameters, Size, tuple[str, ...]]:
    """Parameters, size and what was assumed. Raises InvalidArguments where neither constants, a class nor a transformer are given."""
    if given is None or not (given.cooling or _complete(given)):
        if rated_mva is None:
            raise InvalidArguments(
                "Temperatures were asked for without a transformer of the grid and without a complete nameplate; a transformer's name, "
                "a cooling class, or the constants " + ", ".join(_ALL) + " would work."
            )
        known = thermal_model(record, rated_mva)
        base, size, assumed = known.parameters, known.size, known.assumed
        if cooling_lost and known.without_cooling is not None:
            base = known.without_cooling
        return (_over(base, given) if given else base), size, assumed
    size = Size(given.size) if given.size else Size.MEDIUM
    assumed = () if given.size else ("limits and constants of a medium power transformer",)
    base = iec_parameters(given.cooling or Cooling.ONAF, size, restricted_flow=given.restricted_flow, paper=_paper(given))
    found = _over(base, given)
    return (natural_cooling(found, size, rated_mva=100.0, onan_rating_mva=None) if cooling_lost else found), size, assumed


def clause_7_of(found: IecParameters, given: NameplateArgs | None) -> Clause7Parameters:
    """The same rises and time constants with the exponents of IEEE C57.91 clause 7."""
    cooling = Cooling(given.cooling.upper()) if given and given.cooling and given.cooling.upper() in Cooling.__members__ else Cooling.ONAF
    base = clause_7_parameters(
        _CLAUSE_7_COOLING.get(cooling, cooling.value),
        top_oil_rise_k=found.top_oil_rise_k,
        hot_spot_gradient_k=found.hot_spot_gradient_k,
        oil_time_constant_min=found.oil_time_constant_min,
        winding_time_constant_min=found.winding_time_constant_min,
        loss_ratio=found.loss_ratio,
        paper=found.paper,
    )
    own = {name: getattr(given, name) for name in ("oil_exponent", "winding_exponent") if given and getattr(given, name) is not None}
    return replace(base, **own)


def annex_g_of(given: NameplateArgs | None) -> AnnexGParameters:
    """Raises InvalidArguments without Annex G's own values: no class stands for them."""
    if given is None or given.annex_g is None:
        raise InvalidArguments(
            "The method ieee_annex_g needs nameplate.annex_g with losses, rises, masses and oil; the method iec would work without."
        )
    args = given.annex_g
    own = {f.name: getattr(args, f.name) for f in fields(AnnexGParameters) if hasattr(args, f.name)}
    own |= {
        "cooling": IeeeCooling(args.cooling),
        "conductor": Conductor(args.conductor),
        "loss_base_kva": args.loss_base_mva * 1000.0,
        "load_base_kva": args.load_base_mva * 1000.0,
        "core_and_coils_kg": _mass(args, "core_and_coils"),
        "tank_kg": _mass(args, "tank"),
        "oil_l": args.oil_l if args.oil_l is not None else litres(args.oil_gal or 0.0),
    }
    return AnnexGParameters(**own, paper=Paper(given.paper) if given.paper else Paper.UPGRADED)


def _mass(args: AnnexGArgs, name: str) -> float:
    metric = getattr(args, f"{name}_kg")
    return float(metric if metric is not None else kilograms(getattr(args, f"{name}_lb")))


def _complete(given: NameplateArgs) -> bool:
    """Do named constants alone describe a transformer?"""
    return all(getattr(given, name) is not None for name in _NAMED) and _gradient_k(given) is not None


def _gradient_k(given: NameplateArgs) -> float | None:
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
