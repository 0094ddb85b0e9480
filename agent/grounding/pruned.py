"""A text without its unsupported sentences: what is left must still mean what it meant."""

import re
from collections.abc import Sequence

from agent.answer import Call
from agent.grounding.layout import RULE, Stretch, stretches
from agent.grounding.markers import marker_spans, resolve
from agent.grounding.names import Span

_LEANS = re.compile(
    r"\W*(?:it|its|this|that|these|those|they|their|them|both|he|such|so|there(?:fore|by)|hence|thus|which|otherwise|instead"
    r"|the (?:former|latter|other|others|same|second|first))\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s")
_LEAD = re.compile(r":\W*$")


def pruned(text: str, calls: Sequence[Call], doubtful: Sequence[Span]) -> str:
    """`text` may hold markers; `doubtful` are spans of it with the markers resolved. Goes by sentences, rows and items of a list.

    What leans on a sentence that goes ("It ...", the rest of its item, the list below it, the cells below a head) goes, too.
    """
    resolved = resolve(text, calls)
    gone: list[Span] = []
    for stretch in stretches(resolved.text):
        if _falls(resolved.text, stretch, doubtful, gone):
            gone.append(stretch.row or stretch.span)
    shifts = [
        (shown[1], (made[1] - made[0]) - (shown[1] - shown[0])) for made, shown in zip(marker_spans(text), resolved.spans, strict=True)
    ]
    for start, end in sorted(set(gone), reverse=True):
        text = text[: _before(start, shifts)] + text[_before(end, shifts) :]
    return _tidy(text)


def _falls(text: str, stretch: Stretch, doubtful: Sequence[Span], gone: Sequence[Span]) -> bool:
    if any(_overlap(stretch.row or stretch.span, span) for span in doubtful):
        return True
    if any(_overlap(span, other) for span in (stretch.above, stretch.head) if span for other in gone):
        return True
    if stretch.previous is None or stretch.previous not in gone:
        return False
    listed = text.rfind("\n", 0, stretch.span[0]) + 1
    return bool(_LEANS.match(text, *stretch.span) or _LISTED.match(text, listed))


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _before(place: int, shifts: Sequence[Span]) -> int:
    """Where a place of the resolved text is in the text with markers."""
    return place + sum(by for end, by in shifts if end <= place)


def _tidy(text: str) -> str:
    """No tables without rows, no lines that introduce nothing, no empty bullets."""
    blocks: list[list[str]] = [[]]
    for line in (line.rstrip() for line in text.splitlines()):
        if bool(blocks[-1]) and line.startswith("|") != blocks[-1][-1].startswith("|"):
            blocks.append([])
        blocks[-1].append(line)
    kept = [line for block in blocks if _is_whole(block) for line in block]
    shown: list[str] = []
    for line in reversed(kept):
        if _LEAD.search(line) and not (shown and any(following for following in shown[:2])):
            continue
        if re.fullmatch(r"\s*(?:[-*+•]|\d+[.)])?\s*", line) and (not line or line.strip()) and (line or not shown or not shown[0]):
            continue
        shown.insert(0, line)
    return "\n".join(shown).strip()


def _is_whole(block: Sequence[str]) -> bool:
    """A table needs a head, its rule and a row."""
    if not block or not block[0].startswith("|"):
        return True
    ruled = [bool(RULE.fullmatch(line)) for line in block]
    return not ruled[0] and not all(ruled[1:])
