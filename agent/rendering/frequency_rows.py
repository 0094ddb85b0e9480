"""Frequencies and rates with the digits that say something, and what was lost in words."""

from math import floor, log10

from agent.answer import Call
from agent.rendering.marks import Marks, joined
from agent.rendering.thermal_rows import RowMarks, listed, of_result

_DIGITS = 3
_SMALL_HZ = 0.01  # a smaller deviation needs more digits than three
_WHOLE_MW = 1e-6
_LOSSES = 4  # told one by one


def hertz(row: RowMarks, key: str, nominal_hz: float) -> str:
    """'49.213 Hz'; with two more digits where it hardly differs from nominal."""
    return row(key, _DIGITS if abs(row.amount(key) - nominal_hz) >= _SMALL_HZ else _DIGITS + 2)


def rate(row: RowMarks, key: str) -> str:
    """'0.592 Hz/s'; slower ones with two figures."""
    size = abs(row.amount(key))
    return row(key, _DIGITS if size >= _SMALL_HZ or size == 0 else 1 - floor(log10(size)))


def bare(row: RowMarks, key: str, unit: str = "") -> str:
    """A number that somebody chose: no more decimals than it has, three at most."""
    value = row.amount(key)
    return row(key, next((d for d in range(_DIGITS) if abs(round(value, d) - value) < 1e-9), _DIGITS), unit)


def power(call: Call, path: str, value_mw: float) -> str:
    """'450 MW', without its sign; less than a megawatt in kilowatts."""
    unit, shown = ("kw", 1000.0 * value_mw) if 0.0 < abs(value_mw) < 1.0 else ("mw", value_mw)
    return Marks(call)(f"abs({path})", 0 if abs(shown - round(shown)) < _WHOLE_MW else 1, unit)


def rises(call: Call) -> bool:
    """Whether load is lost, which lifts frequency."""
    found = listed(call, "losses")
    return bool(found) and found[0].amount("mw") < 0


def lost(call: Call) -> str:
    """'EHV Ext_grid 10 (450 MW)', '400 MW of load', '450 MW and 200 MW more after 5 s'."""
    found, element = listed(call, "losses"), of_result(call).text("element")
    if not found:
        return element or "power"
    first = f"{power(call, f'{found[0].path}.mw', found[0].amount('mw'))}{' of load' * rises(call)}"
    later = [f"{power(call, f'{r.path}.mw', r.amount('mw'))} more {_at(r)}" for r in found[1:_LOSSES]]
    rest = ["further losses"] if len(found) > _LOSSES else []
    return joined([f"{element} ({first})" if element else first, *later, *rest])


def _at(row: RowMarks) -> str:
    return f"after {bare(row, 'at_s')}" if row.amount("at_s") > 0 else "at once"


def shed_count(call: Call) -> str:
    """'1 stage', '4 stages' of those that were shed."""
    count = sum(r.number("at_s") is not None for r in listed(call, "shed_stages"))
    return f"{Marks(call)('length(shed_stages[?at_s != `null`])')} stage{'s' * (count != 1)}"


def was_shed(call: Call) -> bool:
    return any(r.number("at_s") is not None for r in listed(call, "shed_stages"))
