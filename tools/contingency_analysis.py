"""What happens if one element fails, or two, or those that the caller names together?"""

from dataclasses import dataclass

from grid_models.contingency.screening import screen_blocks
from grid_models.contingency.summary import Screen, Summary, summarise
from grid_models.twin.state import GridState
from tools.comparison_rows import compared
from tools.context import ProgressCallback, StudyContext
from tools.contingency_args import ContingencyArgs
from tools.contingency_pairs import PairCounts, every_pair_solved
from tools.contingency_result import ContingencyResult
from tools.contingency_rows import counts, element_rows, failed_rows, names_of, worst_rows
from tools.contingency_verdict import doubts_of, is_secure, unrated
from tools.outage_choice import Chosen, chosen_outages, chosen_pairs

__all__ = ["ContingencyArgs", "ContingencyResult", "run"]
_SCREENS: dict[str, Screen] = {"ac": screen_blocks}


@dataclass(frozen=True)
class _Study:
    """One side of the analysis: what was asked there and what it comes to."""

    asked: Chosen
    summary: Summary
    pairs: PairCounts


def run(args: ContingencyArgs, ctx: StudyContext) -> ContingencyResult:
    """The outages asked for, ranked; those without a solution are listed with the reason. With changes: also compared without them.

    Raises PowerFlowDiverged when a state itself has no solution, StudyCancelled, and for the names UnknownElement, AmbiguousElement
    or InvalidArguments.
    """
    phases = 2 if args.changes else 1
    state = ctx.state.apply(args.changes)
    study = _study(args, state, ctx, _phase(ctx.progress, 0, phases))
    result = _result(args, study, ctx)
    if not args.changes:
        return result
    before = _study(args, ctx.state, ctx, _phase(ctx.progress, 1, phases))
    comparison = compared(before.summary, study.summary, ctx.limits, args, _SCREENS[args.method])
    return result.model_copy(update={"comparison": comparison})


def _phase(progress: ProgressCallback, index: int, of: int) -> ProgressCallback:
    """The progress of one of several phases of about equal length, as a part of the whole."""
    return lambda done, total: progress(index * total + done, of * total)


def _study(args: ContingencyArgs, state: GridState, ctx: StudyContext, progress: ProgressCallback) -> _Study:
    asked = chosen_pairs(args, state) if args.level == 2 else chosen_outages(args, state)
    summary = summarise(state, asked.outages, ctx.limits, progress=progress, cancelled=ctx.cancelled, screen=_SCREENS[args.method])
    return _Study(asked, summary, every_pair_solved(summary, args.method) if args.level == 2 else PairCounts())


def _result(args: ContingencyArgs, study: _Study, ctx: StudyContext) -> ContingencyResult:
    summary, model = study.summary, ctx.state.model
    doubts = doubts_of(summary, args.method)
    secure = is_secure(summary, doubts)
    by_element, overloaded_elements = element_rows(summary, args.top)
    return ContingencyResult(
        cases=len(summary.outages),
        secure=secure,
        secure_note=" and ".join(doubts) if secure is None else "",
        level=args.level,
        method=args.method,
        grouped=args.outages is not None,
        out_of_service=tuple(" + ".join(names_of(outage)) for outage in study.asked.out_of_service),
        failed=failed_rows(summary),
        worst=worst_rows(summary, args.top),
        **counts(summary),
        by_element=by_element,
        overloaded_elements=overloaded_elements,
        limit_percent=ctx.limits.max_loading_percent,
        loading_rule=ctx.limits.loading_rule,
        ratings_usable=model.ratings_usable,
        ratings_note=model.ratings_note,
        branches=len(model.branches),
        unrated=unrated(model),
        changes=tuple(action.words() for action in args.changes),
        **study.pairs,
    )
