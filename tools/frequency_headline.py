"""The point of a frequency response in one sentence: how fast, how far, what is shed, where it ends, what inertia would do."""

from typing import TYPE_CHECKING

from tools.amounts import in_mw

if TYPE_CHECKING:
    from tools.frequency_result import FrequencyResult

_SHOWN_HZ = 5e-4  # a movement that three digits would not show


def sentence(found: "FrequencyResult") -> str:
    """One sentence."""
    return f"{_lost(found)}: {_course(found)}{_shed(found)}{_end(found)}{_least(found)}."


def _lost(found: "FrequencyResult") -> str:
    first = found.losses[0]
    surplus = "an export of" if found.element else "load of"
    what = f"{surplus} {in_mw(-first.mw)}" if first.mw < 0 else in_mw(first.mw)
    of = f"{found.element} ({what})" if found.element else what
    later = sum(loss.mw for loss in found.losses[1:])
    return f"Losing {of}" + (f" and then {in_mw(later)} more" if len(found.losses) > 1 else "")


def _rises(found: "FrequencyResult") -> bool:
    return found.losses[0].mw < 0


def _course(found: "FrequencyResult") -> str:
    up = _rises(found)
    peak, at = (found.zenith_hz, found.zenith_s) if up else (found.nadir_hz, found.nadir_s)
    verb = "rises" if up else "falls"
    if found.collapsed:
        return f"frequency {verb} at {_rate(found.rocof_hz_per_s)} and collapses"
    if abs(peak - found.nominal_hz) < _SHOWN_HZ:
        return f"frequency moves by {1000 * abs(peak - found.nominal_hz):.2g} mHz, at first by {_rate(found.rocof_hz_per_s)}"
    return f"frequency {verb} at {_rate(found.rocof_hz_per_s)} at once and reaches {peak:.3f} Hz after {at:.1f} s"


def _rate(hz_per_s: float) -> str:
    return f"{hz_per_s:.3f} Hz/s" if hz_per_s >= 0.01 else f"{hz_per_s:.2g} Hz/s"


def _shed(found: "FrequencyResult") -> str:
    stages = sum(row.at_s is not None for row in found.shed_stages)
    if not stages:
        return "" if found.scheme == "none" else ", no load is shed"
    return f", {in_mw(found.shed_mw)} of load are shed in {stages} stage{'s' * (stages > 1)}"


def _end(found: "FrequencyResult") -> str:
    if found.collapsed:
        return ""
    if found.settles_hz is None:
        return f", and it has not settled after {found.horizon_s:.0f} s"
    return f", and it settles at {found.settles_hz:.3f} Hz"


def _least(found: "FrequencyResult") -> str:
    if found.smallest_inertia_gws is not None:
        now = f"(now {found.inertia_gws:.3g} GW·s)"
        return f"; {found.smallest_inertia_gws:.3g} GW·s is the smallest inertia that keeps {found.limit_hz:.4g} Hz {now}"
    return f"; {found.smallest_inertia_note.rstrip('.')}" if found.smallest_inertia_note else ""
