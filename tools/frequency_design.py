"""Of which system is a grid a part that holds no inertia of its own? The documented design case of its synchronous area."""

from grid_models.dynamics.schemes import Area
from tools.frequency_args import FrequencyArgs, GovernorArgs


def in_its_area(args: FrequencyArgs, area: Area | None) -> tuple[FrequencyArgs, str, str] | None:
    """The arguments with what was not given taken from the area, a sentence on that, and its doubt. None: nothing is documented."""
    design = area.design if area is not None else None
    if area is None or design is None:
        return None
    responds = args.governor is not None or args.reserve_mw is not None
    taken: dict[str, object] = {"inertia_gws": design.inertia_gws, "load_mw": design.load_mw}
    if args.damping_percent_per_hz is None:
        taken["damping_percent_per_hz"] = design.damping_percent_per_hz
    if not responds:
        taken["governor"] = (_reserve(design.reserve_mw, design.reserve_full_at_hz, area.frequency_hz, design.load_mw),)
    said = (
        f"This grid holds no synchronous machine of its own, so it is taken as a part of {area.title} in its design case: "
        f"{design.load_mw / 1000:g} GW of load, {design.inertia_gws:g} GW·s, {design.damping_percent_per_hz:g} % per Hz of load damping, "
        f"{design.reserve_mw / 1000:g} GW of primary reserve that is full at a deviation of {design.reserve_full_at_hz:g} Hz "
        f"({design.source})."
    )
    return args.model_copy(update=taken), said, design.unverified


def _reserve(reserve_mw: float, full_at_hz: float, frequency_hz: float, load_mw: float) -> GovernorArgs:
    """Units that give all of the reserve at a deviation, by droop on the load."""
    droop = (full_at_hz / frequency_hz) / (reserve_mw / load_mw)
    return GovernorArgs(droop=droop, gain=1.0, reserve_mw=reserve_mw)
