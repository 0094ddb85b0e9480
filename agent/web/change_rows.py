"""The before/after table of a verdict's effect."""

from dataclasses import dataclass

from agent.web.number_words import with_unit
from guardrails.verdict import Effect


@dataclass(frozen=True)
class ChangeRow:
    """One line of the before/after table."""

    label: str
    before: str
    after: str
    before_note: str = ""
    after_note: str = ""


def change_rows(effect: Effect) -> tuple[ChangeRow, ...]:
    """What a supervisor compares, the most telling first."""
    rows = [
        _row("Highest loading", effect.max_loading_percent, "percent", effect.max_loading_element),
        _row("Worst single outage", effect.worst_outage_loading_percent, "percent", effect.worst_outage),
        _row("Load at risk: most lost by one outage", effect.outage_lost_load_mw, "MW", effect.outage_at_risk),
        _row("Generation at risk: most lost by one outage", effect.outage_lost_generation_mw, "MW"),
        _row("Lowest voltage", effect.vm_min_pu, "pu"),
        _row("Highest voltage", effect.vm_max_pu, "pu"),
        _row("Losses", effect.losses_mw, "MW"),
        ChangeRow("Violations", str(effect.violations[0]), str(effect.violations[1])),
        _lost("Load that loses supply", effect.lost_load_mw),
        _lost("Generation cut off", effect.lost_generation_mw),
    ]
    return tuple(rows)


def _row(
    label: str, values: tuple[float | None, float | None], unit: str, names: tuple[str | None, str | None] = (None, None)
) -> ChangeRow:
    before, after = (with_unit(value, unit) for value in values)
    return ChangeRow(label, before, after, names[0] or "", names[1] or "")


def _lost(label: str, mw: float) -> ChangeRow:
    """What is cut off is marked, because it is what a table of loadings does not show."""
    return ChangeRow(label, "–", with_unit(mw, "MW"), after_note="▲ cut off by this change" if mw > 0 else "")
