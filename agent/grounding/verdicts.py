"""What a text says in words only, "no line is overloaded", "secure", "converged": does a result say so?

Only where a result has a field for it. A text is believed when one call of the conversation says the same.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from pydantic import JsonValue

from agent.answer import Call
from agent.grounding.layout import stretches
from agent.grounding.names import Span

Said = bool | None  # what a result says of it; None: nothing
_NONE = r"\b(?:no|none|not any|zero|without(?: any)?|free (?:of|from))\b(?!\s+longer)"
_ELEMENT = r"(?:line|branch|transformer|trafo|circuit|element|equipment|asset|component)\w*"
_COUNTED = {"overload": "overloading", "voltage": "violating_voltage"}  # how a contingency study counts outages
_PLAINLY = r"^(?!.*\b(?:not|nothing|never|no|none|nobody|once|until|when|before|after|must|needs?|waits?|only)\b|.*n't\b)"
_DEEDS = "opened|closed|switched|tripped|shed|curtailed|executed|approved|disconnected|reconnected"
_QUESTION = re.compile(r"\?\s*$|\b(?:if|whether|unless|until|would|could|should|might|may)\b", re.IGNORECASE)


def _violates(kind: str = "") -> Callable[[Call], Said]:
    """Whether a result holds violations, of a kind where one is asked for; without usable ratings nothing is said of overloads."""

    def found(call: Call) -> Said:
        rows, counted = call.result.get("violations"), call.result.get(_COUNTED.get(kind, ""))
        if kind != "voltage" and call.result.get("ratings_usable") is False:
            return None
        if isinstance(rows, list):
            return any(isinstance(row, dict) and kind in str(row.get("kind", "")) for row in rows)
        secure = call.result.get("secure")
        return counted > 0 if isinstance(counted, int) else (not secure if isinstance(secure, bool) and not kind else None)

    return found


def _flag(field: str) -> Callable[[Call], Said]:
    """A yes or no of a result."""

    def found(call: Call) -> Said:
        value: JsonValue = call.result.get(field)
        return value if isinstance(value, bool) else None

    return found


def _done(call: Call) -> Said:
    """Whether a proposal that a result shows was decided and carried out; no study changes the grid."""
    if call.tool not in ("propose_action", "list_proposals"):
        return None
    listed = call.result.get("proposals")
    rows = listed if isinstance(listed, list) else [call.result]
    return any(isinstance(row, dict) and row.get("status") in ("approved", "executed") for row in rows)


def _not(found: Callable[[Call], Said]) -> Callable[[Call], Said]:
    return lambda call: None if (said := found(call)) is None else not said


# What a sentence says -> what must be true of a result. The first that fits a place counts.
_SAYINGS: tuple[tuple[re.Pattern[str], Callable[[Call], Said]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), needed)
    for pattern, needed in (
        (rf"{_NONE}(?:\s+[\w-]+){{0,3}}\s+(?:overload\w*|thermal (?:violation|problem|issue)s?)", _not(_violates("overload"))),
        (rf"(?:{_NONE}\s+{_ELEMENT}|\bnothing)(?:\s+\w+){{0,5}}\s+overloaded", _not(_violates("overload"))),
        (rf"{_NONE}(?:\s+[\w-]+){{0,2}}\s+voltage\w*\s+(?:violation|problem|issue|limit)\w*", _not(_violates("voltage"))),
        (r"\ball voltages?\b(?:\s+\w+){0,5}\s+(?:within|inside)", _not(_violates("voltage"))),
        (rf"{_NONE}(?:\s+[\w-]+){{0,3}}\s+(?:violation|limit violation|breach)\w*", _not(_violates())),
        (r"\ball (?:the )?(?:operating )?limits\b(?:\s+\w+){0,2}\s+(?:met|kept|respected|satisfied|observed)", _not(_violates())),
        (r"\bwithin (?:all|its|their|the)(?: \w+)? limits\b", _not(_violates())),
        (r"\b(?:not|n't|in)[ -]?(?:\w+ )?secure\b", _not(_flag("secure"))),
        (r"\bsecure\b", _flag("secure")),
        (r"\b(?:not|n't|never|no)\b(?:\s+\w+){0,2}\s+converge\w*|\bdiverge[sd]\b", _not(_flag("converged"))),
        (r"\bconverge[sd]\b|\bconvergence was reached\b", _flag("converged")),
        (r"\b(?:not|n't)\b(?:\s+\w+)?\s+observable|\bunobservable\b", _not(_flag("observable"))),
        (r"\bobservable\b", _flag("observable")),
        (rf"{_PLAINLY}.*\b(?:was|were|is|are|(?:has|have) been)\s+(?:\w+\s+){{0,2}}?(executed|carried out|approved)\b", _done),
        (rf"\bI(?:'ve| have)?\s+(?:\w+\s+)?({_DEEDS})\b", _done),
    )
)


def contradicted(text: str, calls: Sequence[Call], earlier: Sequence[Call] = ()) -> Iterator[Span]:
    """The sentences that say what no result says; earlier turns are asked where this one is silent. Questions and "if" say nothing."""
    for stretch in stretches(text):
        said = text[slice(*stretch.span)]
        if not _QUESTION.search(said) and any(not _is_said(needed, calls, earlier) for needed in _needed(said)):
            yield stretch.span


def _needed(said: str) -> Iterator[Callable[[Call], Said]]:
    taken: list[Span] = []
    for pattern, needed in _SAYINGS:
        for found in pattern.finditer(said):
            span = found.span(found.lastindex or 0)
            if not any(start < span[1] and span[0] < end for start, end in taken):
                taken.append(span)
                yield needed


def _is_said(needed: Callable[[Call], Said], calls: Sequence[Call], earlier: Sequence[Call]) -> bool:
    told = [said for call in calls if (said := needed(call)) is not None] or [bool(needed(call)) for call in earlier]
    return any(told)
