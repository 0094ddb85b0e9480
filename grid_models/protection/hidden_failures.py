"""Which healthy elements trip because their relay has a hidden failure that a trip nearby exposes?

A relay is exposed once a branch trips that ends where its own branch ends. The probability for each exposure is in
`data/protection_settings.yaml`, with its doubt.
"""

import numpy as np
from numpy.typing import ArrayLike

from grid_models.protection.curves import InvalidRelay
from grid_models.twin.model import BoolArray, IntArray


def exposed(from_node: IntArray, to_node: IntArray, tripped: BoolArray, in_service: BoolArray) -> BoolArray:
    """(branches,) in service, not tripped, and ending at a node where one of the tripped ends.  Nodes: fused ones, or buses."""
    ends = np.zeros(int(max(from_node.max(initial=-1), to_node.max(initial=-1))) + 1, dtype=bool)
    ends[from_node[tripped]] = ends[to_node[tripped]] = True
    return np.asarray((ends[from_node] | ends[to_node]) & in_service & ~tripped)


def hidden_failures(rng: np.random.Generator, exposed: BoolArray, probability: ArrayLike) -> BoolArray:
    """(relays,) that trip although they should not.  probability: for one exposure, one number or (relays,).

    One number is drawn for every relay whether exposed or not, so that with one seed more exposure never spares a relay.
    Raises InvalidRelay for a probability outside 0 to 1.
    """
    chance = np.asarray(probability, dtype=np.float64)
    if not np.all((chance >= 0.0) & (chance <= 1.0)):
        raise InvalidRelay(f"A hidden failure with a probability of {probability!r} was given; 0 to 1 would work.")
    return np.asarray(exposed & (rng.random(len(exposed)) < chance))
