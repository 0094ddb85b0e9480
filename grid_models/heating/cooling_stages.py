"""What fans and pumps are worth: a transformer that lost them, and one that starts its fans by the temperature of the oil."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from grid_models.heating.fan_switch import switching_transformer
from grid_models.heating.iec import at_step_ends, inner_steps, settled
from grid_models.heating.iec_library import temperatures
from grid_models.heating.iec_parameters import Cooling, IecParameters, Size, iec_parameters
from grid_models.heating.series import InvalidThermalInput, ThermalSeries, ThermalStart, checked

NATURAL_SHARE = 0.6  # of the rating, where the nameplate gives no ONAN rating; engineering judgement


def natural_cooling(
    forced: IecParameters,
    size: Size | str = Size.MEDIUM,
    *,
    rated_mva: float | None = None,
    onan_rating_mva: float | None = None,
    restricted_flow: bool = False,
) -> IecParameters:
    """The constants of the same transformer without its fans and pumps: those of ONAN, holding at its ONAN rating.

    Paper and housing stay. So do the windings: their loss at the ONAN rating is their loss at the full one times the share squared.
    Without an ONAN rating NATURAL_SHARE is taken and named in `unverified`.  Raises InvalidThermalInput.
    """
    share, doubt = _natural_share(rated_mva, onan_rating_mva)
    onan = iec_parameters(Cooling.ONAN, size, restricted_flow=restricted_flow, paper=forced.paper)
    return replace(
        onan,
        rated_share=forced.rated_share * share,
        loss_ratio=forced.loss_ratio * share**2,
        indoor_rise_k=forced.indoor_rise_k,
        source=f"{onan.source}, at {share:.2g} of the rating without fans and pumps",
        unverified="; ".join(filter(None, (onan.unverified, doubt))),
    )


def hot_spot_switched(
    load_pu: ArrayLike,
    ambient_celsius: ArrayLike,
    step_min: float,
    forced: IecParameters,
    natural: IecParameters,
    on_celsius: float,
    off_celsius: float,
    initial: ThermalStart | None = None,
) -> ThermalSeries:
    """As `hot_spot`, with fans that start when the top oil reaches on_celsius and stop when it falls to off_celsius.

    They are looked at every five minutes at the latest (more often where a winding is fast), not at every moment.  initial: fans run if
    its top oil is at on_celsius or above; None is the steady state of the first values.  Raises InvalidThermalInput.
    """
    load, ambient = checked(load_pu, ambient_celsius, step_min)
    if not off_celsius < on_celsius:
        raise InvalidThermalInput(f"Fans on at {on_celsius:g} °C and off at {off_celsius:g} °C were given; on above off would work.")
    if forced.indoor_rise_k != natural.indoor_rise_k or forced.paper is not natural.paper:
        raise InvalidThermalInput("Different housings or papers were given with and without fans; those of one transformer would work.")
    start, running = _start(load[0], ambient[0], forced, natural, on_celsius, off_celsius, initial)
    inner = inner_steps(step_min, *(each.k22 * each.winding_time_constant_min for each in (forced, natural)))
    found = temperatures(
        np.repeat(load, inner),
        np.repeat(ambient, inner),
        start,
        lambda: switching_transformer(forced, natural, on_celsius, off_celsius, running, step_min / inner),
    )
    return at_step_ends(*found, inner, step_min, forced.paper)


def _natural_share(rated_mva: float | None, onan_rating_mva: float | None) -> tuple[float, str]:
    if rated_mva is None or onan_rating_mva is None:
        return NATURAL_SHARE, f"a rating of {NATURAL_SHARE:g} pu without fans and pumps (engineering judgement)"
    if not 0.0 < onan_rating_mva <= rated_mva:
        raise InvalidThermalInput(
            f"An ONAN rating of {onan_rating_mva:g} MVA beside a rating of {rated_mva:g} MVA was given; above 0 and up to the rating works."
        )
    return onan_rating_mva / rated_mva, ""


def _start(
    load: float, ambient: float, forced: IecParameters, natural: IecParameters, on: float, off: float, initial: ThermalStart | None
) -> tuple[ThermalStart, bool]:
    """Where it starts and whether the fans run. Where it would settle neither with fans nor without, they have just started."""
    if initial is not None:
        return initial, initial.top_oil_celsius >= on
    without, with_fans = settled(load, ambient, natural), settled(load, ambient, forced)
    if without.top_oil_celsius < on:
        return without, False
    return (with_fans if with_fans.top_oil_celsius > off else replace(with_fans, top_oil_celsius=on)), True
