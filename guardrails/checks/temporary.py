"""How far may a branch be loaded for a limited time? Only where the source of the grid gives a temporary rating."""

import numpy as np

from grid_models.steady.solution import Solution
from grid_models.twin.model import Branches, FloatArray


def allowed_percent(branches: Branches) -> FloatArray:
    """(branches,) the temporary rating in percent of the permanent one, at the end where it is less; 100 where the source gives none.

    An end with a permanent rating and no higher temporary one keeps its permanent rating; NaN without any rating.
    """
    ends = (
        (branches.temporary_from_ka, branches.rating_from_ka),
        (branches.temporary_to_ka, branches.rating_to_ka),
    )
    shares = [np.where(temporary > permanent, temporary, permanent) / permanent for temporary, permanent in ends]
    return np.fmin(*shares) * 100.0


def temporary_percent(solution: Solution) -> FloatArray:
    """(branches,) the larger end's current in percent of its temporary rating; NaN without one, and where nothing flows."""
    branches = solution.model.branches
    return np.fmax(solution.i_from_ka / branches.temporary_from_ka, solution.i_to_ka / branches.temporary_to_ka) * 100.0
