"""Which relays have lines and transformers? A column for each setting, so that a grid's relays are judged at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from grid_models.protection.curves import CURVES, Curve
from grid_models.protection.defaults import ProtectionDefaults, Reset
from grid_models.protection.element_settings import ElementSettings
from grid_models.protection.loadability import largest_reach_ohm
from grid_models.protection.thermal import trip_celsius
from grid_models.twin.model import BoolArray, FloatArray, GridModel

_Given = Mapping[int, ElementSettings]


@dataclass(frozen=True, eq=False)
class BranchSettings:
    """(branches,) each, in the order of the model; pu are of the permanent rating.

    curve ... constant_s: for `curves.operating_time_s`.  reset_s: for `curves.reset_time_s`, 0 where the relay forgets at once.
    conductor_...: lines only, NaN elsewhere.  hot_spot_limit_celsius: NaN for lines.  zone3_...: lines with a rating only, NaN elsewhere.
    An element that is not protected has an infinite pickup and limits, and no zone.
    pickup_given, zone3_given: somebody said so of this branch; otherwise pickup and reach are the default, which is nobody's setting.
    """

    curve: tuple[Curve, ...]
    pickup_pu: FloatArray
    time_multiplier: FloatArray
    k_s: FloatArray
    exponent: FloatArray
    constant_s: FloatArray
    reset_s: FloatArray
    conductor_time_constant_s: FloatArray
    conductor_rated_celsius: FloatArray
    conductor_ambient_celsius: FloatArray
    conductor_trip_celsius: FloatArray
    hot_spot_limit_celsius: FloatArray
    zone3_reach_ohm: FloatArray
    zone3_torque_angle_degree: FloatArray
    zone3_delay_s: FloatArray
    pickup_given: BoolArray
    zone3_given: BoolArray


def branch_settings(model: GridModel, given: _Given, known: ProtectionDefaults) -> BranchSettings:
    """Defaults by voltage level, and over them what is `given` by row."""
    branches, line = model.branches, model.branches.is_line
    kv = model.buses.nominal_kv[branches.from_bus]
    rows = [known.overcurrent_at(level) for level in kv]
    curve = tuple(given[i].curve or row.curve if i in given else row.curve for i, row in enumerate(rows))
    inverse = [((given[i].reset if i in given else None) or known.reset) is Reset.INVERSE for i in range(len(rows))]
    protected = np.array([given[i].protected if i in given else True for i in range(len(rows))], dtype=bool)
    thermal, zone3 = known.line_thermal, known.zone3
    trip_pu = _with(np.full(len(rows), thermal.trip_pu), given, "thermal_trip_pu")
    angle = _with(np.full(len(rows), zone3.torque_angle_degree), given, "zone3_torque_angle_degree")
    reach = largest_reach_ohm(np.fmin(branches.rating_from_ka, branches.rating_to_ka), kv, angle, zone3.bears_pu)
    return BranchSettings(
        curve=curve,
        pickup_pu=np.where(protected, _with([row.pickup_pu for row in rows], given, "pickup_pu"), inf),
        time_multiplier=_with([row.time_multiplier for row in rows], given, "time_multiplier"),
        k_s=np.array([CURVES[c].k_s for c in curve]),
        exponent=np.array([CURVES[c].exponent for c in curve]),
        constant_s=np.array([CURVES[c].constant_s for c in curve]),
        reset_s=np.array([CURVES[c].reset_s if slow else 0.0 for c, slow in zip(curve, inverse, strict=True)]),
        conductor_time_constant_s=_with(np.where(line, thermal.time_constant_s, np.nan), given, "thermal_time_constant_s"),
        conductor_rated_celsius=np.where(line, thermal.rated_celsius, np.nan),
        conductor_ambient_celsius=np.where(line, thermal.rated_ambient_celsius, np.nan),
        conductor_trip_celsius=np.where(
            protected, np.where(line, trip_celsius(thermal.rated_celsius, thermal.rated_ambient_celsius, trip_pu), np.nan), inf
        ),
        hot_spot_limit_celsius=np.where(
            protected,
            _with(np.where(line, np.nan, known.transformer_thermal.hot_spot_limit_celsius), given, "hot_spot_limit_celsius"),
            inf,
        ),
        zone3_reach_ohm=np.where(protected & line, _with(reach, given, "zone3_reach_ohm"), np.nan),
        zone3_torque_angle_degree=angle,
        zone3_delay_s=_with(np.full(len(rows), zone3.delay_s), given, "zone3_delay_s"),
        pickup_given=np.array([i in given and given[i].pickup_pu is not None for i in range(len(rows))], dtype=bool),
        zone3_given=np.array([i in given and given[i].zone3_reach_ohm is not None for i in range(len(rows))], dtype=bool),
    )


def _with(usual: ArrayLike, given: _Given, field: str) -> FloatArray:
    """A column of defaults, and over it what is given."""
    column = np.array(usual, dtype=np.float64)
    for row, settings in given.items():
        if (value := getattr(settings, field)) is not None:
            column[row] = value
    return column
