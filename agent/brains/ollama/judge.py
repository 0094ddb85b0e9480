"""Is a text an answer? One without any result behind it is none where the question needs a study, an order or a number."""

import re
from collections.abc import Collection

from agent.brains.ollama.reading import Reading
from agent.brains.ollama.turn import Turn

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_NO_PROSE = ("{", "[{", "```", "<tool", "<function")


def text_problem(text: str, turn: Turn, reading: Reading, writing: Collection[str]) -> str | None:
    """One sentence for the model about why its text cannot be used; None where it can. `writing`: the tools that orders go to."""
    if not text:
        return "The reply is empty."
    if not _WORD.search(text) or text.startswith(_NO_PROSE):
        return "The reply is neither a call of a tool nor a sentence."
    sure = reading.studies if reading.known and not reading.consents else ()
    if sure and sure[0] in writing and not text.endswith("?"):
        return f"This is an order: call {sure[0]}, or ask the person one question."
    if turn.calls:
        return None  # what the text says is held against the results elsewhere
    if sure:
        return f"The question needs a tool, most likely {sure[0]}; nothing was called yet."
    given = set(_NUMBER.findall(turn.question))
    invented = [n for n in _NUMBER.findall(_without_names(text, reading)) if n not in given]
    return f"No tool result supports the number {invented[0]}." if invented else None


def _without_names(text: str, reading: Reading) -> str:
    """Names of elements hold numbers that are none."""
    for mention in reading.sentence.mentions:
        for name in (*mention.elements, *mention.candidates, *mention.nearest):
            text = text.replace(name, "")
    return text
