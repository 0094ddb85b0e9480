"""Which synchronous system do a grid's own machines make? What its data do not say is taken from the reference set and told.

Source of what is assumed: Anderson and Mirheydar (1990), the set that `linear.py` gives by default.
"""

from grid_models.dynamics.response import Governor
from grid_models.dynamics.schemes import area_names, area_of, scheme_of
from grid_models.dynamics.system import FrequencySystem, damping_of

REFERENCE_H_S = 4.0  # Anderson and Mirheydar's, on the load
DAMPING_PU = 1.0  # Anderson and Mirheydar's
_PLAUSIBLE_H_S = (0.5, 15.0)  # outside of it a load and an inertia are not of one system; engineering judgement
_MW_IN_GW = 1000.0


def plausible_load(load_mw: float, inertia_gws: float, lost_mw: float) -> bool:
    """Whether a grid's load may belong to such an inertia and such a loss."""
    least, most = _PLAUSIBLE_H_S
    return load_mw > 0.0 and load_mw >= lost_mw and least <= _MW_IN_GW * inertia_gws / load_mw <= most


def usual_load_mw(inertia_gws: float) -> float:
    """Of a system with the reference set's inertia constant."""
    return _MW_IN_GW * inertia_gws / REFERENCE_H_S


def own_system(frequency_hz: float, inertia_gws: float, load_mw: float) -> FrequencySystem:
    """Reference governors and damping on the load, and the shedding scheme of the usual area of this frequency. Raises NotCalculable.

    inertia_gws: what stays after the loss.  load_mw: before it.
    """
    name = next(iter(area_names(frequency_hz)), None)
    return FrequencySystem(
        frequency_hz=frequency_hz,
        inertia_gws=inertia_gws,
        load_mw=load_mw,
        damping_percent_per_hz=damping_of(DAMPING_PU, frequency_hz),
        groups=(Governor().group(load_mw, frequency_hz, down_mw=load_mw),),
        stages=scheme_of(area_of(name).default_scheme).on(load_mw) if name else (),
    )
