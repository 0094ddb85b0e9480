"""Columns of pandapower's tables as arrays and names: missing columns and missing values have one meaning everywhere."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from grid_models.twin.model import FloatArray, IntArray, Names


def column(table: Any, name: str, default: float) -> FloatArray:
    if name not in table:
        return np.full(len(table), float(default))
    return np.array(table[name].astype(float).fillna(default), dtype=np.float64)


def bus_rows(column: Any, position: dict[Any, int]) -> IntArray:
    return np.array([position[b] for b in column], dtype=np.int64)


def text(value: Any) -> str:
    """A value as one line that shows everything it holds: a name with invisible or direction-turning characters would pass for another."""
    return "" if value is None or value != value else shown(str(value).removesuffix(".0"))


def shown(name: str) -> str:
    """The name with spaces for line breaks and a mark for every character that nobody could see."""
    if name.isprintable():
        return name
    return " ".join("".join(c if c.isprintable() or c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in name).split())


def names(table: Any, pattern: str, fallback: Sequence[str]) -> Names:
    """The source's names where they are unique words; otherwise the pattern, numbered where it repeats."""
    given = [text(n).strip() for n in table["name"]] if "name" in table else [""] * len(table)
    if len(given) and all(not n.isdigit() and n for n in given) and len(set(given)) == len(given):
        return tuple(given)
    return numbered(pattern.format(f) for f in fallback)


def numbered(called: Iterable[str]) -> Names:
    """Every name that repeats gets its number, the first one too: none of several is simply 'the' one."""
    labels, count, made = tuple(called), Counter[str](), []
    often = Counter(labels)
    for label in labels:
        count[label] += 1
        made.append(f"{label} ({count[label]})" if often[label] > 1 else label)
    return tuple(made)


def strings(table: Any, *columns: str) -> Names:
    """The first of the columns that says anything, as text."""
    for column in columns:
        if column in table and table[column].notna().any():
            return tuple(text(v) for v in table[column])
    return ("",) * len(table)


def bus_label(net: Any, bus: Any) -> str:
    name = text(net.bus.at[bus, "name"]).strip()
    return f"Bus {name}" if name.isdigit() else (name or f"Bus {int(bus) + 1}")
