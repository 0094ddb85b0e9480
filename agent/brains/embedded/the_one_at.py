"""'I meant the one at bus 37', 'same for the one between Bus 5 and Bus 6': which kind is 'the one' that is only placed?"""

from agent.brains.embedded.memory import Memory
from agent.brains.embedded.sentence import Sentence
from grid_models.twin.registry import Registry

_PLACING = frozenset({"at", "on", "in", "between", "connected", "from", "near"})
_POINTING = frozenset({"the", "that"})


def with_kind(sentence: Sentence, memory: Memory, registry: Registry) -> str | None:
    """The text with the kind of the element spoken of last in place of 'one'; None where no such 'one' is placed."""
    names = (*memory.about, *(memory.latest.frame.elements if memory.latest and memory.latest.frame else ()))
    asked = memory.latest.frame.kind if memory.latest and memory.latest.frame else None  # 'which breakers does line 1 have?'
    kinds = {asked} if asked else {e.kind.value for name in names[-1:] for e in registry.exact(name)}
    words = [t.word for t in sentence.tokens]
    at = next((i for i in range(1, len(words) - 1) if words[i] == "one" and words[i - 1] in _POINTING and words[i + 1] in _PLACING), None)
    if at is None or len(kinds) != 1:
        return None
    token = sentence.tokens[at]
    return f"{sentence.text[: token.start]}{kinds.pop()}{sentence.text[token.end :]}"
