"""Where do sentences end? In prose, and in the lines of lists and tables that documents have."""

import re
from functools import lru_cache

_LONGEST = 600  # letters; what has no end by then is cut between words
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•|]|\d{1,2}[.)]\s|\([a-z]\)\s))")
_END = re.compile(r"(?<=[.!?])[\"')\]]?\s+(?=[\"'(\[]?[A-Z0-9])")
_NO_END = re.compile(r"(?:\b(?:Art|Arts|Reg|No|Nos|Sec|Fig|Eq|vs|cf|Std|Dr|e\.g|i\.e|approx|max|min)|\b[A-Z])\.$")


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text in their order, word for word, each on one line."""
    found = [piece for block in _BLOCK.split(text) for sentence in _of_block(" ".join(block.split())) for piece in _cut(sentence)]
    return tuple(piece for piece in found if piece)


def _of_block(block: str) -> list[str]:
    joined: list[str] = []
    start = 0
    for end in _END.finditer(block):
        if not _NO_END.search(block[start : end.start()].rstrip("\"')]")):
            joined.append(block[start : end.end()].strip())
            start = end.end()
    return [*joined, block[start:].strip()]


def _cut(sentence: str) -> list[str]:
    if len(sentence) <= _LONGEST:
        return [sentence]
    at = sentence.rfind(" ", 0, _LONGEST)
    at = at if at > 0 else _LONGEST
    return [sentence[:at], *_cut(sentence[at:].strip())]
