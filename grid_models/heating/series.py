"""A temperature calculation as a value, where it starts, and what load and ambient series may look like.

Two conventions, each that of its standard. A *held* series (IEC 60076-7, IEEE clause 7) has one value for each step, which holds during
it, and its results stand for the end of each step; a series of *points* (Annex G) has one for each moment, joined by straight lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from grid_models.errors import AeipError
from grid_models.twin.model import FloatArray

LONGEST_STEP_MIN = 60.0  # engineering judgement: a longer step hides the hot-spot's overshoot of one to two hours
COLDEST_CELSIUS, HOTTEST_CELSIUS = (
    -60.0,
    60.0,
)  # outside it an ambient temperature is a wrong unit or a broken sensor; engineering judgement
HOTTEST_OIL_CELSIUS = 200.0  # of a start: beyond it the unit is wrong; engineering judgement
LARGEST_LOAD_PU = 4.0  # beyond it a load is per cent or ampere, not per unit; engineering judgement
_NAMED = 3


class InvalidThermalInput(AeipError):
    """A load or ambient series, a nameplate or a start that no thermal model can work with."""


@dataclass(frozen=True)
class ThermalStart:
    """Temperatures before the first step: the top oil's, and by how much the hot-spot is above it (steady part of the gradient).

    Raises InvalidThermalInput.
    """

    top_oil_celsius: float
    hot_spot_gradient_k: float = 0.0

    def __post_init__(self) -> None:
        if not COLDEST_CELSIUS <= self.top_oil_celsius <= HOTTEST_OIL_CELSIUS:
            raise InvalidThermalInput(
                f"A top oil of {self.top_oil_celsius:g} °C was given as the start; {COLDEST_CELSIUS:g} to {HOTTEST_OIL_CELSIUS:g} °C works."
            )
        if not 0.0 <= self.hot_spot_gradient_k <= HOTTEST_OIL_CELSIUS:
            raise InvalidThermalInput(
                f"A hot-spot {self.hot_spot_gradient_k:g} K above the top oil was given as the start; 0 to {HOTTEST_OIL_CELSIUS:g} K works."
            )


@dataclass(frozen=True, eq=False)
class ThermalSeries:
    """(steps,) each.  loss_of_life_min: minutes of normal insulation life used up since the start, cumulative."""

    top_oil_celsius: FloatArray
    hot_spot_celsius: FloatArray
    loss_of_life_min: FloatArray


def checked(load_pu: ArrayLike, ambient_celsius: ArrayLike, step_min: float) -> tuple[FloatArray, FloatArray]:
    """Load and ambient as arrays of one length; one ambient value stands for all. Raises InvalidThermalInput: nothing is repaired here."""
    load, ambient = np.atleast_1d(_numbers("load", load_pu)), _numbers("ambient temperature", ambient_celsius)
    if ambient.ndim == 0:
        ambient = np.full(len(load), float(ambient))
    if load.ndim != 1 or ambient.shape != load.shape or not len(load):
        raise InvalidThermalInput(
            f"A load of shape {load.shape} and an ambient temperature of shape {ambient.shape} were given; two series of the same length, "
            "or one ambient temperature for all, would work."
        )
    if not (np.isfinite(step_min) and 0 < step_min <= LONGEST_STEP_MIN):
        raise InvalidThermalInput(f"A step of {step_min} min was given; steps above 0 and up to {LONGEST_STEP_MIN:g} min work.")
    _refuse("load [pu]", load, ~np.isfinite(load), "every value must be a number; fill the gaps first")
    _refuse("ambient temperature [°C]", ambient, ~np.isfinite(ambient), "every value must be a number; fill the gaps first")
    _refuse("load [pu]", load, load < 0, "a thermal load has no sign: give its magnitude")
    _refuse(
        "load [pu]", load, load > LARGEST_LOAD_PU, f"up to {LARGEST_LOAD_PU:g} pu works; divide per cent by 100 and ampere by the rating"
    )
    outside = (ambient < COLDEST_CELSIUS) | (ambient > HOTTEST_CELSIUS)
    _refuse("ambient temperature [°C]", ambient, outside, f"{COLDEST_CELSIUS:g} to {HOTTEST_CELSIUS:g} °C works; give degrees Celsius")
    return load, ambient


def is_cycle(load: FloatArray, ambient: FloatArray, step_min: float) -> bool:
    """Is this a load cycle of whole days, given as points that end where they begin?"""
    days = (len(load) - 1) * step_min / 1440.0
    return len(load) > 1 and days >= 1 and days == round(days) and load[0] == load[-1] and ambient[0] == ambient[-1]


def _numbers(what: str, values: ArrayLike) -> FloatArray:
    try:
        return np.array(values, dtype=np.float64)  # a copy: the caller's arrays stay as they are
    except (TypeError, ValueError) as error:
        raise InvalidThermalInput(f"The {what} must be numbers; {_shown(values)} was given.") from error


def _shown(values: ArrayLike) -> str:
    text = repr(values)
    return text if len(text) <= 60 else f"{text[:60]}..."


def _refuse(what: str, values: FloatArray, bad: Sequence[bool] | np.ndarray, remedy: str) -> None:
    rows = np.flatnonzero(bad)
    if len(rows):
        named = ", ".join(f"{values[r]:g} at row {r}" for r in rows[:_NAMED])
        more = f" and {len(rows) - _NAMED} more" if len(rows) > _NAMED else ""
        raise InvalidThermalInput(f"The {what} holds {named}{more}; {remedy}.")
