"""What would keep a transformer cool? Changes that power flows and the thermal model have verified."""

from agent.answer import Call
from agent.rendering.marks import table
from agent.rendering.reading import text
from agent.rendering.thermal_rows import RowMarks, listed

_SHOWN = 5


def helped(call: Call, element: str) -> str:
    """'; to cap HV1 Sgen 54 at 20 MW would bring the peak to 104.2 °C'; empty where nothing does."""
    best = _best(call)
    if best is None or text(call.result, "explained") != element:
        return ""
    return f"; to {best.text('change')} would bring the peak to {best('hot_spot_after_celsius')}{_but(best)}"


def _best(call: Call) -> RowMarks | None:
    """The first that is enough and breaks nothing else, else the first that is enough, else the most effective."""
    cooling = [r for r in listed(call, "helps") if r.amount("hot_spot_after_celsius") < r.amount("hot_spot_before_celsius")]
    enough = [r for r in cooling if r.row.get("within_limits") is True]
    return next(iter([*(r for r in enough if not r.amount("new_violations")), *enough, *cooling]), None)


def _but(row: RowMarks) -> str:
    short = [] if row.row.get("within_limits") is True else ["is not enough alone"]
    many = row.amount("new_violations")
    broken = [f"would break {row('new_violations')} other limit{'s' * (many != 1)}"] if many else []
    return f", but {' and '.join([*short, *broken])}" if short or broken else ""


def helps_point(call: Call) -> str:
    """What helps most, or that nothing is needed or found."""
    best, explained = _best(call), text(call.result, "explained")
    if best is None:
        near = any(r.amount("margin_k") < 0 or r.number("days_to_limit_low") is not None for r in listed(call, "transformers"))
        return f"**{'No change that was tried helps.' if near else 'No limit is near, so no relief was looked for.'}**"
    before, after = best("hot_spot_before_celsius"), best("hot_spot_after_celsius")
    return f"**To {best.text('change')} would bring the hot-spot's expected peak at {explained} from {before} to {after}{_but(best)}.**"


def helps(call: Call) -> list[str]:
    """Each change with load and peak before and after. Nothing of it has been done."""
    lines = [
        [
            r.text("change"),
            f"{r('load_before_percent')} → {r('load_after_percent')}",
            f"{r('hot_spot_before_celsius')} → {r('hot_spot_after_celsius')}",
            "yes" if r.row.get("within_limits") is True else "no",
            r("new_violations") if r.amount("new_violations") else "none",
        ]
        for r in listed(call, "helps")[:_SHOWN]
    ]
    head = ["Change", "Load at the hottest moment", "Hot-spot's peak", "Enough", "New violations"]
    words = "What would help, verified by a power flow and the thermal model; nothing has been done:"
    return [words, table(head, lines)] if lines else []
