"""What does frequency do when power is lost: how fast and how far it falls, what is shed, where it settles?"""

import numpy as np

from grid_models.dynamics.measures import nadir, rocof_at_once, rocof_over, settling_hz, zenith
from grid_models.dynamics.smallest_inertia import SmallestInertia, inertia_for_frequency, inertia_for_rocof
from grid_models.dynamics.trajectory import LONGEST_S, Trajectory, trajectory_of
from tools.context import StudyContext
from tools.frequency_args import FrequencyArgs
from tools.frequency_limits import limit_rows
from tools.frequency_result import FrequencyMoment, FrequencyResult, LossRow, StageRow
from tools.frequency_system import Disturbed, disturbed

_HORIZON_S = 60.0
_SETTLED_HZ = 0.01  # engineering judgement
_LIMIT_SHARE = 49.2 / 50.0  # of nominal: the floor of GB's security standard, and CE's highest instantaneous deviation
_ROWS = 400  # of the series
_WINDOW_S = 0.5  # of the mean rate of change, as GB's protection and the demand connection code take it


def run(args: FrequencyArgs, ctx: StudyContext) -> FrequencyResult:
    """The course, its measures and limits, the smallest inertia. Raises InvalidArguments, UnknownElement, NotCalculable."""
    found = disturbed(args, ctx)
    course = _course(args, found)
    balance = settling_hz(course)
    settled = balance is not None and not course.collapsed and abs(course.frequency_hz[-1] - balance) <= _SETTLED_HZ
    settles = balance if settled else None
    limit, least = _least(args, found)
    rate = _least_for_rate(args, found)
    low, high = nadir(course), zenith(course)
    return FrequencyResult(
        element=found.element,
        losses=tuple(LossRow(at_s=x.at_s, mw=x.mw - x.load_mw) for x in course.losses),
        nominal_hz=course.system.frequency_hz,
        inertia_gws=course.system.inertia_gws,
        load_mw=course.system.load_mw,
        damping_percent_per_hz=course.system.damping_percent_per_hz,
        rocof_hz_per_s=rocof_at_once(course),
        rocof_500ms_hz_per_s=rocof_over(course, _WINDOW_S),
        nadir_hz=low.frequency_hz,
        nadir_s=low.at_s,
        zenith_hz=high.frequency_hz,
        zenith_s=high.at_s,
        shed_mw=float(course.shed_mw[-1]),
        scheme=found.scheme,
        shed_stages=_stages(course),
        settles_hz=settles,
        settled=settled,
        collapsed=course.collapsed,
        response_mw=float(course.response_mw[-1]),
        damping_mw=float(course.damping_mw[-1]),
        limits=limit_rows(found.area, course, settles),
        area=found.area.title if found.area else None,
        limit_hz=limit,
        smallest_inertia_gws=least.inertia_gws,
        smallest_inertia_note=least.why,
        smallest_inertia_for_rocof_gws=rate.inertia_gws if rate else None,
        horizon_s=float(course.time_s[-1]),
        series=_series(course),
        assumed=tuple(found.told.assumed),
        unverified=(*found.told.unverified, *_unverified(found)),
    )


def _course(args: FrequencyArgs, found: Disturbed) -> Trajectory:
    """To the horizon asked for; else longer and longer until it has settled, after the last loss."""
    if args.horizon_s is not None:
        return trajectory_of(found.system, found.losses, args.horizon_s)
    horizon = min(max(loss.at_s for loss in found.losses) + _HORIZON_S, LONGEST_S)
    while True:
        course = trajectory_of(found.system, found.losses, horizon)
        balance = settling_hz(course)
        if course.collapsed or horizon >= LONGEST_S or (balance is not None and abs(course.frequency_hz[-1] - balance) <= _SETTLED_HZ):
            return course
        horizon = min(2.0 * horizon, LONGEST_S)


def _least(args: FrequencyArgs, found: Disturbed) -> tuple[float, SmallestInertia]:
    """Below nominal for lost generation, above it for lost load."""
    nominal = found.system.frequency_hz
    surplus = sum(loss.load_mw - loss.mw for loss in found.losses) > 0.0
    usual = nominal * ((2.0 - _LIMIT_SHARE) if surplus else _LIMIT_SHARE)
    limit = args.limit_hz if args.limit_hz is not None else round(usual, 6)
    return limit, inertia_for_frequency(found.system, found.losses, limit, _horizon(args, found))


def _least_for_rate(args: FrequencyArgs, found: Disturbed) -> SmallestInertia | None:
    if args.rocof_limit_hz_per_s is None:
        return None
    return inertia_for_rocof(found.system, found.losses, args.rocof_limit_hz_per_s, _WINDOW_S, _horizon(args, found))


def _horizon(args: FrequencyArgs, found: Disturbed) -> float:
    return args.horizon_s or min(max(loss.at_s for loss in found.losses) + _HORIZON_S, LONGEST_S)


def _stages(course: Trajectory) -> tuple[StageRow, ...]:
    return tuple(
        StageRow(below_hz=s.below_hz, mw=s.mw, delay_s=s.delay_s + s.breaker_s, at_s=None if np.isnan(at) else float(at))
        for s, at in zip(course.system.stages, course.shed_s, strict=True)
    )


def _series(course: Trajectory) -> tuple[FrequencyMoment, ...]:
    """Evenly in rows, denser at first; what happens (two rows of one moment) and the extremes are kept."""
    count = len(course.time_s)
    even = np.unique((np.linspace(0.0, 1.0, _ROWS) ** 2 * (count - 1)).round().astype(np.int64))
    twice = np.flatnonzero(np.diff(course.time_s) == 0.0)[:_ROWS]
    kept = np.unique(np.concatenate([even, twice, twice + 1, [np.argmin(course.deviation_hz), np.argmax(course.deviation_hz)]]))
    return tuple(
        FrequencyMoment(time_s=float(t), frequency_hz=float(f), response_mw=float(r), shed_mw=float(s))
        for t, f, r, s in zip(course.time_s[kept], course.frequency_hz[kept], course.response_mw[kept], course.shed_mw[kept], strict=True)
    )


def _unverified(found: Disturbed) -> tuple[str, ...]:
    limits = found.area.limits if found.area else ()
    return tuple(f"of the limit '{limit.name}' ({limit.clause}): {limit.unverified}" for limit in limits if limit.unverified)
