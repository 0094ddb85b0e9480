"""Which branches fail together at random? The same ones for the same seed."""

import numpy as np

from grid_models.cascade.dc_grid import InvalidCascade
from grid_models.contingency.pair_tiles import failing
from grid_models.steady.dc import dc_flow
from grid_models.twin.model import IntArray
from grid_models.twin.state import GridState


def random_outages(state: GridState, samples: int, *, seed: int, together: int = 2) -> IntArray:
    """(samples, together) rows of the branch table: different live lines and transformers, every set equally likely.

    Three-winding transformers fail as a whole and are left out. Raises InvalidCascade where the grid has too few branches.
    """
    among = np.flatnonzero(failing(dc_flow(state)))
    if not 1 <= together <= len(among):
        raise InvalidCascade(f"{together} outages at once were asked for; 1 to {len(among)} branches of this grid can fail together.")
    rng = np.random.default_rng(seed)
    chosen = np.empty((samples, 0), dtype=np.int64)
    for left in range(len(among), len(among) - together, -1):
        new = rng.integers(0, left, samples)
        for taken in chosen.T:  # rising, so that each one passed opens the next place
            new = new + (new >= taken)
        chosen = np.sort(np.column_stack([chosen, new]), axis=1)
    return np.asarray(among[chosen], dtype=np.int64)
