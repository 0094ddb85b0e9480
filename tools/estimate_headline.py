"""What is the point of a state estimation, in one sentence?"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.estimate_result import EstimateResult
    from tools.estimate_rows import BadRow, PositionRow

_SHOWN = 3  # faults of a kind that are named
SYNTHETIC = "Synthetic measurements of the state studied (nobody measures this grid now)"


def headline(result: "EstimateResult") -> str:
    """What is wrong, the gravest first; what is old or refused; or that everything agrees."""
    parts = [*_doubts(result), *_faults(result), *_refused(result)]
    told = "; ".join(parts) if parts else _agreement(result)
    return f"{SYNTHETIC}: {told}." if result.source == "synthetic" else f"{told[:1].upper()}{told[1:]}."


def _doubts(result: "EstimateResult") -> list[str]:
    return [doubt.rstrip(".") for doubt in result.doubts[:1]]


def _faults(result: "EstimateResult") -> list[str]:
    wrong = [_position(p) for p in result.positions[:_SHOWN]]
    bad = [_bad(b) for b in result.bad[:_SHOWN]]
    odd = [f"{c.meter} reads {c.measured:.4g} {c.unit} although the positions allow none" for c in result.contradictions[:_SHOWN]]
    more = result.bad_total + result.contradictions_total - len(bad) - len(odd)
    return [*wrong, *bad, *odd, *([f"{more} more are bad"] if more > 0 else [])]


def _position(row: "PositionRow") -> str:
    others = f" (or {' or '.join(row.instead)} is wrong instead)" if row.instead else ""
    return f"{row.element} is reported {row.reported}, but the measurements around it fit only if it is {row.concluded}{others}"


def _bad(row: "BadRow") -> str:
    said = f"{row.meter} reads {row.measured:.4g} {row.unit}, estimate {row.estimated:.4g} {row.unit}"
    others = f" (or {' or '.join(row.instead)} is wrong instead)" if row.instead else ""
    return (
        f"{said}, normalised residual {row.normalised_residual:.3g}: {row.verdict}{others}; {'removed' if row.removed else 'not removed'}"
    )


def _refused(result: "EstimateResult") -> list[str]:
    told = [row.sentence for row in result.refused if row.reason != "invalid"][:_SHOWN]  # of invalid ones the source says so itself
    more = result.refused_total - len(result.refused) if len(told) == _SHOWN else 0
    return [*told, *([f"{more} more groups of measurements were refused or are old"] if more > 0 else [])]


def _agreement(result: "EstimateResult") -> str:
    if result.j is None or result.dof is None or result.chi2_limit is None:
        return "nothing could be estimated"
    counts = result.measurements
    agree = "agree with each other" if result.passes else "do not agree with each other"
    return (
        f"the {counts.used} measurements used {agree}: the weighted sum of squares is {result.j:.0f}, "
        f"with {result.dof} degrees of freedom its limit is {result.chi2_limit:.0f}"
    )
