"""What an Annex G nameplate means at 1 pu load: losses at their rated temperature, temperatures, and how much heat each part stores."""

from typing import NamedTuple

from grid_models.heating.annex_g_parameters import KG_PER_LB, AnnexGParameters, Conductor
from grid_models.heating.ieee_cooling import IeeeCooling, ieee_cooling
from grid_models.heating.series import InvalidThermalInput

# IEEE C57.91-2011 Table G.2, there in W·min/(lb·K); copper and aluminium with their temperature of zero resistance below 0 °C.
_STEEL, _OIL = 3.51 / KG_PER_LB, 13.92 / KG_PER_LB
_WINDING = {Conductor.COPPER: (2.91 / KG_PER_LB, 234.5), Conductor.ALUMINIUM: (6.798 / KG_PER_LB, 225.0)}
_OIL_KG_PER_L = 0.031621 * KG_PER_LB / 0.016387064  # lb/in³
# Table G.3: exponents x (duct oil), y (oil to air), z (top to bottom) and whether the oil is led into the windings.
_EXPONENTS = {
    IeeeCooling.ONAN: (0.5, 0.8, 0.5, False),
    IeeeCooling.ONAF: (0.5, 0.9, 0.5, False),
    IeeeCooling.OFAF: (0.5, 0.9, 1.0, False),
    IeeeCooling.ODAF: (1.0, 1.0, 1.0, True),
}


class Rated(NamedTuple):
    """Losses [W], temperatures [°C] and heat capacities [W·min/K] at 1 pu.

    winding: average; nameplate_winding: to which the losses are corrected; hot_spot_i2r_w, hot_spot_eddy_w: the winding's losses had it
    the hot-spot's temperature; adjacent_oil: next to the hot-spot; resistance_k: kelvin from 0 °C down to zero resistance.
    """

    i2r_w: float
    eddy_w: float
    stray_w: float
    core_w: float
    total_w: float
    hot_spot_i2r_w: float
    hot_spot_eddy_w: float
    nameplate_winding: float
    winding: float
    hot_spot: float
    top_oil: float
    bottom_oil: float
    duct_oil: float
    adjacent_oil: float
    ambient: float
    resistance_k: float
    winding_capacity: float
    oil_capacity: float
    hot_spot_height_pu: float
    x: float
    y: float
    z: float
    directed: bool


class Moment(NamedTuple):
    """Temperatures [°C] at one moment. oil: average of tank and radiator; duct_oil: where it leaves the windings."""

    hot_spot: float
    winding: float
    oil: float
    top_oil: float
    bottom_oil: float
    duct_oil: float


def at_rated_load(k: Rated) -> Moment:
    """The state of the heat run."""
    return Moment(k.hot_spot, k.winding, (k.top_oil + k.bottom_oil) / 2.0, k.top_oil, k.bottom_oil, k.duct_oil)


def rated(p: AnnexGParameters) -> Rated:
    """The nameplate at the load base. Raises InvalidThermalInput where the time constant asks for windings heavier than core and coils."""
    specific, resistance_k = _WINDING[Conductor(p.conductor)]
    warm = (resistance_k + p.rated_ambient_celsius + p.rated_winding_rise_k) / (resistance_k + p.loss_temperature_celsius)
    load = (p.load_base_kva / p.loss_base_kva) ** 2
    i2r, eddy, stray = p.winding_loss_w * load * warm, p.eddy_loss_w * load / warm, p.stray_loss_w * load / warm
    a = float(p.rated_ambient_celsius)  # so that whole numbers compile to no second kernel
    duct_mean_k = (p.duct_oil_rise_k + p.bottom_oil_rise_k) / 2.0
    capacity = (i2r + eddy) * p.winding_time_constant_min / (p.tested_winding_rise_k - duct_mean_k)
    at_hot_spot = i2r * (resistance_k + a + p.hot_spot_rise_k) / (resistance_k + a + p.rated_winding_rise_k)
    x, y, z, directed = _EXPONENTS[ieee_cooling(p.cooling)]
    return Rated(
        i2r_w=i2r,
        eddy_w=eddy,
        stray_w=stray,
        core_w=float(p.core_loss_w),
        total_w=i2r + eddy + stray + p.core_loss_w,
        hot_spot_i2r_w=at_hot_spot,
        hot_spot_eddy_w=at_hot_spot * max(p.hot_spot_eddy_pu, eddy / i2r),
        nameplate_winding=a + p.rated_winding_rise_k,
        winding=a + p.tested_winding_rise_k,
        hot_spot=a + p.hot_spot_rise_k,
        top_oil=a + p.top_oil_rise_k,
        bottom_oil=a + p.bottom_oil_rise_k,
        duct_oil=a + p.duct_oil_rise_k,
        adjacent_oil=a + p.bottom_oil_rise_k + p.hot_spot_height_pu * (p.duct_oil_rise_k - p.bottom_oil_rise_k),
        ambient=a,
        resistance_k=resistance_k,
        winding_capacity=capacity,
        oil_capacity=_oil_capacity(p, capacity / specific),
        hot_spot_height_pu=float(p.hot_spot_height_pu),
        x=x,
        y=y,
        z=z,
        directed=directed,
    )


def _oil_capacity(p: AnnexGParameters, winding_kg: float) -> float:
    """Of oil, tank and core, which share the oil's temperature [W·min/K]."""
    if winding_kg > p.core_and_coils_kg:
        raise InvalidThermalInput(
            f"A winding time constant of {p.winding_time_constant_min:g} min means windings of {winding_kg:.0f} kg, but core and coils "
            f"weigh {p.core_and_coils_kg:.0f} kg; a shorter time constant would work."
        )
    return (p.tank_kg + p.core_and_coils_kg - winding_kg) * _STEEL + p.oil_l * _OIL_KG_PER_L * _OIL
