"""How numbers and tables are written: a number only as a marker, which grounding replaces by the value and links to its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.answer import Call


@dataclass(frozen=True)
class Marks:
    """Markers into one call's result."""

    call: Call

    def __call__(self, path: str, decimals: int | None = None, unit: str = "") -> str:
        """`unit`: another one of the same quantity, which needs `decimals`."""
        shown = "" if decimals is None else f"|{decimals}"
        return f"⟦{self.call.id}|{path}{shown}{f'|{unit}' if unit else ''}⟧"

    def count(self, path: str) -> str:
        """How many items a list has."""
        return self(f"length({path})")


def joined(items: Sequence[str], last: str = "and") -> str:
    """'a, b and c'."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def table(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A markdown table without the columns in which no line says anything."""
    body = [list(line) for line in lines]
    kept = [i for i in range(len(head)) if any(line[i] not in ("", "–") for line in body)]
    shown = [[head[i] for i in kept], ["---"] * len(kept), *([line[i] or "–" for i in kept] for line in body)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in shown)


def quoted(name: str) -> str:
    """A name as a JMESPath string."""
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"


def bullets(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def capital(sentence: str) -> str:
    """The first letter large, whatever stands in front of it."""
    at = next((i for i, c in enumerate(sentence) if c.isalnum() or c == "⟦"), 0)
    return sentence[:at] + sentence[at : at + 1].upper() + sentence[at + 1 :]


def plural(kind: str) -> str:
    """'line' → 'lines', 'bus' → 'buses'."""
    return kind + ("es" if kind.endswith(("s", "ch")) else "s")
