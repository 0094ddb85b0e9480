"""N-2: what do pairs of failures come to? Every pair in AC where they are few; else all of them by DC, and the worst confirmed in AC."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from grid_models.contingency.outages import Outage, OutageKind, outages_of_kinds
from grid_models.contingency.pairs import PairScreening, screen_pairs
from grid_models.contingency.summary import Summary, summarise
from grid_models.limits import OperatingLimits
from grid_models.steady.dc import limits_mw
from grid_models.twin.state import GridState

FEW_PAIRS = 20_000  # case118's 17,205 take half a second in AC
MOST_CONFIRMED = 2_000  # AC solutions of one study by DC loading: a second or two on 3,000 buses

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class PairStudy:
    """pairs: of lines and transformers in service.  screened: of them by DC, or in AC where `screening` is None.  summary: of AC.

    islanding: pairs that cut something off.  confirmed: pairs solved in AC.  left_out: within the margin by DC but not confirmed.
    overloading_dc: pairs above the loading limit by DC; None where everything was solved in AC.  method: how, in sentences for people.
    """

    pairs: int
    screened: int
    islanding: int
    confirmed: int
    left_out: int
    overloading_dc: int | None
    screening: PairScreening | None
    summary: Summary
    method: str


def study_pairs(
    state: GridState,
    limits: OperatingLimits,
    *,
    keep: int = 200,
    margin_percent: float = 10.0,
    few_pairs: int = FEW_PAIRS,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> PairStudy:
    """Study every pair of lines and transformers; three-winding transformers fail as a whole and are not paired.

    Where pairs are many, AC confirms the worst `keep` by DC loading, all within `margin_percent` of the limit (at most `MOST_CONFIRMED`,
    the rest is counted in `left_out`) and the `keep` that lose most load together. Raises PowerFlowDiverged, StudyCancelled.
    """
    singles = outages_of_kinds(state, (OutageKind.LINE, OutageKind.TRANSFORMER))
    pairs = len(singles) * (len(singles) - 1) // 2
    if pairs <= few_pairs:
        every = [_pair(one, other) for one, other in combinations(singles, 2)]
        summary = summarise(state, every, limits, progress=progress, cancelled=cancelled)
        islanding = int(np.sum(summary.islands > 0))
        return PairStudy(pairs, pairs, islanding, pairs, 0, None, None, summary, f"All {pairs:,} pairs of branches were solved in AC.")
    return _screened(state, limits, singles, keep, margin_percent, progress, cancelled)


def _screened(
    state: GridState,
    limits: OperatingLimits,
    singles: tuple[Outage, ...],
    keep: int,
    margin_percent: float,
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> PairStudy:
    allowed = limits_mw(state) * limits.max_loading_percent / 100.0
    screening = screen_pairs(
        state, allowed, keep=keep, margin_percent=margin_percent, cap=MOST_CONFIRMED, progress=progress, cancelled=cancelled
    )
    of_branch = {outage.elements[0].index: outage for outage in singles}
    first, second = (np.concatenate(ends).tolist() for ends in _worth_confirming(screening))
    outages = [_pair(of_branch[one], of_branch[other]) for one, other in dict.fromkeys(zip(first, second, strict=True))]
    done = screening.pairs

    def after_screening(solved: int, total: int) -> None:
        if progress is not None:
            progress(done + solved, done + total)

    summary = summarise(state, outages, limits, progress=after_screening, cancelled=cancelled)
    return PairStudy(
        pairs=screening.pairs,
        screened=screening.pairs,
        islanding=screening.islanding,
        confirmed=len(outages),
        left_out=screening.left_out,
        overloading_dc=screening.overloading,
        screening=screening,
        summary=summary,
        method=_method(screening, len(outages), margin_percent),
    )


def _worth_confirming(screening: PairScreening) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    return (screening.first, screening.losing_first), (screening.second, screening.losing_second)


def _pair(one: Outage, other: Outage) -> Outage:
    return Outage(OutageKind.GROUP, one.elements + other.elements)


def _method(screening: PairScreening, confirmed: int, margin_percent: float) -> str:
    if not screening.monitored:
        thermal = "no branch has a rating, so that no loading could be ranked: the pairs that lose most load were solved in AC"
    else:
        thermal = (
            f"{screening.within_margin:,} come within {margin_percent:g} % of a limit on one of "
            f"the {screening.monitored:,} rated branches; "
            f"the {confirmed:,} worst by loading or lost load were solved in AC"
        )
    left = f", {screening.left_out:,} within the margin were not" if screening.left_out else ""
    return f"All {screening.pairs:,} pairs of branches were screened by DC, {screening.islanding:,} of them islanding; {thermal}{left}."
