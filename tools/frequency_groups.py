"""What answers a loss? Governors, fast response and synthetic inertia from the arguments; the reference set where none are given."""

from math import inf

from grid_models.dynamics.response import Governor, ResponseGroup, fast_response, synthetic_inertia
from tools.frequency_args import FrequencyArgs, GovernorArgs
from tools.result import InvalidArguments


def groups_of(args: FrequencyArgs, frequency_hz: float, load_mw: float, assumed: list[str]) -> tuple[ResponseGroup, ...]:
    """Raises InvalidArguments where limits are given twice, NotCalculable."""
    governors = args.governor or (GovernorArgs(),)
    _refuse(args, governors)
    if args.governor is None:
        assumed.append("Governors of Anderson and Mirheydar's reference set: droop 5 %, reheat fraction 0.3, 8 s, gain 0.95, on the load.")
    if args.reserve_mw is None and all(g.reserve_mw is None for g in governors):
        assumed.append("Governors have no limit of reserve.")
    names = ["governors"] if len(governors) == 1 else [f"governors {n}" for n in range(1, len(governors) + 1)]
    turbines = (_governor(args, given, frequency_hz, load_mw, name) for given, name in zip(governors, names, strict=True))
    return (*turbines, *_converters(args, frequency_hz))


def _refuse(args: FrequencyArgs, governors: tuple[GovernorArgs, ...]) -> None:
    alone = args.reserve_mw is not None or args.reserve_delay_s is not None
    if len(governors) > 1 and alone:
        raise InvalidArguments("reserve_mw or reserve_delay_s came with several governors; reserve_mw and delay_s in each would work.")
    if any(g.reserve_mw is not None for g in governors) and args.reserve_mw is not None:
        raise InvalidArguments("reserve_mw was given twice, alone and in the governor; one of them would work.")


def _governor(args: FrequencyArgs, given: GovernorArgs, frequency_hz: float, load_mw: float, name: str) -> ResponseGroup:
    reserve = given.reserve_mw if given.reserve_mw is not None else args.reserve_mw
    base = given.base_mw or load_mw
    return Governor(given.droop, given.reheat_fraction, given.reheat_s, given.gain).group(
        base,
        frequency_hz,
        reserve_mw=inf if reserve is None else reserve,
        down_mw=base,  # no unit takes back more than it may give
        start_s=given.delay_s if args.reserve_delay_s is None else args.reserve_delay_s,
        deadband_hz=given.deadband_hz,
        name=name,
    )


def _converters(args: FrequencyArgs, frequency_hz: float) -> tuple[ResponseGroup, ...]:
    groups: list[ResponseGroup] = []
    if (fast := args.fast_response) is not None:
        full_at_hz = fast.droop * frequency_hz
        groups.append(fast_response(fast.mw, full_at_hz, delay_s=fast.delay_s, lag_s=fast.lag_s, deadband_hz=fast.deadband_hz))
    if (virtual := args.synthetic_inertia) is not None:
        limit = inf if virtual.limit_mw is None else virtual.limit_mw
        groups.append(synthetic_inertia(virtual.inertia_gws, frequency_hz, limit_mw=limit, delay_s=virtual.delay_s, lag_s=virtual.lag_s))
    return tuple(groups)
