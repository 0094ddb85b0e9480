"""What happens if one element fails, or two, or those that the caller names together?"""

from grid_models.errors import PowerFlowDiverged
from grid_models.steady.divergence import explain_divergence
from grid_models.twin.state import GridState
from tools.comparison_rows import compared
from tools.context import ProgressCallback, StudyContext
from tools.contingency_args import ContingencyArgs
from tools.contingency_result import ContingencyResult
from tools.contingency_rows import counts, element_rows, failed_rows, names_of, worst_rows
from tools.contingency_study import Study, same_outages, study_outages
from tools.contingency_verdict import doubts_of, is_secure, unrated

__all__ = ["ContingencyArgs", "ContingencyResult", "run"]


def run(args: ContingencyArgs, ctx: StudyContext) -> ContingencyResult:
    """The outages asked for, ranked; those without a solution are listed with the reason. With changes: also compared without them.

    Raises PowerFlowDiverged, explained, when the state to study has no power flow, StudyCancelled, and for the names UnknownElement,
    AmbiguousElement or InvalidArguments. Where only the state without the changes has none, a note stands in for the comparison.
    """
    phases = 2 if args.changes else 1
    state = ctx.state.apply(args.changes)
    study = _studied(args, state, ctx, _phase(ctx.progress, 0, phases))
    result = _result(args, study, ctx)
    if not args.changes:
        return result
    try:
        before = _studied(args, ctx.state, ctx, _phase(ctx.progress, 1, phases))
    except PowerFlowDiverged as error:
        return result.model_copy(update={"comparison_note": f"Without the changes there is no power flow to compare with: {error}"})
    sides = same_outages(args, before, study, ctx)
    comparison = compared(*sides, ctx.limits, method=args.method, top=args.top, secure_before=_verdict(args, before)[0])
    return result.model_copy(update={"comparison": comparison})


def _studied(args: ContingencyArgs, state: GridState, ctx: StudyContext, progress: ProgressCallback) -> Study:
    """The outages of one state; where it has no power flow, the error says why, how far it would go and what would restore it."""
    try:
        return study_outages(args, state, ctx, progress)
    except PowerFlowDiverged as error:
        raise PowerFlowDiverged(explain_divergence(state).sentence) from error


def _verdict(args: ContingencyArgs, study: Study) -> tuple[bool | None, str]:
    """Secure or not, and why that is unknown."""
    doubts = doubts_of(study.summary, args.method, study.screened_only)
    secure = is_secure(study.summary, doubts)
    return secure, " and ".join(doubts) if secure is None else ""


def _phase(progress: ProgressCallback, index: int, of: int) -> ProgressCallback:
    """The progress of one of several phases of about equal length, as a part of the whole."""
    return lambda done, total: progress(index * total + done, of * total)


def _result(args: ContingencyArgs, study: Study, ctx: StudyContext) -> ContingencyResult:
    summary, model = study.summary, ctx.state.model
    secure, note = _verdict(args, study)
    by_element, overloaded_elements = element_rows(summary, args.top)
    return ContingencyResult(
        cases=study.cases,
        secure=secure,
        secure_note=note,
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
