"""How is a value written, and in which unit is a field? The unit stands in the field's name: `max_loading_percent`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Unit:
    """`name` is what evidence says, `symbol` what an operator reads; `factor` and then `offset` lead to the quantity's base unit."""

    name: str
    symbol: str
    decimals: int
    quantity: str
    factor: float = 1.0
    offset: float = 0.0


COUNT = Unit("", "", 0, "count")

# Field suffix -> unit. Decimals: what an operator can act on (engineering judgement).
UNITS: dict[str, Unit] = {
    "percent": Unit("percent", "%", 1, "ratio", 0.01),
    "pu": Unit("pu", "pu", 3, "ratio"),
    "kw": Unit("kW", "kW", 1, "active power", 1e-3),
    "mw": Unit("MW", "MW", 1, "active power"),
    "gw": Unit("GW", "GW", 3, "active power", 1e3),
    "kvar": Unit("kvar", "kvar", 1, "reactive power", 1e-3),
    "mvar": Unit("Mvar", "Mvar", 1, "reactive power"),
    "gvar": Unit("Gvar", "Gvar", 3, "reactive power", 1e3),
    "kva": Unit("kVA", "kVA", 1, "apparent power", 1e-3),
    "mva": Unit("MVA", "MVA", 1, "apparent power"),
    "gva": Unit("GVA", "GVA", 3, "apparent power", 1e3),
    "mwh": Unit("MWh", "MWh", 1, "energy"),
    "gwh": Unit("GWh", "GWh", 3, "energy", 1e3),
    "mwh_per_year": Unit("MWh_per_year", "MWh per year", 1, "energy a year"),
    "per_year": Unit("per_year", "per year", 2, "rate"),
    "gws": Unit("GWs", "GW·s", 1, "kinetic energy"),
    "v": Unit("V", "V", 0, "voltage", 1e-3),
    "kv": Unit("kV", "kV", 1, "voltage"),
    "a": Unit("A", "A", 0, "current", 1e-3),
    "ka": Unit("kA", "kA", 3, "current"),
    "mhz": Unit("mHz", "mHz", 0, "frequency", 1e-3),
    "hz": Unit("Hz", "Hz", 3, "frequency"),
    "hz_per_s": Unit("Hz/s", "Hz/s", 3, "frequency change"),
    "percent_per_hz": Unit("percent_per_hz", "% per Hz", 1, "load damping"),
    "ms": Unit("ms", "ms", 0, "time", 1e-3),
    "s": Unit("s", "s", 1, "time"),
    "min": Unit("min", "min", 0, "time", 60.0),
    "hours": Unit("h", "h", 1, "time", 3600.0),
    "days": Unit("days", "days", 1, "time", 86400.0),
    "years": Unit("years", "years", 1, "time", 365.25 * 86400.0),
    "degree": Unit("degree", "°", 1, "angle"),
    "celsius": Unit("celsius", "°C", 1, "temperature"),
    "fahrenheit": Unit("fahrenheit", "°F", 1, "temperature", 5.0 / 9.0, -160.0 / 9.0),
    "k": Unit("K", "K", 1, "temperature difference"),
    "eur": Unit("EUR", "EUR", 0, "money"),
    "km": Unit("km", "km", 1, "length"),
    "ohm": Unit("ohm", "Ω", 3, "impedance"),
}

# Other spellings in texts and in `unit` fields. Single letters and milli/mega keep their case.
_SPELLINGS = {
    "%": "percent", "per cent": "percent", "percentage points": "percent", "p.u.": "pu", "MVAr": "mvar", "°C": "celsius", "°": "degree",
    "degrees": "degree", "hour": "hours", "h": "hours", "minutes": "min", "minute": "min",
    "seconds": "s", "second": "s", "day": "days", "year": "years", "€": "eur",
    "MWh/year": "mwh_per_year", "MWh a year": "mwh_per_year", "a year": "per_year", "times a year": "per_year",
    "Hz/s": "hz_per_s", "GWs": "gws", "Ω": "ohm", "euros": "eur",
}  # fmt: skip
_BY_SPELLING = {**{u.symbol: u for u in UNITS.values() if u.symbol}, **{s: UNITS[key] for s, key in _SPELLINGS.items()}}
_LONG = {**UNITS, **_BY_SPELLING}
_BY_LOWER = {s.lower(): u for s, u in _LONG.items() if len(s) > 1 and u.name != "mHz"}
_WHOLE = ("mw", "hz")  # fields that are named by their unit alone
_NOT_MINUTES = {"tap_min", "vm_min", "p_min", "q_min"}
_BOUND = re.compile(r"_(?:low|high)$")  # the ends of an interval: `loss_of_life_hours_low`
_UNTIL = re.compile(r"(?:^|_)(minutes|hours|days|years)(?:_to_[a-z_]+)?$")  # `days_to_limit`, and `hours` alone


def _any_of(spellings: Iterable[str]) -> str:
    return "|".join(re.escape(s) for s in sorted(spellings, key=len, reverse=True))


UNIT_PATTERN = f"(?:(?i:{_any_of(_BY_LOWER)})|mHz|{_any_of(s for s in _BY_SPELLING if len(s) == 1)})(?![A-Za-z])"


def unit_named(text: str) -> Unit | None:
    """The unit written like this or named by a field's ending, or None."""
    return _BY_SPELLING.get(text) or UNITS.get(text) or _BY_LOWER.get(text.lower())


def unit_of_field(field: str) -> Unit:
    """The unit that the field's name ends with, or in which it says how long until something; a plain count where it does neither."""
    bare = _BOUND.sub("", field)
    until = _UNTIL.search(bare)
    if until:
        return _LONG[until[1]]
    parts = bare.split("_")
    suffixes = ("_".join(parts[start:]) for start in range(bare not in _WHOLE, len(parts)))
    return next((UNITS[s] for s in suffixes if s in UNITS and field not in _NOT_MINUTES), COUNT)


def convert(value: float, unit: Unit, target: Unit) -> float | None:
    """The value in another unit of the same quantity; None where the quantities differ."""
    if unit == target:
        return value
    return (value * unit.factor + unit.offset - target.offset) / target.factor if unit.quantity == target.quantity else None


def written(value: float, unit: Unit, decimals: int | None = None) -> tuple[str, float]:
    """The text with its unit, and the rounded number in it."""
    plain = 2 if unit is COUNT and value != round(value) else unit.decimals
    number = f"{value:.{plain if decimals is None else decimals}f}"
    if float(number) == 0:
        number = number.lstrip("-")  # a negative zero says nothing
    gap = "" if unit.symbol in ("", "°") else " "
    return f"{number}{gap}{unit.symbol}", float(number)


def agrees(value: float, number: float, decimals: int) -> bool:
    """Whether `number`, written with so many decimals, is `value` rounded (either way at an exact half)."""
    return abs(value - number) <= 0.5 * 10.0**-decimals + 1e-9 * max(1.0, abs(value))
