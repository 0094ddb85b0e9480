"""Where does a sentence name a kind of element, with or without saying which one?"""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.brains.embedded.text import Token
from grid_models.twin.registry import ElementKind
from grid_models.twin.resolve import KIND_WORDS


@dataclass(frozen=True)
class Mention:
    """Tokens start <= i < end. `elements` when known; else `candidates` (several fit) or `nearest` (none fits)."""

    start: int
    end: int
    phrase: str
    kinds: tuple[ElementKind, ...]
    elements: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    excluded: bool = False
    alternatives: bool = False
    guessed: bool = False  # the one nearest name of a mistyped one: good enough to look at, not to act on

    @property
    def unknown(self) -> bool:
        return not self.elements and not self.candidates


@dataclass(frozen=True)
class KindWord:
    """A kind named without saying which: 'the line', 'transformers'."""

    start: int
    end: int
    kinds: tuple[ElementKind, ...]
    plural: bool


def kind_at(tokens: Sequence[Token], i: int) -> KindWord | None:
    """The word of the trade for a kind of element that begins at token i, longest first."""
    before, here = [t.word for t in tokens[max(i - 1, 0) : i]], [t.word for t in tokens[i : i + 2]]
    if before == ["short"] or (before == ["per"] and here[:1] == ["unit"]) or here == ["load", "flow"]:
        return None  # 'short circuit', 'per unit', 'load flow'
    for width in (3, 2, 1):
        if i + width <= len(tokens):
            last = tokens[i + width - 1]
            for end_word in (last.word, last.lemma) if last.form in ("base", "s") else (last.word,):
                words = " ".join([*(t.word for t in tokens[i : i + width - 1]), end_word]).replace("_", " ")
                if words in KIND_WORDS:
                    return KindWord(i, i + width, KIND_WORDS[words], plural=last.form == "s" and last.word.endswith("s"))
    return None
