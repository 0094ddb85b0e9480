"""How much insulation life does it cost, how much is used, and how much is left? What no record tells stays unknown."""

from agent.answer import Call
from agent.rendering.marks import Marks
from agent.rendering.reading import inner, text
from agent.rendering.thermal_rows import RowMarks, of_result
from grid_models.heating.ageing import NORMAL_LIFE_H

_HARDLY_PERCENT = 0.05  # would be told as 0.0
_UNKNOWN = "no record says since when it runs"


def cost(call: Call, row: RowMarks) -> str:
    """'12.9 days of normal insulation life in the next 30 days (...), 0.43 times the normal rate'."""
    within = "in" if text(call.result, "mode") == "given load" else "in the next"
    horizon = of_result(call).time("horizon_hours")
    if row.amount("loss_of_life_hours") > NORMAL_LIFE_H:
        return f"more than all of the normal insulation life {within} {horizon}"
    used = f"{row.time('loss_of_life_hours')} of normal insulation life {within} {horizon}"
    rate = row.rate("relative_ageing")
    times = "hardly any" if rate == "almost none" else f"{rate} times the normal rate"
    return f"{used}{row.interval('loss_of_life_hours')}, {times}"


def life_point(call: Call, row: RowMarks, several: bool) -> str:
    most = "the most of those listed: " if several else ""
    return f"**{row.name} uses {most}{cost(call, row)}.**"


def left(row: RowMarks) -> str:
    """'about 31 years (nine in ten: ...)' or 'more than 100 years'; empty where not known."""
    if row.number("years_to_end") is None:
        return ""
    if row.row.get("years_capped") is True:
        earliest = row.number("years_to_end_low")
        sooner = earliest is not None and earliest < row.amount("years_to_end")
        bound = f" (nineteen in twenty: more than {row.time('years_to_end_low')})" if sooner else ""
        return f"more than {row.time('years_to_end')}{bound}"
    return f"about {row.time('years_to_end')}{row.interval('years_to_end')}"


def years_point(row: RowMarks, several: bool) -> str:
    """Years left of the insulation, or that nobody can say."""
    if not left(row):
        return f"**How many years of insulation life {'any of them' if several else row.name} has left {_unknown(row)}.**{used(row)}"
    least = ", the least of those listed," if several else ""
    return f"**{row.name}{least} has {left(row)} of insulation life left** with {_usual(row)}.{used(row)}"


def _usual(row: RowMarks) -> str:
    """Under which load so many years are left; growth counts more than anything else over decades."""
    changes = f", which changes by {row('yearly_growth_percent')} a year," if row.number("yearly_growth_percent") else ""
    return f"its usual load{changes} and weather"


def used(row: RowMarks) -> str:
    """' 34.5 % of it is used so far (why this is known).'"""
    if row.number("life_used_percent") is None:
        return ""
    by = f" ({row.text('life_used_by')})" if row.text("life_used_by") else ""
    share = "Hardly any" if row.amount("life_used_percent") < _HARDLY_PERCENT else row("life_used_percent")
    return f" {share} of the normal life is used so far{by}."


def life_rest(call: Call, row: RowMarks, *, cost_told: bool, years_told: bool) -> list[str]:
    """What the point of the answer has not said yet."""
    told = [] if cost_told else [f"Insulation: {row.name} uses {cost(call, row)}."]
    if not years_told:
        years = f"With {_usual(row)} {left(row)} are left" if left(row) else f"How many years of it are left {_unknown(row)}"
        told.append(f"{years}.{used(row)}")
    return [" ".join(told)]


def _unknown(row: RowMarks) -> str:
    """Unknown stays unknown: without a beginning there is no end."""
    if row.number("life_used_percent") is not None:
        return "is not part of this study"
    return f"is not known: {row.text('life_used_by') or _UNKNOWN}"


def paper_point(call: Call, row: RowMarks) -> str:
    """The strength of the paper, or that no record knows it."""
    found = inner(call.result, "polymerisation") if text(call.result, "explained") == row.name else {}
    if not found:
        return f"**How strong the paper of {row.name} is, no record says**: a measured DP or furan in the oil would."
    paper = RowMarks(Marks(call), "polymerisation", found)
    now, how = paper("now", 0), paper.text("how").rstrip(".")
    return (
        f"**The degree of polymerisation of {row.name}'s paper is {now} now** ({how}), {_chains(paper)}. "
        f"A model of its own, never mixed with relative ageing.{_caveat(paper)}"
    )


def polymerisation(call: Call) -> list[str]:
    """The separate model of the paper's strength, labelled as such."""
    found = inner(call.result, "polymerisation")
    if not found:
        return []
    paper = RowMarks(Marks(call), "polymerisation", found)
    now = f"the degree of polymerisation of {text(call.result, 'explained')}'s paper is {paper('now', 0)} now"
    how = paper.text("how").rstrip(".")
    return [f"By a separate model, never mixed with the ageing above, {now} ({how}), {_chains(paper)}.{_caveat(paper)}"]


def _chains(paper: RowMarks) -> str:
    end = f"{left(paper)} are left by it" if left(paper) else "how long it will last is not known"
    return f"{paper('life_used_percent')} of the paper's life used; {end}"


def _caveat(paper: RowMarks) -> str:
    doubt = paper.text("unverified").rstrip(".")
    return f" Not verified in the standard itself: {doubt}." if doubt else ""
