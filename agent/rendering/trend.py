"""How did something develop, and where is it heading?"""

import re

from agent.answer import Call
from agent.rendering.marks import Marks, capital, table
from agent.rendering.reading import Row, number, rows, text
from agent.rendering.wish import Wish

_SMALLEST = {"pu": 0.0005}  # half of the last digit shown; of percent and MW 0.05


def history(call: Call, wish: Wish) -> list[str]:
    """The trend in a sentence, its numbers, and what is missing in it."""
    found = rows(call.result, "trends")
    if not found:
        return [f"**{text(call.result, 'note') or 'Nothing is recorded.'}**"]
    mark = Marks(call)
    told = [_sentence(mark, f"trends[{i}]", r) for i, r in enumerate(found)]
    return [
        "\n".join(told) if len(told) == 1 else "\n".join(f"- {t}" for t in told),
        *_kept(call, wish),
        _numbers(mark, found),
        *_missing(mark, found),
    ]


def _kept(call: Call, wish: Wish) -> list[str]:
    """Since when anything is recorded, where a time was asked; and that there is no trend of one kind of generation."""
    oldest = re.search(r"from (\d{4}-\d\d-\d\d \d\d:\d\d)", text(call.result, "note"))
    reached = oldest is not None and any(_time(r, "begin") == oldest[1] for r in rows(call.result, "trends"))
    since = [f"Nothing older than {oldest[1]} UTC plant time is recorded."] if oldest and reached and call.args.get("since") else []
    total = call.args.get("element") is None and call.args.get("quantity") == "generation"
    one = re.search(r"\b(wind|solar|pv|photovoltaics?)\b", wish.question, re.IGNORECASE) if total else None
    return [*since, *([f"The history keeps generation as a whole, not {one[0].lower()} alone; a park's own is kept too."] if one else [])]


def _sentence(mark: Marks, path: str, row: Row) -> str:
    whose = f"{text(row, 'quantity')} of {text(row, 'element')}" if text(row, "element") != "total" else f"total {text(row, 'quantity')}"
    if number(row, "hourly") is None:
        value = f"there is one value only, {mark(f'{path}.last')}" if number(row, "last") is not None else "no value is known"
        return f"**{capital(whose)}: {value}.**"
    span = f"in {mark(f'{path}.span_hours', 1)}, " if (number(row, "span_hours") or 0.0) >= 1.0 else ""
    over = f"{span}from {_time(row, 'begin')} to {_time(row, 'end')} UTC plant time"
    rate = _rate(mark, path, row)
    return f"**{capital(whose)} went from {mark(f'{path}.first')} to {mark(f'{path}.last')}**, {rate} ({over}).{_heading(mark, path, row)}"


def _rate(mark: Marks, path: str, row: Row) -> str:
    """How fast, unless nothing of it would show in the values themselves: a rate an hour from three minutes misleads."""
    if row.get("steady") is True:
        return "steady: its slope cannot be told from noise"
    if _unmoved(row):
        return "practically unchanged"
    return f"{'rising' if (number(row, 'hourly') or 0.0) > 0 else 'falling'} by {mark(f'abs({path}.hourly)')} an hour"


def _unmoved(row: Row) -> bool:
    return abs(number(row, "hourly") or 0.0) * (number(row, "span_hours") or 0.0) < _SMALLEST.get(text(row, "unit"), 0.05)


def _heading(mark: Marks, path: str, row: Row) -> str:
    left = number(row, "crosses_in_hours")
    if left is None or (left > 0 and _unmoved(row)):
        return ""
    limit = mark(f"{path}.limit")
    return (
        f" It is beyond its limit of {limit}." if left == 0 else f" It crosses {limit} in {mark(f'{path}.crosses_in_hours')} if it goes on."
    )


def _numbers(mark: Marks, found: list[Row]) -> str:
    lines = [
        [
            text(r, "quantity") if text(r, "element") == "total" else text(r, "element"),
            *(mark(f"trends[{i}].{key}") if number(r, key) is not None else "" for key in ("minimum", "mean", "maximum", "change")),
            mark(f"trends[{i}].samples_total"),
        ]
        for i, r in enumerate(found)
    ]
    return table(["", "Lowest", "Mean", "Highest", "Change", "Samples"], lines)


def _missing(mark: Marks, found: list[Row]) -> list[str]:
    told = []
    for i, row in enumerate(found[:1]):  # all rest on the same samples
        if gaps := number(row, "gaps"):
            told.append(f"{mark(f'trends[{i}].gaps')} {'gap' if gaps == 1 else 'gaps'} where nothing was recorded or the clock went back")
        if number(row, "doubtful"):
            told.append(f"{mark(f'trends[{i}].doubtful')} samples whose set had measurements left out")
    return [f"In it: {'; '.join(told)}."] if told else []


def _time(row: Row, key: str) -> str:
    return text(row, key)[:16].replace("T", " ")
