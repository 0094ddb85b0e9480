"""Is the grid secure against the outages studied, and if that is unknown, why?"""

from collections.abc import Sequence

import numpy as np

from grid_models.contingency.summary import Summary
from grid_models.twin.model import GridModel
from tools.contingency_rows import with_a_finding


def unrated(model: GridModel) -> int:
    """Branches without a usable rating at either end: their loading cannot be judged."""
    return int(np.sum(~model.branches.rated))


def is_secure(summary: Summary, doubts: Sequence[str]) -> bool | None:
    """False where an outage has a finding or no solution; unknown where nothing was found but there are doubts."""
    if with_a_finding(summary).any() or not summary.solved.all():
        return False
    return None if doubts else True


def doubts_of(summary: Summary, method: str, screened_only: int = 0) -> tuple[str, ...]:
    """What was not judged, in words: branches without rating, voltages in DC, pairs that only the screening has seen."""
    model = summary.state.model
    missing = unrated(model)
    found = []
    if not summary.outages:
        found.append("no outage was studied")
    if missing:
        found.append(f"{missing} of {len(model.branches)} branches have no usable rating")
    if method == "dc":
        found.append("the DC approximation knows no voltages")
    if screened_only:
        found.append(f"{screened_only} pairs were judged by the screening alone, which knows no voltages")
    return tuple(found)
