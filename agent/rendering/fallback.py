"""Any tool's result as a list of its fields: a new study is told before it has an idea of its own."""

from collections.abc import Iterator

from agent.answer import Call
from agent.rendering.marks import Marks, bullets
from agent.rendering.reading import Row, clean, text

_UNITS = ("percent", "pu", "mw", "mvar", "mva", "kv", "ka", "hz", "s", "min", "hours", "days", "degree", "celsius", "k", "eur")
_SHOWN = 20


def headline(call: Call) -> str:
    """The result's own sentence, or the tool's name."""
    return text(call.result, "headline") or f"Result of {call.tool.replace('_', ' ')}:"


def fallback(call: Call) -> list[str]:
    """Headline, then numbers, words and sizes of lists."""
    lines = list(_lines(Marks(call), call.result, ""))[:_SHOWN]
    return [headline(call), *([bullets(lines)] if lines else [])]


def _lines(mark: Marks, row: Row, path: str) -> Iterator[str]:
    for key, value in row.items():
        at = f"{path}.{key}" if path else key
        if key == "headline" or not key.isidentifier() or value is None:
            continue
        if isinstance(value, bool):
            yield f"{_words(at)}: {'yes' if value else 'no'}"
        elif isinstance(value, int | float):
            yield f"{_words(at)}: {mark(at)}"
        elif isinstance(value, str):
            yield f"{_words(at)}: {clean(value)}" if value else f"{_words(at)}: –"
        elif isinstance(value, list):
            yield f"{_words(at)}: {mark.count(at)}"
        elif not path:
            yield from _lines(mark, value, at)


def _words(path: str) -> str:
    """'max_loading_percent' → 'max loading'."""
    words = path.replace(".", " ").split("_")
    return " ".join(words[:-1] if len(words) > 1 and words[-1] in _UNITS else words)
