"""What is the point of a contingency analysis, in one sentence?"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.contingency_comparison import Comparison
    from tools.contingency_result import ContingencyResult, OutageRow

_NEGLIGIBLE_MW = 0.05  # rounds to 0.0 MW


def headline(result: "ContingencyResult") -> str:
    """True for every outcome: secure, unknown, insecure, without a solution, nothing to study; with what the changes do to it."""
    after = f"After {_listed(result.changes)}: " if result.changes else ""
    approximate = "; this is the DC approximation, which knows no voltages" if result.method == "dc" and result.secure is False else ""
    compared = f"; {_compared(result.comparison)}" if result.comparison is not None else ""
    note = f" {result.comparison_note}" if result.comparison_note else ""
    return f"{after}{_verdict(result)}{approximate}{compared}.{note}"


def _verdict(result: "ContingencyResult") -> str:
    if not result.cases:
        return _nothing(result)
    if result.secure:
        return f"Losing {_name(result)} breaks no limit and loses no load" if result.cases == 1 else f"All {_what(result)} are secure"
    if result.secure is None:
        return f"{_no_finding(result)}, but whether that is secure is unknown: {result.secure_note}"
    return _insecure(result)


def _nothing(result: "ContingencyResult") -> str:
    out = result.out_of_service
    if not out:
        return "There is no element in service whose outage could be studied"
    names, are = _listed(out) if len(out) < 4 else f"{', '.join(out[:3])} and {len(out) - 3} more", "are" if out[1:] else "is"
    return f"{names} {are} out of service already or idle, so there is nothing to lose"


def _no_finding(result: "ContingencyResult") -> str:
    if result.cases == 1:
        return f"Losing {_name(result)} breaks no limit that could be judged and loses no load"
    return f"None of {_what(result)} breaks a limit that could be judged or loses load"


def _insecure(result: "ContingencyResult") -> str:
    if result.cases == 1:
        return f"Losing {_name(result)} {_harm(result.worst[0]) if result.worst else 'leaves no power-flow solution'}"
    parts = []
    if result.total:
        parts.append(f"{result.total} of {_what(result)} {'break a limit or lose' if result.total > 1 else 'breaks a limit or loses'} load")
        worst = result.worst[0]
        parts.append(f"the worst, {_listed(worst.outage)}, {_harm(worst)}")
    if result.failed_total:
        parts.append(f"{result.failed_total} of {_what(result)} {'have' if result.failed_total > 1 else 'has'} no power-flow solution")
    if result.unrated:
        parts.append(f"loadings of {result.unrated} of {result.branches} branches are not judged for want of a usable rating")
    if result.left_out:
        parts.append(f"{result.left_out} pairs near a finding were not solved in AC")
    return "; ".join(parts)


def _what(result: "ContingencyResult") -> str:
    """'104 single outages'; of pairs those that were solved in AC."""
    if result.level == 2:
        judged = sum(result.cases_by_kind.values())
        return f"{result.pairs} pairs" if judged == result.pairs else f"{judged} pairs solved (of {result.pairs})"
    return f"{result.cases} {'outages asked for' if result.grouped else 'single outages'}"


def _name(result: "ContingencyResult") -> str:
    return _listed(result.worst[0].outage if result.worst else result.failed[0].outage)


def _harm(row: "OutageRow") -> str:
    """What one outage does."""
    if row.total_loss:
        return f"is a total loss of supply, {row.lost_load_mw:.1f} MW of load"
    parts = [
        f"loads {row.overloaded[0].element} to {row.overloaded[0].loading_percent:.1f} %" if row.overloaded else "",
        f"cuts off {row.lost_load_mw:.1f} MW of load" if row.lost_load_mw > _NEGLIGIBLE_MW else "",
        f"pushes {row.voltage_violations} {'bus' if row.voltage_violations == 1 else 'buses'} out of the voltage band"
        if row.voltage_violations
        else "",
    ]
    return _listed([part for part in parts if part]) or "cuts off less than 0.1 MW of load"


def _compared(found: "Comparison") -> str:
    """What the changes do, in counts."""
    overloads = {"new": found.new_total, "worse": found.worsened_total, "resolved": found.resolved_total, "better": found.improved_total}
    parts = [
        _listed([f"{count} {word}" for word, count in overloads.items() if count]),
        _times(found.lost_load_total, "lost load differs"),
        _times(found.voltages_total, "voltages differ"),
        f"{found.newly_failed_total} newly without a solution" if found.newly_failed_total else "",
    ]
    parts[0] = f"overloads {parts[0]}" if parts[0] else ""
    words = ", ".join(part for part in parts if part)
    return f"against the same outages without the changes: {words or 'no difference beyond the tolerances'}"


def _times(count: int, what: str) -> str:
    return f"{what} after {count} outage{'s' if count > 1 else ''}" if count else ""


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
