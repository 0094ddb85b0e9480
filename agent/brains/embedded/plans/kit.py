"""What every plan works with. A plan is a generator: it yields rounds of calls, is sent their results, and returns what to say."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from agent.answer import Call
from agent.brains.embedded.frame import Ask, Frame, Intent
from grid_models.twin.registry import ElementKind, Registry

Style = dict[str, object]
Write = Callable[[Sequence[Call], str, Style], str]
Retell = Callable[[str, Sequence[Call], Style], str]  # the text of an answer, its calls, the form and unit that are wished


@dataclass(frozen=True)
class Wanted:
    """A tool call to be made."""

    tool: str
    args: dict[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Said:
    """The end of a plan: the text (numbers as markers) and what it leaves for the dialogue."""

    text: str
    status: str = "answered"
    candidates: tuple[str, ...] = ()
    asked: Ask | None = None
    about: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    holds: bool | None = None  # of a condition


Round = tuple[Call, ...]
Plan = Generator[list[Wanted], Round, Said]


@dataclass(frozen=True)
class Kit:
    registry: Registry
    write: Write
    question: str = ""
    style: Style = field(default_factory=dict)  # of every text

    def reading(self, names: Sequence[str]) -> Wanted:
        """The present values of these elements; with their kind where all are of one (three-winding transformers have no table)."""
        kinds = [k.value for k in dict.fromkeys(e.kind for name in names for e in self.registry.exact(name))]
        kind: dict[str, JsonValue] = {"kind": kinds[0]} if len(kinds) == 1 and kinds[0] != ElementKind.THREE_WINDING else {}
        return Wanted("grid_data", {**kind, "elements": list(names)})

    def tell(self, frame: Frame, calls: Sequence[Call], **style: object) -> Said:
        """The written answer to a frame from the calls it took."""
        full, found = {**style_of(frame), **style, **self.style}, self.found(frame, calls)
        return Said(self.write(calls, self.question, full), about=about(frame, found), listed=found[: frame.top] if len(found) > 1 else ())

    def found(self, frame: Frame, calls: Sequence[Call]) -> tuple[str, ...]:
        """The elements listed last; of the kind asked for, where a power flow lists lines among transformers and voltages apart."""
        if frame.intent is Intent.VOLTAGES and calls:
            return tuple(dict.fromkeys(_names_in(calls[-1].result.get(f"{frame.order}_voltages"))))
        names = listed(calls)
        if frame.intent is not Intent.LOADINGS or frame.kind not in ("line", "transformer"):
            return names
        return tuple(n for n in names if any(e.kind == frame.kind for e in self.registry.exact(n)))


_FOCUS = {Intent.WHAT_IF: "whatif", Intent.ACT: "proposal", Intent.DETAIL: "element", Intent.LIST: "list"}
_FOCUS_OF_TOPIC = {
    Intent.WHAT_IF: ("loadings", "voltages", "losses"),
    Intent.BALANCE: ("load", "generation", "exchange", "wind"),
    Intent.N1: ("lost_load", "elements", "voltages"),
    Intent.EXPLAIN: ("relief",),
    Intent.ESTIMATE: ("bad_data", "observability", "age", "critical", "redundancy", "quality", "residuals", "element"),
}


_FOCUS_OF_HEAT = {  # topic → what the writer tells first; by default whether and when a limit is reached
    "why": "causes",
    "relief": "helps",
    "when": "time",
    "how_long": "time",
    "years": "years",
    "life": "life",
    "ageing": "life",
    "temperature": "temperature",
}


def style_of(frame: Frame) -> Style:
    """What the writer needs to know of the question; empty parts are left out."""
    style: Style = {
        "focus": _focus(frame),
        "topic": frame.topic or None,
        "kind": frame.kind,
        "top": frame.top,
        "order": frame.order if frame.order == "lowest" else None,
        "threshold": frame.threshold.model_dump() if frame.threshold else None,
        "element": frame.elements[0] if len(frame.elements) == 1 else None,
        "elements": list(frame.elements) if len(frame.elements) > 1 else None,
        "yes_no": frame.yes_no or None,
        "single": frame.single or None,
        "mood": frame.mood.value if frame.changes else None,
    }
    return {key: value for key, value in style.items() if value is not None}


def _focus(frame: Frame) -> str:
    if frame.intent is Intent.THERMAL:
        return _FOCUS_OF_HEAT.get(frame.topic, frame.intent.value)
    if frame.intent in (Intent.CASCADE, Intent.FREQUENCY):
        return frame.topic or frame.intent.value
    by_topic = frame.topic in _FOCUS_OF_TOPIC.get(frame.intent, ())
    return frame.topic if by_topic else _FOCUS.get(frame.intent, frame.intent.value)


def about(frame: Frame, found: tuple[str, ...]) -> tuple[str, ...]:
    """The elements the answer is about: those named, else the one a superlative found."""
    if frame.intent is Intent.THERMAL and frame.elements:  # what fails beside it is not what 'it' means
        return frame.elements
    named = (*frame.elements, *(c.element for c in frame.changes if c.element))
    if named:
        return tuple(dict.fromkeys(named))
    return found[:1] if frame.single else found[: frame.top] if frame.top else ()


def listed(calls: Sequence[Call]) -> tuple[str, ...]:
    """The elements of the last result's ranked list, in its order."""
    for call in reversed(calls):
        names = _names(call.result)
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def _names(result: dict[str, JsonValue]) -> list[str]:
    for key in ("rows", "worst", "top_loadings", "transformers"):
        if names := _names_in(result.get(key)):
            return names
    return []


def _names_in(rows: JsonValue) -> list[str]:
    return [name for row in rows if isinstance(row, dict) for name in _named(row)] if isinstance(rows, list) else []


def _named(row: dict[str, JsonValue]) -> list[str]:
    outage = row.get("outage")
    if isinstance(outage, list):
        return [str(name) for name in outage]
    return [str(row["element"])] if "element" in row else []


def number(row: JsonValue, key: str) -> float | None:
    """A numeric field of a result's row."""
    value = row.get(key) if isinstance(row, dict) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
