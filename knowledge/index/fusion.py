"""Which passages do several rankings agree on? Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

_K = 60  # as in the paper: a first place of one ranking does not outweigh good places in both


def fused(rankings: Iterable[Sequence[int]]) -> list[tuple[int, float]]:
    """Items with their score 0…1 (1: first in every ranking), best first; equal scores in the order of the items."""
    listed = [list(ranking) for ranking in rankings]
    scores: dict[int, float] = defaultdict(float)
    for ranking in listed:
        for place, item in enumerate(ranking):
            scores[item] += (_K + 1) / (_K + 1 + place) / len(listed)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
