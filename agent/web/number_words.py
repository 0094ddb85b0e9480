"""How a measured number is written for a person: rounded to what its unit deserves, with a real minus sign."""

_DECIMALS = {"percent": 1, "MW": 1, "Mvar": 1, "MVA": 1, "kV": 1, "kA": 3, "pu": 3, "Hz": 2, "degree": 1, "celsius": 1}
_DECIMALS |= dict.fromkeys(("step", "position", "parts", "actions"), 0)  # what is counted
_MOST_MORE = 4
_SYMBOLS = {"percent": "%", "degree": "°", "celsius": "°C"}


def unit_symbol(unit: str | None) -> str:
    """`percent` is written %, most units are written as they are."""
    return _SYMBOLS.get(unit or "", unit or "")


def number(value: float | None, unit: str | None, more_decimals: int = 0) -> str:
    """The bare number; a dash where there is none."""
    if value is None:
        return "–"
    text = f"{value:.{_DECIMALS.get(unit or '', 2) + more_decimals}f}"
    if float(text) == 0:
        text = text.lstrip("-")  # −0.0 is nothing
    return text.replace("-", "−")


def telling_apart(value: float | None, limit: float | None, unit: str | None) -> int:
    """How many more decimals it takes to see on which side of its limit a value lies."""
    if value is None or limit is None or value == limit:
        return 0
    return next((more for more in range(_MOST_MORE) if number(value, unit, more) != number(limit, unit, more)), _MOST_MORE)


def with_unit(value: float | None, unit: str | None) -> str:
    """The number and its unit, which do not part at the end of a line."""
    return "–" if value is None else f"{number(value, unit)}\N{NO-BREAK SPACE}{unit_symbol(unit)}".rstrip()
