"""The compiled march of IEEE C57.91 Annex G through time: windings heat the oil in their ducts, the oil heats the tank, the tank the air.

Equation numbers as in C57.91-2011. Viscosity μ = D·exp(G / (θ + 273)) enters only as a ratio to its rated value, so D cancels.
Where the ducts' oil is not warmer than the tank's, the hot-spot meets the tank's top oil (G.11); below the winding's top that is a jump.
Importing this module imports numba (0.2 s), so its users import it when they first need it.
"""

from math import exp

from grid_models.compiled import compiled, compiled_within
from grid_models.heating.annex_g_rated import Moment, Rated
from grid_models.twin.model import FloatArray

_VISCOSITY_K = 2797.3  # G of mineral oil, Table G.2
_MOST_TRIES, _SOLVED_K = 20, 1e-6


@compiled_within
def given_off(above: float, oil: float, rated_above: float, rated_oil: float, rated_w: float, directed: bool) -> float:
    """Heat a winding at temperature `above` gives to its oil [W], G.6 and G.16: laminar flow, slowed by cold oil, unless it is led."""
    share = (above - oil) / (rated_above - rated_oil)
    if share <= 0.0:
        return 0.0
    if directed:
        return share * rated_w
    thinner = exp(_VISCOSITY_K * (2.0 / (rated_above + rated_oil + 546.0) - 2.0 / (above + oil + 546.0)))
    return float(share**1.25 * thinner**0.25 * rated_w)


@compiled_within
def duct_rise_over_bottom(winding: float, m: Moment, k: Rated) -> float:
    """Of the oil through the ducts [K], G.9, which both follows from the heat the winding gives off and lessens it.

    Solved for both at once by Newton's method: Annex G takes the oil of the step before, which swings from step to step at low load.
    """
    rated_w, rated_rise = k.i2r_w + k.eddy_w, k.duct_oil - k.bottom_oil
    rated_mean, most = (k.duct_oil + k.bottom_oil) / 2.0, 2.0 * (winding - m.bottom_oil)
    rise = min(max(m.duct_oil - m.bottom_oil, 0.0), most)
    for _ in range(_MOST_TRIES):
        above = winding - m.bottom_oil - rise / 2.0
        if above <= 0.0:
            rise = 0.98 * most
            continue
        share = given_off(winding, m.bottom_oil + rise / 2.0, k.winding, rated_mean, rated_w, k.directed) / rated_w
        slope = (rise / rated_rise) ** (1.0 / k.x - 1.0) / (k.x * rated_rise) + share * 0.625 / above
        change = (share - (rise / rated_rise) ** (1.0 / k.x)) / slope
        rise = min(max(rise + change, 0.0), most)
        if abs(change) < _SOLVED_K:
            break
    return rise


@compiled_within
def advanced(m: Moment, load: float, ambient: float, dt: float, k: Rated) -> Moment:
    """One step of dt [min] at this load [pu] and ambient temperature, G.1 to G.26."""
    squared = load * load
    rated_duct_mean = (k.duct_oil + k.bottom_oil) / 2.0
    warm = (m.winding + k.resistance_k) / (k.nameplate_winding + k.resistance_k)
    made = squared * (k.i2r_w * warm + k.eddy_w / warm)
    winding = max(m.winding, m.bottom_oil)
    duct_rise = duct_rise_over_bottom(winding, m, k)
    lost = given_off(winding, m.bottom_oil + duct_rise / 2.0, k.winding, rated_duct_mean, k.i2r_w + k.eddy_w, k.directed)
    winding += (made - lost) * dt / k.winding_capacity

    duct = m.bottom_oil + duct_rise
    adjacent = m.bottom_oil + k.hot_spot_height_pu * duct_rise if duct >= m.top_oil else m.top_oil
    hot = max(m.hot_spot, winding, adjacent)
    hot_warm = (hot + k.resistance_k) / (k.hot_spot + k.resistance_k)
    hot_made = squared * (k.hot_spot_i2r_w * hot_warm + k.hot_spot_eddy_w / hot_warm)
    hot_lost = given_off(hot, adjacent, k.hot_spot, k.adjacent_oil, k.hot_spot_i2r_w + k.hot_spot_eddy_w, k.directed)
    hot += (hot_made - hot_lost) * dt / k.winding_capacity

    share = (m.oil - ambient) / ((k.top_oil + k.bottom_oil) / 2.0 - k.ambient)
    to_air = abs(share) ** (1.0 / k.y) * (1.0 if share > 0.0 else -1.0)  # oil colder than the air takes heat from it
    oil = m.oil + (lost + k.core_w + squared * k.stray_w / warm - to_air * k.total_w) * dt / k.oil_capacity
    half = max(to_air, 0.0) ** k.z * (k.top_oil - k.bottom_oil) / 2.0
    bottom = max(oil - half, ambient)
    return Moment(hot, winding, oil, oil + half, bottom, max(duct, bottom))


@compiled
def march(
    load: FloatArray, ambient: FloatArray, inside: int, dt: float, k: Rated, start: Moment, top_oil: FloatArray, hot_spot: FloatArray
) -> Moment:
    """From point to point in `inside` steps of dt [min]; fills top_oil and hot_spot, each ((points - 1) * inside + 1,), returns the end."""
    m = start
    top_oil[0], hot_spot[0] = m.top_oil, m.hot_spot
    for i in range(1, len(load)):
        for s in range(1, inside + 1):
            share = s / inside
            at_load = load[i - 1] + share * (load[i] - load[i - 1])
            at_ambient = ambient[i - 1] + share * (ambient[i] - ambient[i - 1])
            m = advanced(m, at_load, at_ambient, dt, k)
            row = (i - 1) * inside + s
            top_oil[row], hot_spot[row] = m.top_oil, m.hot_spot
    return m
