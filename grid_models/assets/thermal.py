"""Which constants describe this transformer: its class's, its heat-run test's, and what had to be assumed."""

from dataclasses import dataclass, replace

from grid_models.assets.record import AssetRecord
from grid_models.heating.ageing import Paper
from grid_models.heating.cooling_stages import natural_cooling
from grid_models.heating.iec_parameters import Cooling, IecParameters, Size, iec_parameters, size_of

_LARGEST_ONAN_MVA = 25.0  # larger ones usually have fans; engineering judgement


@dataclass(frozen=True)
class ThermalModel:
    """parameters: as it is cooled now.  without_cooling: without fans and pumps; None where it has none.

    The load is in pu of the `rated_mva` that `thermal_model` was given.  assumed: what no record said, one phrase each.
    """

    parameters: IecParameters
    without_cooling: IecParameters | None
    size: Size
    assumed: tuple[str, ...]


def thermal_model(record: AssetRecord | None, rated_mva: float) -> ThermalModel:
    """IEC 60076-7 constants of a transformer, of which perhaps nothing is known, for a load in pu of rated_mva.

    Raises InvalidThermalInput for a class that the standard does not give, or an ONAN rating above the rating.
    """
    known = record or AssetRecord("")
    nameplate_mva = known.rated_mva or rated_mva
    size = known.size or size_of(nameplate_mva)
    cooling = known.cooling or _usual_cooling(size, nameplate_mva)
    of_class = iec_parameters(cooling, size, restricted_flow=known.restricted_flow, paper=known.paper or Paper.NON_UPGRADED)
    at_base = replace(of_class, rated_share=nameplate_mva / rated_mva, indoor_rise_k=known.indoor_rise_k)
    forced = _with_heat_run(known, at_base)
    natural = None
    if cooling is not Cooling.ONAN:
        natural = natural_cooling(
            forced, size, rated_mva=nameplate_mva, onan_rating_mva=known.onan_rating_mva, restricted_flow=known.restricted_flow
        )
    lost = natural if known.cooling_lost else None
    return ThermalModel(lost or forced, natural, size, _assumed(known, cooling, nameplate_mva, rated_mva, natural))


def _usual_cooling(size: Size, rated_mva: float) -> Cooling:
    return Cooling.ONAN if size is Size.DISTRIBUTION or rated_mva <= _LARGEST_ONAN_MVA else Cooling.ONAF


def _with_heat_run(known: AssetRecord, of_class: IecParameters) -> IecParameters:
    """Measured values over the class's. A gradient without its factor, or the other way round, cannot stand for their product."""
    gradient_k = known.winding_gradient_k * known.hot_spot_factor if known.winding_gradient_k and known.hot_spot_factor else None
    measured = (known.top_oil_rise_k, gradient_k, known.oil_time_constant_min, known.winding_time_constant_min, known.loss_ratio)
    if not any(measured):
        return of_class
    return replace(
        of_class,
        top_oil_rise_k=known.top_oil_rise_k or of_class.top_oil_rise_k,
        hot_spot_gradient_k=gradient_k or of_class.hot_spot_gradient_k,
        oil_time_constant_min=known.oil_time_constant_min or of_class.oil_time_constant_min,
        winding_time_constant_min=known.winding_time_constant_min or of_class.winding_time_constant_min,
        loss_ratio=known.loss_ratio or of_class.loss_ratio,
        source=f"{of_class.source}; over them the asset record's heat-run test{f' ({known.source})' if known.source else ''}",
    )


def _assumed(
    known: AssetRecord, cooling: Cooling, nameplate_mva: float, rated_mva: float, natural: IecParameters | None
) -> tuple[str, ...]:
    """In the words of an answer."""
    told = []
    if known.cooling is None:
        told.append(f"{cooling} cooling, as is usual at {nameplate_mva:g} MVA (engineering judgement)")
    if known.paper is None:
        told.append("kraft paper that is not thermally upgraded, the faster ageing one")
    if (known.winding_gradient_k is None) != (known.hot_spot_factor is None):
        there = "winding gradient" if known.winding_gradient_k is not None else "hot-spot factor"
        other = "hot-spot factor" if known.winding_gradient_k is not None else "winding gradient"
        told.append(f"the hot-spot gradient of its class, since the record's {there} says nothing without a {other}")
    if natural is not None and known.onan_rating_mva is None:
        told.append(f"{natural.rated_share * rated_mva:.0f} MVA without fans and pumps (engineering judgement)")
    if known.cooling_lost:
        told.append("fans and pumps out, as the record says")
    return tuple(told)
