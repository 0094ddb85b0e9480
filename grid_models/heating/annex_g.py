"""How warm a transformer gets by IEEE C57.91-2011 Annex G, which follows the oil from the bottom of the winding to the radiator."""

from dataclasses import astuple, dataclass
from math import ceil, isfinite

import numpy as np
from numpy.typing import ArrayLike

from grid_models.heating.ageing import consumed_min
from grid_models.heating.annex_g_parameters import AnnexGParameters
from grid_models.heating.annex_g_rated import Moment, Rated, at_rated_load, rated
from grid_models.heating.series import InvalidThermalInput, ThermalSeries, checked, is_cycle
from grid_models.twin.model import FloatArray

_LONGEST_INNER_MIN = 0.5  # Annex G: 0.5 min, and below a ninth of the winding time constant, keeps the march stable and exact
_STEPS_A_TIME_CONSTANT = 9.0
_HOTTEST_CELSIUS = 400.0  # engineering judgement: twice any limit of the standards
_SETTLED_K, _MOST_REPEATS = 0.01, 60  # engineering judgement: a start matters for days, not for two months


@dataclass(frozen=True)
class AnnexGStart:
    """Temperatures at the first point, those that Annex G asks for. duct_oil: where it leaves the windings' ducts; None: as the top oil."""

    hot_spot_celsius: float
    winding_celsius: float
    top_oil_celsius: float
    bottom_oil_celsius: float
    duct_oil_celsius: float | None = None

    def __post_init__(self) -> None:
        if not all(isfinite(t) for t in astuple(self) if t is not None):
            raise InvalidThermalInput(f"{self} was given; every temperature must be a number.")
        if not self.hot_spot_celsius >= self.top_oil_celsius >= self.bottom_oil_celsius:
            raise InvalidThermalInput(
                f"{self} was given; a hot-spot at or above the top oil, and that at or above the bottom oil, would work."
            )


def annex_g(
    load_pu: ArrayLike,
    ambient_celsius: ArrayLike,
    step_min: float,
    params: AnnexGParameters,
    initial: AnnexGStart | None = None,
) -> ThermalSeries:
    """Top oil, hot-spot and loss of life of a series of *points* joined by straight lines; result i stands for point i.

    load_pu: (points,) in pu of load_base_kva.  ambient_celsius: (points,) or one value.  step_min: between points, up to 60.
    initial: None is the periodic state where the points are a cycle of whole days (`series.is_cycle`), else the steady state of the
    first point.  loss_of_life_min: by F_AA for upgraded paper, by the 6-K rule of IEC 60076-7 for kraft; 0 at the first point.
    Raises InvalidThermalInput, also where no state settles or the load runs away.
    """
    load, ambient = checked(load_pu, ambient_celsius, step_min)
    k = rated(params)
    inside = inner_steps(step_min, params.winding_time_constant_min)
    start = _start(load, ambient, step_min, k, params.winding_time_constant_min) if initial is None else _given(initial)
    top_oil, hot_spot, _ = _marched(load, ambient, step_min, k, start, inside)
    life = np.concatenate([[0.0], consumed_min(float(hot_spot[0]), hot_spot[1:], step_min / inside, params.paper)])
    return ThermalSeries(top_oil[::inside].copy(), hot_spot[::inside].copy(), life[::inside].copy())


def inner_steps(step_min: float, winding_time_constant_min: float) -> int:
    """Into how many steps of the march one step between points is divided."""
    longest = min(_LONGEST_INNER_MIN, winding_time_constant_min / _STEPS_A_TIME_CONSTANT)
    return ceil(step_min / longest - 1e-9)


def _start(load: FloatArray, ambient: FloatArray, step_min: float, k: Rated, winding_time_constant_min: float) -> Moment:
    """The periodic state of a cycle, or the steady state of the first point, which is that of a day without change."""
    if not is_cycle(load, ambient, step_min):
        load, ambient, step_min = np.full(25, load[0]), np.full(25, ambient[0]), 60.0
    moment, moved = at_rated_load(k), np.inf
    for _ in range(_MOST_REPEATS):
        *_, end = _marched(load, ambient, step_min, k, moment, inner_steps(step_min, winding_time_constant_min))
        moment, moved = end, np.max(np.abs(np.subtract(end, moment)))
        if moved < _SETTLED_K:
            return moment
    raise InvalidThermalInput(
        f"A start was to be found by repeating the load {_MOST_REPEATS} times, but it still moved by {moved:.2g} K; give `initial`."
    )


def _given(start: AnnexGStart) -> Moment:
    oil = (start.top_oil_celsius + start.bottom_oil_celsius) / 2.0
    duct = start.top_oil_celsius if start.duct_oil_celsius is None else start.duct_oil_celsius
    given = (start.hot_spot_celsius, start.winding_celsius, oil, start.top_oil_celsius, start.bottom_oil_celsius, duct)
    return Moment(*map(float, given))


def _marched(
    load: FloatArray, ambient: FloatArray, step_min: float, k: Rated, start: Moment, inside: int
) -> tuple[FloatArray, FloatArray, Moment]:
    """Top oil and hot-spot at every inner step, and the end."""
    from grid_models.heating.annex_g_kernel import march  # numba: 0.2 s

    top_oil, hot_spot = np.empty((len(load) - 1) * inside + 1), np.empty((len(load) - 1) * inside + 1)
    end = march(load, ambient, inside, step_min / inside, k, start, top_oil, hot_spot)
    if not np.all(hot_spot <= _HOTTEST_CELSIUS):
        raise InvalidThermalInput(
            f"A load of up to {load.max():g} pu was given, which heats the hot-spot beyond {_HOTTEST_CELSIUS:g} °C, where the oil has long "
            "turned to gas and Annex G says nothing; a lower or shorter load would work."
        )
    return top_oil, hot_spot, end
