"""The grid as frozen tables of arrays: what does not change while it runs.

Buses are the nodes of the source (busbars and line terminals); fusing over closed switches happens in `topology.py`.
Units: MW, Mvar, kV, kA, pu on `base_mva`. A generator's p is positive when it injects; a load's when it draws.
"""

import hashlib
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from grid_models.twin.registry import Registry

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ComplexArray = NDArray[np.complex128]
Names = tuple[str, ...]


@dataclass(frozen=True)
class Buses:
    name: Names
    nominal_kv: FloatArray
    planning_min_pu: FloatArray  # the source's own voltage band, NaN where it has none
    planning_max_pu: FloatArray
    is_busbar: BoolArray  # False for a line's terminal, which is dead when its line is out: that is no lost supply
    is_star: BoolArray  # True for the fictitious point inside a three-winding transformer or network equivalent: nobody asks about it
    area: Names
    substation: Names
    longitude_degree: FloatArray  # NaN where the source has no position
    latitude_degree: FloatArray

    def __len__(self) -> int:
        return len(self.name)

    @cached_property
    def areas(self) -> Names:
        """Names of the areas, in order; empty where the source names none."""
        return tuple(sorted(set(self.area) - {""}))

    @cached_property
    def substations(self) -> Names:
        """Names of the substations, in order; empty where the source names none."""
        return tuple(sorted(set(self.substation) - {""}))


@dataclass(frozen=True)
class Branches:
    """Lines first, then transformers (from = high-voltage side), legs of three-winding transformers and series impedances.

    The pi parameters lie in tables over the tap position, computed by pandapower itself: the entry of branch i at
    position t is `tap_offset[i] + t - tap_min[i]`. A line has one entry.
    """

    name: Names
    is_line: BoolArray
    from_bus: IntArray
    to_bus: IntArray
    length_km: FloatArray  # NaN for transformers and where the source has none or a placeholder
    rating_from_ka: FloatArray  # permanent rating (PATL), NaN where the source has none or a placeholder
    rating_to_ka: FloatArray  # NaN at the star point of a three-winding transformer's leg: the rating is the terminal's
    temporary_from_ka: FloatArray  # temporary rating (TATL), NaN where the source has none
    temporary_to_ka: FloatArray
    tap_min: IntArray
    tap_max: IntArray
    tap_offset: IntArray
    r_pu: FloatArray
    x_pu: FloatArray
    g_pu: FloatArray
    b_pu: FloatArray
    ratio: FloatArray
    shift_degree: FloatArray

    def __len__(self) -> int:
        return len(self.name)

    @cached_property
    def rated(self) -> BoolArray:
        """(branches,) True where the permanent rating is known: only there are loadings and overloads given."""
        return np.isfinite(self.rating_from_ka) | np.isfinite(self.rating_to_ka)


@dataclass(frozen=True)
class ThreeWindings:
    """Three-winding transformers: each is a star of three branches (its legs) that meet in a fictitious bus."""

    name: Names
    legs: IntArray  # (transformers, 3) rows of the branch table, high, medium, low voltage; the star is the to end of each
    star_bus: IntArray  # row of the bus table

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Loads:
    name: Names
    bus: IntArray
    customers: FloatArray = field(metadata={"solution": False})  # behind each load, NaN where the source does not say

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Generators:
    """Everything that injects on a schedule: parks, machines, storages (p > 0 = discharging)."""

    name: Names
    bus: IntArray
    technology: Names  # wind, pv, storage or other
    holds_voltage: BoolArray
    p_min_mw: FloatArray
    p_max_mw: FloatArray
    range_derived: BoolArray  # True where the range is our reading (0 ... sn_mva), not the source's

    def __len__(self) -> int:
        return len(self.name)

    @cached_property
    def weather(self) -> BoolArray:
        """(generators,) True for wind and PV, whose schedule is what is available."""
        return np.array([t in ("wind", "pv") for t in self.technology], dtype=bool)


@dataclass(frozen=True)
class Infeeds:
    """External grids: each holds voltage and angle at its bus."""

    name: Names
    bus: IntArray
    angle_degree: FloatArray

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Shunts:
    name: Names
    bus: IntArray
    p_mw: FloatArray  # drawn per step at the bus's nominal voltage
    q_mvar: FloatArray
    max_step: IntArray

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class Switches:
    """A switch joins two buses, or sits at one end of a branch (`other_bus` -1 then, `branch` -1 otherwise)."""

    name: Names
    bus: IntArray
    other_bus: IntArray
    branch: IntArray
    can_break_load: BoolArray

    def __len__(self) -> int:
        return len(self.name)


@dataclass(frozen=True)
class StartState:
    """The source's own values: what a fresh `GridState` starts from and `release` and `close` go back to."""

    switch_closed: BoolArray
    branch_on: BoolArray
    load_on: BoolArray
    generator_on: BoolArray
    infeed_on: BoolArray
    tap: IntArray
    load_p_mw: FloatArray
    load_q_mvar: FloatArray
    generator_p_mw: FloatArray
    generator_q_mvar: FloatArray
    generator_vm_pu: FloatArray
    infeed_vm_pu: FloatArray
    shunt_step: IntArray


@dataclass(frozen=True)
class GridModel:
    """One grid, frozen. `notes` are the loader's repairs and doubts, in sentences for people."""

    name: str
    base_mva: float
    frequency_hz: float
    buses: Buses
    branches: Branches
    three_winding: ThreeWindings
    loads: Loads
    generators: Generators
    infeeds: Infeeds
    shunts: Shunts
    switches: Switches
    start: StartState
    ratings_usable: bool
    ratings_note: str
    notes: Names = ()
    aliases: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (alias, display name)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 (hex) of everything that decides a solution; the same in every process."""
        digest = hashlib.sha256(f"{self.base_mva:.6f}".encode())
        for table in (self.buses, self.branches, self.three_winding, self.loads, self.generators, self.infeeds, self.shunts, self.switches):
            for column in fields(table):
                if not column.metadata.get("solution", True):
                    continue  # no id depends on it
                value = getattr(table, column.name)
                digest.update("\x1f".join(value).encode() if isinstance(value, tuple) else np.ascontiguousarray(_rounded(value)).tobytes())
        return digest.hexdigest()

    @cached_property
    def registry(self) -> "Registry":
        """Names and aliases of every element."""
        from grid_models.twin.registry import Registry  # the registry is built from a model: imported here to break the circle

        return Registry(self)


def _rounded(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Floats to nine decimals, so that the last bits of a platform's arithmetic never change an id (-0.0 becomes 0.0)."""
    return np.round(values.astype(np.float64), 9) + 0.0 if values.dtype.kind == "f" else values
