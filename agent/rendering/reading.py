"""Reads a result's JSON without trusting its shape: what is missing or of another kind is empty."""

from collections.abc import Mapping

from pydantic import JsonValue

from agent.rendering.harmless import visible

Row = Mapping[str, JsonValue]


def number(row: Row, key: str) -> float | None:
    """The number at `key`; None where there is none."""
    value = row.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def amount(row: Row, key: str) -> float:
    """The number at `key`, 0 where there is none."""
    return number(row, key) or 0.0


def text(row: Row, key: str) -> str:
    """The words at `key`, on one line and safe in a table's cell."""
    value = row.get(key)
    return clean(value) if isinstance(value, str) else ""


def texts(row: Row, key: str) -> list[str]:
    """The list of words at `key`."""
    value = row.get(key)
    return [clean(v) for v in value if isinstance(v, str)] if isinstance(value, list) else []


def rows(row: Row, key: str) -> list[Row]:
    """The list of objects at `key`."""
    value = row.get(key)
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def inner(row: Row, key: str) -> Row:
    """The object at `key`."""
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def clean(words: str) -> str:
    """Names come from grid files: no line breaks, no table bars, no markers, no markup that loads or runs anything."""
    return " ".join(visible(words).replace("|", "/").replace("⟦", "[").replace("⟧", "]").replace("<", "‹").replace("![", "[").split())
