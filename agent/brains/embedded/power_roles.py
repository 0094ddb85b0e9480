"""As what is an amount said: lost, load of the system, reserve, inertia, a limit, or a time? By its unit and the words of its clause."""

from collections.abc import Sequence

from agent.brains.embedded.disturbance_amounts import Amount
from agent.brains.embedded.vocabulary import word_class

LOST = word_class("power_roles.lost")
_LOADS = word_class("power_roles.loads")
_SYSTEMS = word_class("power_roles.systems")
_RESERVES = word_class("power_roles.reserves")
_FAST = word_class("power_roles.fast")
_LATER = word_class("power_roles.later")
_SYNTHETIC = frozenset({"synthetic", "virtual", "emulated"})
_FORMING = frozenset({"forming"})
_DELAYS = word_class("power_roles.delays")
_DROOPS = frozenset({"droop"})
_REHEATING = frozenset({"reheat", "reheater"})


def role_of(amount: Amount, amounts: Sequence[Amount]) -> str:
    if amount.unit == "mw":
        return _of_power(amount)
    if amount.unit == "mws":
        return "synthetic_gws" if amount.near(_SYNTHETIC, 3) else "grid_forming_gws" if amount.near(_FORMING, 3) else "inertia_gws"
    if amount.unit == "s":
        return _of_time(amount, amounts)
    if amount.unit == "percent":
        return "droop" if amount.near(_DROOPS) else "reheat_fraction" if amount.near(_REHEATING, 4) else ""
    return {"percent_per_hz": "damping_percent_per_hz", "hz_per_s": "rocof_limit_hz_per_s", "hz": "hz"}[amount.unit]


def _of_power(amount: Amount) -> str:
    if amount.near(_FAST):
        return "fast_mw"
    if amount.near(_RESERVES):
        return "reserve_mw"
    loads = not _LOADS.isdisjoint((*amount.after[:3], *amount.before[-3:]))
    if loads:
        return "load_mw" if LOST.isdisjoint(amount.around) else "lost_load_mw"
    return "load_mw" if not _SYSTEMS.isdisjoint((*amount.after[:1], *amount.before[-2:])) else "loss"


def _of_time(amount: Amount, amounts: Sequence[Amount]) -> str:
    """Of a further loss, of what the reserve waits for, or how far to look."""
    if amount.near(_REHEATING, 4):
        return "reheat_s"
    if not _LATER.isdisjoint(amount.after[:1]) or (amount.following == "after" and sum(a.unit == "mw" for a in amounts) > 1):
        return "later"
    before = [a for a in amounts if a.start < amount.start and a.unit == "mw"]
    waited_for = _of_power(before[-1]) if before else ""
    if amount.around & _DELAYS and (waited_for in ("reserve_mw", "fast_mw") or amount.near(_RESERVES | _FAST, 5)):
        return "fast_delay" if waited_for == "fast_mw" or amount.near(_FAST, 5) else "reserve_delay"
    return "later" if amount.before[-1:] == ("after",) or "later" in amount.around else "horizon_s" if amount.before else ""
