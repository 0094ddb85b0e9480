"""The messages of one request to the model: rules and facts, what was said before, the question, the work of this turn."""

import re
from collections.abc import Iterator, Sequence

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from agent.brains.ollama.compact import LONGEST, compact
from agent.brains.ollama.data_file import prompt
from agent.brains.ollama.examples import nearest
from agent.brains.ollama.reading import Reading
from agent.brains.ollama.tool import Tool
from agent.brains.ollama.turn import Turn, call_of, final_texts
from grid_models.twin.registry import Registry

_REMEMBERED = 6  # messages before the question: three exchanges
_LONGEST = 600  # characters of an earlier answer
_FRESH, _OLDER = 3, 500  # so many results are shown well, the others with so many characters
_NAMES_SHOWN = 20
_MARKER = re.compile("⟦[^⟧]*⟧")  # a number of an earlier answer, which lies with its own result


def conversation(
    turn: Turn, name: str, reading: Reading, offered: Sequence[Tool], registry: Registry, plant_time: str
) -> list[BaseMessage]:
    """`name`: the brain whose rounds of this turn are shown; `offered`: the tools whose examples help."""
    system = SystemMessage(_system(reading, offered, registry, plant_time))
    return [system, *_before(turn), HumanMessage(turn.question), *_now(turn.by(name))]


def _system(reading: Reading, offered: Sequence[Tool], registry: Registry, plant_time: str) -> str:
    facts = {
        "grid": registry.model.name,
        "plant_time": plant_time,
        "names": _names(reading),
        "examples": "\n".join(example.line for example in nearest(reading, offered)),
    }
    return filled("system", **facts)


def filled(name: str, **words: str) -> str:
    """A prompt with its words in braces filled in; other braces are JSON and stay."""
    text = prompt(name)
    for key, value in words.items():
        text = text.replace("{" + key + "}", value)
    return text


def _names(reading: Reading) -> str:
    """What the registry makes of the names in the question; nothing where it names none."""
    lines: list[str] = []
    for mention in reading.sentence.mentions:
        if mention.elements:
            lines.append(f"'{mention.phrase}' is {', '.join(mention.elements[:_NAMES_SHOWN])}")
        elif mention.candidates:
            lines.append(f"'{mention.phrase}' may be {' or '.join(mention.candidates[:_NAMES_SHOWN])}: ask which one")
        else:
            lines.append(f"'{mention.phrase}' does not exist; the nearest are {', '.join(mention.nearest[:_NAMES_SHOWN])}: ask which one")
    return filled("names", known="; ".join(lines)) if lines else ""


def _before(turn: Turn) -> Iterator[BaseMessage]:
    for message in list(final_texts(turn.before[:-1]))[-_REMEMBERED:]:
        text = _MARKER.sub("...", str(message.content))[:_LONGEST]
        yield HumanMessage(text) if isinstance(message, HumanMessage) else AIMessage(text)


def _now(messages: Sequence[BaseMessage]) -> Iterator[BaseMessage]:
    """Calls without the notes we keep with them, results cut to what a small model can hold, the older ones to less."""
    fresh = [m for m in messages if isinstance(m, ToolMessage)][-_FRESH:]
    for message in messages:
        if isinstance(message, ToolMessage):
            longest = LONGEST if message in fresh else _OLDER
            yield ToolMessage(compact(call_of(message), longest), tool_call_id=message.tool_call_id, name=message.name)
        elif isinstance(message, AIMessage):
            yield AIMessage(message.content, tool_calls=message.tool_calls)
