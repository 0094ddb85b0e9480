"""What do the outages asked for come to in one state?"""

from dataclasses import dataclass

from grid_models.contingency.dc_screening import dc_blocks
from grid_models.contingency.outages import Outage
from grid_models.contingency.pair_study import study_pairs
from grid_models.contingency.screening import screen_blocks
from grid_models.contingency.summary import Screen, Summary, summarise
from grid_models.twin.state import GridState
from tools.context import ProgressCallback, StudyContext
from tools.contingency_args import ContingencyArgs
from tools.contingency_pairs import PairCounts, every_pair_solved, screened_pairs
from tools.outage_choice import Chosen, chosen_outages, chosen_pairs, every_pair, in_service

SCREENS: dict[str, Screen] = {"ac": screen_blocks, "dc": dc_blocks}
_CONFIRMED_PAIRS = 200  # the worst by the screening, and all within the margin: engineering judgement
_MARGIN_PERCENT = 10.0


@dataclass(frozen=True)
class Study:
    """One side of an analysis. `summary` holds the outages solved: of screened pairs only the confirmed ones."""

    asked: Chosen
    summary: Summary
    pairs: PairCounts

    @property
    def cases(self) -> int:
        return self.pairs.get("pairs", len(self.summary.outages))

    @property
    def screened_only(self) -> int:
        return self.cases - len(self.summary.outages)


def study_outages(args: ContingencyArgs, state: GridState, ctx: StudyContext, progress: ProgressCallback) -> Study:
    """Raises PowerFlowDiverged, StudyCancelled and for the names UnknownElement, AmbiguousElement, InvalidArguments."""
    if args.level == 2 and args.elements is None:
        return _all_pairs(args, state, ctx, progress)
    asked = chosen_pairs(args, state) if args.level == 2 else chosen_outages(args, state)
    summary = _summary(args, state, asked.outages, ctx, progress)
    return Study(asked, summary, every_pair_solved(summary, args.method) if args.level == 2 else PairCounts())


def same_outages(args: ContingencyArgs, before: Study, after: Study, ctx: StudyContext) -> tuple[Summary, Summary]:
    """Both sides with the same outages: the screening confirms other pairs in another state, so each side solves the other's too."""
    if not after.screened_only and not before.screened_only:
        return before.summary, after.summary
    pairs = tuple(dict.fromkeys((*after.summary.outages, *before.summary.outages)))
    one, other = (
        _summary(args, side.summary.state, in_service(pairs, side.summary.state, every=True).outages, ctx, lambda done, total: None)
        for side in (before, after)
    )
    return one, other


def _all_pairs(args: ContingencyArgs, state: GridState, ctx: StudyContext, progress: ProgressCallback) -> Study:
    """Few pairs are all solved; many are screened and the worst of them solved."""
    every = every_pair(state) if args.method == "dc" else None
    if every is not None:
        summary = _summary(args, state, every, ctx, progress)
        return Study(Chosen(every), summary, every_pair_solved(summary, args.method))
    keep = max(_CONFIRMED_PAIRS, args.top)
    found = study_pairs(state, ctx.limits, keep=keep, margin_percent=_MARGIN_PERCENT, progress=progress, cancelled=ctx.cancelled)
    summary = found.summary if args.method == "ac" else _summary(args, state, found.summary.outages, ctx, lambda done, total: None)
    return Study(Chosen(summary.outages), summary, screened_pairs(found, args.method))


def _summary(
    args: ContingencyArgs, state: GridState, outages: tuple[Outage, ...], ctx: StudyContext, progress: ProgressCallback
) -> Summary:
    return summarise(state, outages, ctx.limits, progress=progress, cancelled=ctx.cancelled, screen=SCREENS[args.method])
