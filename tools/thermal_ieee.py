"""The parameters of the two IEEE C57.91 models."""

from dataclasses import fields, replace

from grid_models.heating.ageing import Paper
from grid_models.heating.annex_g_parameters import AnnexGParameters, Conductor, kilograms, litres
from grid_models.heating.clause_7_parameters import Clause7Parameters, clause_7_parameters
from grid_models.heating.ieee_cooling import IeeeCooling
from tools.result import InvalidArguments
from tools.thermal_args import AnnexGArgs, NameplateArgs
from tools.thermal_nameplate import Described


def clause_7_of(described: Described, given: NameplateArgs | None) -> Clause7Parameters:
    """The same rises and time constants with the exponents of IEEE C57.91 clause 7, or with named ones. Raises InvalidArguments."""
    found = described.parameters
    base = clause_7_parameters(
        described.cooling,
        top_oil_rise_k=found.top_oil_rise_k,
        hot_spot_gradient_k=found.hot_spot_gradient_k,
        oil_time_constant_min=found.oil_time_constant_min,
        winding_time_constant_min=found.winding_time_constant_min,
        loss_ratio=found.loss_ratio,
        paper=found.paper,
    )
    if given is None:
        return base
    if given.winding_exponent is not None and given.winding_exponent_m is None:
        raise InvalidArguments(
            f"winding_exponent = {given.winding_exponent:g} is y of IEC (K^y); clause 7 goes by K^2m and needs winding_exponent_m."
        )
    return replace(
        base,
        oil_exponent=base.oil_exponent if given.oil_exponent is None else given.oil_exponent,
        winding_exponent=base.winding_exponent if given.winding_exponent_m is None else given.winding_exponent_m,
    )


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
