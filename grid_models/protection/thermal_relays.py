"""Which branches trip by their temperature, and when? Lines by their conductor, transformers by their hot-spot.

Loading is in pu of the permanent rating, (branches,), NaN where there is none; such a branch never trips. A leg of a three-winding
transformer is treated as a transformer of its own rating, a simplification.
"""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from grid_models.assets.book import AssetBook
from grid_models.assets.thermal import thermal_model
from grid_models.protection import hot_spot, thermal
from grid_models.protection.branch_settings import BranchSettings
from grid_models.protection.hot_spot import HotSpotModel, HotSpotState
from grid_models.protection.thermal import Conductor
from grid_models.twin.model import FloatArray, GridModel, IntArray


@dataclass(frozen=True, eq=False)
class ThermalRelays:
    """lines, transformers: rows of the branch table that have a rating, in the order of `conductor` and `hot_spots`."""

    branches: int
    lines: IntArray
    conductor: Conductor
    transformers: IntArray
    hot_spots: HotSpotModel


@dataclass(frozen=True, eq=False)
class ThermalState:
    """conductor_celsius: (lines,).  hot_spots: of the transformers."""

    conductor_celsius: FloatArray
    hot_spots: HotSpotState


def thermal_relays(model: GridModel, settings: BranchSettings, book: AssetBook | None = None) -> ThermalRelays:
    """book: what is known of the transformers beyond their cooling class, which is assumed by size otherwise."""
    branches = model.branches
    lines = np.flatnonzero(branches.rated & branches.is_line)
    conductor = Conductor(
        settings.conductor_time_constant_s[lines],
        settings.conductor_rated_celsius[lines],
        settings.conductor_ambient_celsius[lines],
        settings.conductor_trip_celsius[lines],
    )
    transformers = np.flatnonzero(np.isfinite(branches.rating_from_ka) & ~branches.is_line)
    known = book or AssetBook()
    rated_mva = sqrt(3.0) * model.buses.nominal_kv[branches.from_bus] * branches.rating_from_ka
    params = [thermal_model(known.record(branches.name[row]), float(rated_mva[row])).parameters for row in transformers]
    limits = settings.hot_spot_limit_celsius[transformers]
    return ThermalRelays(len(branches), lines, conductor, transformers, hot_spot.hot_spot_model(params, limits))


def settled(relays: ThermalRelays, loading_pu: FloatArray, ambient_celsius: float) -> ThermalState:
    """Where everything settles: the state before a first outage, if the present loads have lasted."""
    return ThermalState(
        thermal.settled_celsius(loading_pu[relays.lines], ambient_celsius, relays.conductor),
        hot_spot.settled(loading_pu[relays.transformers], ambient_celsius, relays.hot_spots),
    )


def warmed(relays: ThermalRelays, state: ThermalState, loading_pu: FloatArray, ambient_celsius: float, dt_s: float) -> ThermalState:
    """The state after dt_s more seconds of the present loading; exact, whatever dt_s."""
    return ThermalState(
        thermal.warmed_celsius(state.conductor_celsius, loading_pu[relays.lines], ambient_celsius, dt_s, relays.conductor),
        hot_spot.warmed(state.hot_spots, loading_pu[relays.transformers], ambient_celsius, dt_s, relays.hot_spots),
    )


def time_to_trip(relays: ThermalRelays, state: ThermalState, loading_pu: FloatArray, ambient_celsius: float) -> FloatArray:
    """(branches,) seconds until each trips if the present loading stays; infinite where it never does."""
    seconds = np.full(relays.branches, inf)
    seconds[relays.lines] = thermal.time_to_trip(state.conductor_celsius, loading_pu[relays.lines], ambient_celsius, relays.conductor)
    loads = loading_pu[relays.transformers]
    seconds[relays.transformers] = hot_spot.time_to_trip(state.hot_spots, loads, ambient_celsius, relays.hot_spots)
    return seconds
