"""What is the state of the grid by its measurements, can they be trusted, and what cannot be seen?"""

from typing import Literal

from pydantic import Field

from grid_models.live.conclusion import Conclusion
from grid_models.telemetry.door import MAX_AGE_S
from tools.context import StudyContext
from tools.estimate_faults import faults, refusals
from tools.estimate_result import EstimateResult
from tools.estimate_source import Seen, seen
from tools.estimate_tables import critical, figures, residuals, shown_estimate, unseen, voltages
from tools.result import Args

BadData = Literal["remove", "flag", "ignore"]


class EstimateArgs(Args):
    bad_data: BadData = Field(
        default="remove", description="remove: bad data is left out; flag: named and kept in; ignore: not searched for"
    )
    threshold: float | None = Field(
        default=None,
        gt=0,
        le=100,
        description="normalised residual above which a measurement is bad; by default one faultless set in a hundred has a removal",
    )
    max_age_s: float = Field(default=MAX_AGE_S, gt=0, le=86400, description="older measurements are refused [s]")
    top: int = Field(default=10, ge=1, le=1000, description="how many rows each table lists")


def run(args: EstimateArgs, ctx: StudyContext) -> EstimateResult:
    """The estimate of the latest telemetry, or of a synthetic set. A set that cannot be believed is a finding, not an error."""
    found = seen(ctx, args.threshold, args.max_age_s, search=args.bad_data != "ignore")
    concluded = found.conclusion
    shown = shown_estimate(concluded, args.bad_data)
    told = {
        "source": found.source,
        "converged": shown is not None,
        "observable": found.determined,
        "bad_data": args.bad_data,
        "max_age_s": args.max_age_s,
        "notes": found.notes,
        **_standing(found, concluded, ctx),
        **figures(concluded, shown),
        **faults(concluded, args.bad_data, args.top),
        **refusals(concluded.admitted, args.top),
        **unseen(concluded, ctx.state, args.top),
    }
    if shown is not None:
        told |= {**residuals(shown, args.top), **voltages(shown, args.top), **critical(shown)}
    return EstimateResult.model_validate(told)


def _standing(found: Seen, concluded: Conclusion, ctx: StudyContext) -> dict[str, object]:
    """Whether it is believed, and how old it is."""
    twin = ctx.twin if found.source == "telemetry" else None
    doubts = dict.fromkeys([*concluded.doubts, *(twin.doubts if twin else ())])
    now = ctx.now if twin else None
    return {
        "accepted": concluded.accepted,
        "doubts": tuple(doubts),
        "age_s": twin.age_s(now) if twin and now else None,
        "telemetry_age_s": max((now - concluded.telemetry.taken_at).total_seconds(), 0.0) if now else None,
    }
