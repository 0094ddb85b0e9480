"""Which element follows which profile, of which kind, and what it has at relative value 1."""

from dataclasses import dataclass

import numpy as np

from grid_models.forecasting.recent_level import WEATHER
from grid_models.twin.model import FloatArray, GridModel, IntArray, Names
from grid_models.twin.profiles import Profiles

KINDS = ("load", "wind", "pv", "other")
GROUPS = {"load": "loads", "wind": "wind", "pv": "pv", "other": "other"}  # as they are shown


@dataclass(frozen=True, eq=False)
class Followers:
    """Rows of each load and generator in the relative values: the profiles, then one constant row for each of `KINDS`.

    kinds: kind of every profile.  generator_kinds: kind of every generator.
    """

    kinds: Names
    generator_kinds: Names
    load_p: IntArray
    load_q: IntArray
    generator_p: IntArray

    def weight_mw(self, model: GridModel, kind: str) -> FloatArray:
        """(profiles,) MW of a kind at relative value 1; elements without a profile are left out."""
        rows, power = (self.load_p, model.start.load_p_mw) if kind == "load" else (self.generator_p, model.start.generator_p_mw)
        members = rows < len(self.kinds)
        if kind != "load":
            members &= np.array([k == kind for k in self.generator_kinds], dtype=bool)
        return np.asarray(np.bincount(rows[members], weights=power[members], minlength=len(self.kinds)), dtype=np.float64)

    def installed_mw(self, model: GridModel, kind: str) -> float:
        """Sum of what the elements of a kind that follow a profile have at relative value 1."""
        return float(np.abs(self.weight_mw(model, kind)).sum())


def followers(model: GridModel, profiles: Profiles | None) -> Followers:
    """The rows of a grid; all constant where it has no profiles."""
    machine = tuple(t if t in WEATHER else "other" for t in model.generators.technology)
    if profiles is None:
        loads = np.zeros(len(model.loads), dtype=np.int64)
        return Followers((), machine, loads, loads, np.array([KINDS.index(k) for k in machine], dtype=np.int64))
    count = len(profiles.shape)
    kinds = ["other"] * count
    for row, kind in zip(profiles.generator_p, machine, strict=True):
        if row >= 0:
            kinds[row] = kind
    for row in np.unique(np.concatenate([profiles.load_p, profiles.load_q])):
        if row >= 0:
            kinds[row] = "load"
    constant = np.array([count + KINDS.index(k) for k in machine], dtype=np.int64)
    return Followers(
        kinds=tuple(kinds),
        generator_kinds=machine,
        load_p=np.where(profiles.load_p < 0, count, profiles.load_p),
        load_q=np.where(profiles.load_q < 0, count, profiles.load_q),
        generator_p=np.where(profiles.generator_p < 0, constant, profiles.generator_p),
    )
