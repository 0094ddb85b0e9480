"""The last message of a turn: its text, its status, and what it leaves for the next question, in the embedded brain's own form."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from langchain_core.messages import AIMessage

from agent.brains.embedded.frame import Ask, Dialogue, Intent
from agent.brains.embedded.plans.kit import Write, listed
from agent.brains.ollama.reading import Reading
from agent.brains.ollama.turn import Turn

_COURTESIES = (Intent.GREETING, Intent.THANKS, Intent.HELP, Intent.OFF_TOPIC)


def answered(text: str, turn: Turn, reading: Reading) -> AIMessage:
    """A model's text. Where nothing was called, the embedded brain's reading says whether that was a refusal."""
    read = reading.first.additional_kwargs.get("aeip", {}) if not turn.calls else {}
    asks = not turn.calls and text.rstrip().endswith("?")
    refused = read.get("status") == "refused" and not asks
    frame = next((f for f in reading.frames if f.intent not in _COURTESIES), None)
    names = listed(turn.calls)
    dialogue = Dialogue(
        status="needs_clarification" if asks else "refused" if refused else "answered",
        candidates=tuple(read.get("candidates", ())) if asks or refused else (),
        asked=Ask.model_validate(read["asked"]) if asks and "asked" in read else None,  # both ask: the answer completes the embedded one's
        frame=frame,
        about=tuple(dict.fromkeys(n for call in turn.calls for n in _elements(call.args))) or (frame.elements if frame else ()),
        listed=names if len(names) > 1 else (),
    )
    return AIMessage(text, additional_kwargs={"aeip": dialogue.as_kwargs()})


def after_writing(turn: Turn, writing: Collection[str], write: Write) -> AIMessage:
    """What came of an order is told in the results' own sentences, never in a model's; the studies before it with their headlines."""
    orders = [call for call in turn.calls if call.tool in writing]
    studies = [str(call.result["headline"]) for call in turn.calls if call not in orders and call.ok and call.result.get("headline")]
    about = tuple(dict.fromkeys(name for call in orders for name in _elements(call.args)))
    text = "\n\n".join([write(orders, turn.question, {"focus": "proposal"}), *studies])
    return AIMessage(text, additional_kwargs={"aeip": Dialogue(status="answered", about=about).as_kwargs()})


def stopped(words: str) -> AIMessage:
    """The person had enough."""
    return AIMessage(words, additional_kwargs={"aeip": Dialogue(status="failed").as_kwargs()})


def _elements(args: Mapping[str, Any]) -> Iterator[str]:
    """The elements that a call names, in order."""
    for key in ("element", "transformer"):
        if isinstance(args.get(key), str):
            yield str(args[key])
    for key in ("elements", "outages"):
        for item in args.get(key) or ():
            yield from (item if isinstance(item, list) else [item])
    for change in args.get("changes") or ():
        if isinstance(change, Mapping) and change.get("element"):
            yield str(change["element"])
