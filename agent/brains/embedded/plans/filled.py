"""What a step calls 'them', 'each' or 'the worst' becomes the elements that the step before found."""

from collections.abc import Sequence

from pydantic import JsonValue

from agent.answer import Call
from agent.brains.embedded.frame import Change, Frame, Intent, Mood
from agent.brains.embedded.references import PLACEHOLDERS


def filled(frame: Frame, before: Frame, calls: Sequence[Call], names: Sequence[str]) -> Frame | None:
    """Placeholders replaced by names; those beyond the list are dropped; None when nothing remains."""
    if before.intent is Intent.N1 and frame.intent is Intent.EXPLAIN and frame.elements[:1] and frame.elements[0] in PLACEHOLDERS:
        return _after_outage(frame, calls)
    known = dict(zip(PLACEHOLDERS, names, strict=False))

    def real(name: str) -> str | None:
        return known.get(name) if name in PLACEHOLDERS else name

    elements = tuple(n for e in frame.elements if (n := real(e)) is not None)
    changes = tuple(c.model_copy(update={"element": real(c.element)}) if c.element else c for c in frame.changes)
    if (frame.elements and not elements) or any(c.needs_target for c in changes):
        return None
    return frame.model_copy(update={"elements": elements, "changes": changes})


def _after_outage(frame: Frame, calls: Sequence[Call]) -> Frame | None:
    """'What to do about the worst' of some outages: its heaviest branch, explained with the outage in place."""
    worst = calls[-1].result.get("worst") if calls else None
    rank = PLACEHOLDERS.index(frame.elements[0])
    row = worst[rank] if isinstance(worst, list) and rank < len(worst) else None
    if not isinstance(row, dict):
        return None
    element, outage = _heaviest(row), row.get("outage")
    if element is None or not isinstance(outage, list):
        return None
    changes = (*frame.changes, *(Change(kind="open", element=str(name)) for name in outage))
    return frame.model_copy(update={"elements": (element,), "changes": changes, "mood": Mood.HYPOTHETICAL})


def _heaviest(row: dict[str, JsonValue]) -> str | None:
    """The branch loaded most after the outage."""
    over = row.get("overloaded")
    first = over[0] if isinstance(over, list) and over else None
    name = first.get("element") if isinstance(first, dict) else row.get("max_loading_element")
    return str(name) if name else None
