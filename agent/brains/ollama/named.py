"""Does a call speak of elements that the person or a result has named? A model must not put one element in the place of another."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage

from agent.brains.embedded.sentence import read
from agent.brains.ollama.reading import Reading
from grid_models.twin.registry import Registry
from grid_models.twin.resolve import resolve

_PROSE = ("reason", "query", "since")  # arguments that name no element
_OPPOSITE = {"open": "close", "close": "open"}
_SHOWN = 4


def name_problem(args: Mapping[str, Any], messages: Sequence[BaseMessage], reading: Reading, registry: Registry) -> str | None:
    """One sentence about the first element that nobody has named; what names no element is left to the tool."""
    told = _told(messages)
    for phrase in _phrases(args):
        element = resolve(registry, phrase).element if not _is_word(phrase) or registry.exact(phrase) else None
        if element is None or _stands_in(element.name, told):
            continue
        if not reading.known and _stands_in(element.name.split()[-1], reading.sentence.text):
            continue  # 'Leitung 14', 'ligne 14': the kind is in words that the registry does not have
        named = {name for text in _questions(messages) for name in _mentioned(registry, text)}
        if element.name not in named:
            meant = f" The question names {', '.join(sorted(named)[:_SHOWN])}." if named else ""
            return f"Neither the person nor a result has named '{element.name}'.{meant} Ask the person which element is meant."
    return None


def order_problem(args: Mapping[str, Any], reading: Reading, registry: Registry) -> str | None:
    """One sentence where a proposal is not what the grammar has heard: the opposite, or a change that was not asked for."""
    heard = [s.change for s in reading.spoken]
    asked = {c.element for frame in reading.frames for c in frame.changes if c.element}
    for change in args.get("changes", ()):
        element = resolve(registry, str(change.get("element") or "")).element
        if element is None:
            continue
        kinds = {c.kind for c in heard if c.element == element.name}
        if _OPPOSITE.get(str(change.get("kind"))) in kinds and change.get("kind") not in kinds:
            return f"The person did not ask to {change['kind']} {element.name}."
        if kinds and asked and element.name not in asked:
            return f"The person did not ask for a change of {element.name}."
    return None


def _is_word(phrase: str) -> bool:
    """'lines', 'all', 'double circuits': a kind of elements even where the grid has one of them only."""
    return phrase.islower() and phrase.replace(" ", "").replace("-", "").isalpha()


def _phrases(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in _PROSE:
                yield from _phrases(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _phrases(inner)


def _told(messages: Sequence[BaseMessage]) -> str:
    """All that was said and found, as one text; results whole, not as the model sees them."""
    artifacts = (m.artifact for m in messages if isinstance(m, ToolMessage) and isinstance(m.artifact, Mapping))
    found = [text for a in artifacts for text in _phrases({"result": a.get("result") or {}, "error": a.get("error") or ""})]
    return "\n".join([*(str(m.content) for m in messages if not isinstance(m, ToolMessage)), *found])


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None


def _questions(messages: Sequence[BaseMessage]) -> list[str]:
    return [str(m.content) for m in messages if isinstance(m, HumanMessage)]


@lru_cache(maxsize=64)
def _mentioned(registry: Registry, text: str) -> frozenset[str]:
    """Names as the embedded brain reads them: 'line 14 and 15', 'the transformer at bus 3'; also those of an ambiguous phrase."""
    return frozenset(name for m in read(text, registry).mentions for name in (*m.elements, *m.candidates))
