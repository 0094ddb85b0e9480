"""How bad could it become if relays fail unseen? The same cascade many times, each with its own hidden failures."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from grid_models.cascade.running import Scene
from grid_models.cascade.simulate import cascade
from grid_models.protection.hidden_failures import hidden_failures
from grid_models.twin.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class Risk:
    """lost_load_mw: (samples,).  lost_mwh: to the horizon.  trips: (samples,) that followed by themselves."""

    lost_load_mw: FloatArray
    lost_mwh: FloatArray
    trips: IntArray

    @property
    def spreading(self) -> float:
        """Share of the samples in which anything tripped."""
        return float((self.trips > 0).mean())


@dataclass(frozen=True, eq=False)
class SeededFailures:
    """Hidden failures of one sample."""

    rng: np.random.Generator
    probability: float

    def also(self, exposed: BoolArray) -> IntArray:
        return np.flatnonzero(hidden_failures(self.rng, exposed, self.probability))


def risk_of(
    scene: Scene, samples: int, probability: float, seed: int, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Risk | None:
    """None where somebody stopped it. Sample i is the same whatever the number of samples."""
    lost, mwh, trips = np.zeros(samples), np.zeros(samples), np.zeros(samples, dtype=np.int64)
    for i in range(samples):
        if cancelled():
            return None
        found = cascade(replace(scene, hidden=SeededFailures(np.random.default_rng((seed, i)), probability)))
        lost[i], mwh[i], trips[i] = found.lost_load_mw, found.lost_mwh(scene.horizon_s), found.trips
        progress(i + 1, samples)
    return Risk(lost, mwh, trips)
