"""How near are transformers to their limits, how does the hottest one develop, and what adds up to its peak? As pictures."""

from math import floor

from agent.answer import Call
from agent.rendering.bars import Bar, Picture, bar_picture
from agent.rendering.colours import BLUE, GREY, ORANGE, VERMILION
from agent.rendering.fan import Course, fan_picture
from agent.rendering.marks import capital
from agent.rendering.reading import Row, amount, number, rows, text
from agent.rendering.thermal_causes import SHOWN_K, label

_SHOWN = 12
_IN_HOURS = 72.0  # a longer horizon is drawn in days; engineering judgement


def thermal_pictures(call: Call) -> list[Picture | None]:
    """The course of one transformer, what adds up to its peak, and the margins of all."""
    explained = next((r for r in rows(call.result, "transformers") if text(r, "element") == text(call.result, "explained")), None)
    return [_fan(call, explained), _causes(call, explained), _margins(call)] if explained else [_margins(call)]


def _fan(call: Call, row: Row) -> Picture | None:
    """Hot-spot with its band, top oil and both limits."""
    moments = rows(call.result, "series")
    days = amount(call.result, "horizon_hours") > _IN_HOURS
    times = [amount(m, "hours") / (24.0 if days else 1.0) for m in moments]
    low, high = ([v for m in moments if (v := number(m, f"hot_spot_{end}_celsius")) is not None] for end in ("low", "high"))
    banded = len(low) == len(high) == len(moments)
    hot_spot = Course(
        "hot-spot, expected",
        [amount(m, "hot_spot_celsius") for m in moments],
        low if banded else None,
        high if banded else None,
        f"{amount(call.result, 'interval_percent'):.0f} % of the paths",
    )
    oil = Course("top oil, expected", [amount(m, "top_oil_celsius") for m in moments])
    limits = {"hot-spot limit": amount(row, "hot_spot_limit_celsius"), "top-oil limit": amount(row, "top_oil_limit_celsius")}
    axis = f"{'days' if days else 'hours'} from the start"
    return fan_picture(f"Temperatures of {text(row, 'element')}", times, axis, [hot_spot, oil], limits)


def _causes(call: Call, row: Row) -> Picture | None:
    """Each cause is a step from where the one before it ended; the last bar is where they lead."""
    baseline, found = number(call.result, "baseline_hot_spot_celsius"), rows(call.result, "causes")
    if baseline is None or not found:
        return None
    bars, reached = [Bar("Without these causes", baseline, GREY)], baseline
    for cause in found:
        share = amount(cause, "share_k")
        if abs(share) < SHOWN_K:
            continue
        bars.append(Bar(capital(label(cause)), reached + share, *((ORANGE, "/") if share > 0 else (BLUE, "")), begin=reached))
        reached += share
    bars.append(Bar("With all of them", amount(call.result, "explained_hot_spot_celsius"), GREY))
    start = 10.0 * floor((min(b.value for b in bars) - 5.0) / 10.0)
    limit = {"hot-spot limit": amount(row, "hot_spot_limit_celsius")}
    return bar_picture(f"What adds up to the hot-spot's peak of {text(row, 'element')}", bars, "°C", limit, start)


def _margins(call: Call) -> Picture | None:
    """Beyond the limit hatched; what may reach it striped."""
    bars = [Bar(_named(r), amount(r, "margin_k"), *_look(r)) for r in rows(call.result, "transformers")[:_SHOWN]]
    return bar_picture("Margin to the nearer temperature limit at the expected peak", bars, "K", {"limit": 0.0})


def _named(row: Row) -> str:
    """'HV1 Trafo 3 (top oil, limit 105 °C)'."""
    field = "top_oil" if text(row, "binding") == "top oil" else "hot_spot"
    return f"{text(row, 'element')} ({text(row, 'binding')}, limit {amount(row, f'{field}_limit_celsius'):.0f} °C)"


def _look(row: Row) -> tuple[str, str]:
    if amount(row, "margin_k") < 0:
        return VERMILION, "x"
    return (ORANGE, "/") if number(row, "days_to_limit_low") is not None else (BLUE, "")
