"""'Switch to case118', 'same on case39', 'now case14: how many lines?': which grid does a message name, and what is left of it?"""

import re
from dataclasses import replace

from agent.brains.embedded.frame import Dialogue, Frame, Intent
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import data_file, word_class
from grid_models.twin.registry import Registry

_NAME = r"(?P<name>case\d+\w*|\d-(?:HV|MV|LV|EHV)[\w.-]*\w)"
_PLACE = r"(?:(?:switch|change|go|move|back|over|return|now|again)\s+)*(?:in|on|for|with|use|using|load|to|of|at|into|now|back|about)"
_TURNING = word_class("grids.turning")
_SAID = re.compile(
    rf"(?:^|\b{_PLACE})\s*(?:the\s+)?(?:grid\s+|network\s+|case\s+)?{_NAME}(?:\s+(?:grid|network|instead))?\b\s*[:,]?", re.IGNORECASE
)


def grid_said(text: str) -> tuple[str, str]:
    """The grid's name and the message without it; ('', the message) where none is named."""
    found = _SAID.search(text)
    if found is None:
        return "", text
    return found["name"], " ".join(f"{text[: found.start()]} {text[found.end() :]}".split())


def carried(memory: Memory, registry: Registry) -> Memory:
    """The last request about another grid, where all its elements are here, too."""
    frame = memory.elsewhere
    if frame is None or memory.latest is not None:
        return memory
    names = {*frame.elements, *(c.element for c in frame.changes if c.element)}
    known = all(registry.exact(name) for name in names)
    return replace(memory, latest=Dialogue(status="answered", frame=frame.model_copy(update={"then": None}))) if known else memory


def turned_to(sentence: Sentence, memory: Memory) -> Frame | None:
    """Nothing but the grid was said, or 'the same' beside it: the last request once more, else what this grid is."""
    plain = _TURNING.union(data_file("words.yaml")["function"].split())
    if any(t.word[0].isalnum() and not {t.word, t.lemma} & plain for t in sentence.tokens):
        return None
    again = not sentence.words.isdisjoint({"same", "again", "what", "how"})  # 'the same on case39', 'what about case39?'
    last = memory.latest.frame if memory.latest else None
    return last if again and last is not None and last.intent is not Intent.ACT else Frame(intent=Intent.SUMMARY)
