"""How hot do transformers become, what does it cost, and how long do they last? Told in the order of the question."""

from dataclasses import dataclass

from agent.answer import Call
from agent.rendering.reading import rows, text
from agent.rendering.thermal_causes import causes
from agent.rendering.thermal_focus import CAUSES, HELPS, LIFE, PAPER, TEMPERATURE, TIME, YEARS, subject, thermal_focus
from agent.rendering.thermal_given import given_point, given_temperature_point, given_time_point, judged, regimes
from agent.rendering.thermal_helps import helps, helps_point
from agent.rendering.thermal_life import life_point, life_rest, paper_point, polymerisation, years_point
from agent.rendering.thermal_notes import notes
from agent.rendering.thermal_outlook import outlook_point, temperature_point, transformers
from agent.rendering.thermal_rows import RowMarks
from agent.rendering.wish import Wish


@dataclass(frozen=True)
class _Told:
    """What is told of: `row` is the transformer of the first sentence; `several`: nobody named it; `given`: under a given load."""

    call: Call
    wish: Wish
    focus: str
    row: RowMarks
    several: bool
    given: bool

    @property
    def explained(self) -> bool:
        """Causes, remedies and the paper's strength are of one transformer only: of another one nobody asked."""
        return self.several or text(self.call.result, "explained") == self.row.name


def thermal(call: Call, wish: Wish) -> list[str]:
    """The point in bold, what was asked about first, then the rest, and last what it all rests on."""
    found = rows(call.result, "transformers")
    if not found:
        return [f"**{text(call.result, 'note') or 'No transformer could be assessed.'}**", *notes(call)]
    focus = thermal_focus(wish)
    several = len(found) > 1 and all(r.get("element") != wish.element for r in found)
    told = _Told(call, wish, focus, subject(call, wish, focus), several, text(call.result, "mode") == "given load")
    paper = polymerisation(call) if told.explained and focus != PAPER else []
    return [_point(told), *_sections(told), *paper, *_note(call), *notes(call)]


def _note(call: Call) -> list[str]:
    """Which transformers could not be assessed, and why."""
    return [said] if (said := text(call.result, "note")) else []


def _point(told: _Told) -> str:
    call, row, several = told.call, told.row, told.several
    if told.focus == LIFE:
        return life_point(call, row, several)
    if told.focus == YEARS:
        return years_point(row, several)
    if told.focus == PAPER:
        return paper_point(call, row)
    if told.focus == HELPS and told.explained:
        return helps_point(call)
    if told.focus == TEMPERATURE:
        return given_temperature_point(call, row) if told.given else temperature_point(call, row, several)
    if told.given:
        timed = told.focus == TIME and judged(call, row)
        return given_time_point(call, row) if timed else given_point(call, row, told.wish)
    return outlook_point(call, row, several)


def _sections(told: _Told) -> list[str]:
    """The one that was asked about first."""
    parts = {
        TIME: _tables(told),
        CAUSES: causes(told.call, told.focus == CAUSES) if told.explained else [],
        HELPS: helps(told.call) if told.explained else [],
        LIFE: _life(told),
    }
    first = LIFE if told.focus == YEARS else told.focus
    return [part for key in sorted(parts, key=lambda k: k != first) for part in parts[key]]


def _tables(told: _Told) -> list[str]:
    """A single transformer under a given load is told by its regimes; its own table would say nothing new."""
    alone = told.given and len(rows(told.call.result, "transformers")) == 1
    of_regimes = regimes(told.call) if told.given or _refused(told.call) else []
    return [*of_regimes, *([] if alone else transformers(told.call, told.wish))]


def _refused(call: Call) -> bool:
    """Does any regime forbid what is expected? If none does, there is nothing to tell of them."""
    return any(r.get("allowed") is False for r in rows(call.result, "regimes"))


def _life(told: _Told) -> list[str]:
    costed = told.given and told.focus not in (TIME, TEMPERATURE, YEARS, HELPS)
    return life_rest(told.call, told.row, cost_told=costed or told.focus == LIFE, years_told=told.given or told.focus == YEARS)
