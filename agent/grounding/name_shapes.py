"""What is written like a name of this grid? "HV1 Line 999" is, where there is an HV1 Line 54; whether it exists is another question."""

import re
from collections.abc import Iterable
from functools import lru_cache

from agent.grounding.formats import UNIT_PATTERN
from agent.grounding.names import Span

_PIECE = re.compile(r"[^\W\d_]+|\d+|.", re.DOTALL)
_KIND = (
    "Line|Trafo|Transformer|Bus|Busbar|Node|Load|Generator|Gen|Sgen|Machine|Wind|Solar|PV|Park|Infeed|Ext[ _]grid|Shunt|Storage|Switch"
    "|Breaker|Disconnector|Coupler|Cable|Feeder"
)
_KIND_WORD = re.compile(_KIND, re.IGNORECASE)
_ONLY_A_KIND = re.compile(r"[^\W\d_]+ \d+")  # 'Bus 12': with another kind in front it would be short for another name
_MOST_SHAPES = 400  # names of a grid follow a few patterns; where they do not, a pattern says nothing
_NOT_A_VALUE = rf"(?![-–.,]?\d|\w|\s?(?:{UNIT_PATTERN}))"


@lru_cache(maxsize=8)
def shapes_of(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """Everything that differs from a name in its numbers, its kind or a single letter; None for names without a pattern."""
    found = dict.fromkeys(shape for name in names if (shape := _shape(name)))
    patterns = sorted(list(found)[:_MOST_SHAPES], key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(patterns)}){_NOT_A_VALUE}") if patterns else None


def shaped(text: str, names: Iterable[str]) -> list[Span]:
    """Where something is written like one of the names."""
    pattern = shapes_of(tuple(names))
    return [m.span() for m in pattern.finditer(text)] if pattern else []


def _shape(name: str) -> str:
    """The pattern as a regular expression; empty where nothing of the name could be another one's."""
    bare = re.sub(r"\s*\(\d+\)$", "", name)
    pieces = [_piece(p, keep_kind=_ONLY_A_KIND.fullmatch(bare) is not None) for p in _PIECE.findall(bare)]
    lettered = "[A-Z]" in pieces
    if not lettered and "\\d+" not in pieces:
        return ""
    circuit = r"(?:\s*\(\d+\))?" if bare != name else ""
    pattern = "".join(pieces) + circuit
    return pattern if lettered else f"(?i:{pattern})"


def _piece(piece: str, *, keep_kind: bool) -> str:
    if piece.isdigit():
        return r"\d+"
    if len(piece) == 1 and piece.isupper():
        return "[A-Z]"
    if _KIND_WORD.fullmatch(piece) and not keep_kind:
        return f"(?:{_KIND})"
    return "[ _–−-]" if piece in " _–−-" else re.escape(piece)
