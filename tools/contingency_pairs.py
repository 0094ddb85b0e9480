"""How many pairs of outages were studied, and how?"""

from typing import TypedDict

from grid_models.contingency.pair_study import PairStudy
from grid_models.contingency.summary import Summary


class PairCounts(TypedDict, total=False):
    """By the names of the result, see there; empty at level 1."""

    pairs: int
    screened: int
    islanding: int
    overloading_screened: int | None
    confirmed: int
    left_out: int
    screening_method: str | None


def every_pair_solved(summary: Summary, method: str) -> PairCounts:
    """Of pairs that needed no screening, since each was solved."""
    count = len(summary.outages)
    return PairCounts(
        pairs=count,
        screened=count,
        islanding=int((summary.islands > 0).sum()),
        overloading_screened=None,
        confirmed=count if method == "ac" else 0,
        left_out=0,
        screening_method=f"All {count:,} pairs were solved in {method.upper()}.",
    )


def screened_pairs(study: PairStudy, method: str) -> PairCounts:
    """Of pairs that were all screened; in DC nothing is confirmed, the worst are only listed."""
    return PairCounts(
        pairs=study.pairs,
        screened=study.screened,
        islanding=study.islanding,
        overloading_screened=study.overloading_dc,
        confirmed=study.confirmed if method == "ac" else 0,
        left_out=study.left_out,
        screening_method=study.method if method == "ac" else f"{study.method} What is listed is by DC.",
    )
