"""Markers such as `⟦E1|worst[0].max_loading_percent|2⟧` or `⟦E1|horizon_hours|0|days⟧`: how a writer names a number without writing it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.answer import Call, Evidence
from agent.grounding.formats import convert, unit_named, written
from agent.grounding.paths import number_at, unit_at

NO_VALUE = "(no value)"
_MARKER = re.compile(r"⟦([^⟧]*)⟧")
_PARTS = re.compile(r"\s*(\w+)\s*\|(.+?)(?:\|\s*(\d{1,2})\s*(?:\|\s*(\w+)\s*)?)?", re.DOTALL)


@dataclass(frozen=True)
class Resolved:
    """The text without markers; `spans` are where the resolved numbers stand in it."""

    text: str
    spans: tuple[tuple[int, int], ...]
    evidence: tuple[Evidence, ...]
    unsupported: tuple[str, ...]


def resolve(text: str, calls: Sequence[Call]) -> Resolved:
    """Replace every marker by its formatted value. One without a number becomes "(no value)" and is reported as it was written."""
    by_id = {call.id: call for call in calls}
    out: list[str] = []
    spans: list[tuple[int, int]] = []
    evidence: list[Evidence] = []
    unsupported: list[str] = []
    end = length = 0
    for found in _MARKER.finditer(text):
        proof = _evidence(found[1], by_id)
        shown = proof.text if proof else NO_VALUE
        before = text[end : found.start()]
        out += [before, shown]
        spans.append((length + len(before), length + len(before) + len(shown)))
        length, end = spans[-1][1], found.end()
        if proof:
            evidence.append(proof)
        else:
            unsupported.append(found[0])
    return Resolved("".join([*out, text[end:]]), tuple(spans), tuple(evidence), tuple(unsupported))


def marker_spans(text: str) -> list[tuple[int, int]]:
    """Where the markers stand, in order."""
    return [found.span() for found in _MARKER.finditer(text)]


def _evidence(marker: str, calls: Mapping[str, Call]) -> Evidence | None:
    parts = _PARTS.fullmatch(marker)
    call = calls.get(parts[1]) if parts else None
    if parts is None or call is None:
        return None
    path, decimals = parts[2].strip(), parts[3]
    value, unit = number_at(path, call.result), unit_at(path, call.result)
    if value is not None and parts[4]:
        wanted = unit_named(parts[4])
        value, unit = (convert(value, unit, wanted), wanted) if wanted else (None, unit)
    if value is None:
        return None
    shown, rounded = written(value, unit, int(decimals) if decimals else None)
    return Evidence(text=shown, value=rounded, unit=unit.name, tool_call=call.id, path=path)
