"""Which passages do several rankings agree on? Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009), weighted."""

from collections import defaultdict
from collections.abc import Sequence

_K = 5  # 60 in the paper, for lists of thousands; ours have 50 places, and a first place has to count for more


def fused(rankings: Sequence[tuple[Sequence[int], float]]) -> list[tuple[int, float]]:
    """Items with their score 0…1 (1: first in every ranking), best first; equal scores in the order of the items."""
    total = sum(weight for _, weight in rankings)
    scores: dict[int, float] = defaultdict(float)
    for ranking, weight in rankings:
        for place, item in enumerate(ranking):
            scores[item] += weight / total * (_K + 1) / (_K + 1 + place)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))
