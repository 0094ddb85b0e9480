"""Stretches of a sentence as they are written, and what they mean to the names of a grid."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from agent.brains.embedded.figures import WORDS
from agent.brains.embedded.kinds import Mention
from agent.brains.embedded.numbers import number_at
from agent.brains.embedded.text import Token
from grid_models.twin.registry import Element, ElementKind, Registry
from grid_models.twin.resolve import Resolution, resolve

Kinds = tuple[ElementKind, ...]


@dataclass(frozen=True)
class Phrases(ABC):
    """The tokens of one prepared sentence, which is their `text`."""

    registry: Registry
    text: str
    tokens: Sequence[Token]

    @abstractmethod
    def name_at(self, i: int) -> Mention | None:
        """The name, or the kind with a number or place, that begins at token i."""

    def written(self, start: int, end: int) -> str:
        return self.text[self.tokens[start].start : self.tokens[end - 1].end]

    def in_digits(self, start: int, end: int) -> str:
        """The stretch as it would be written with figures: 'a line one disconnector two' as 'a line 1 disconnector 2'."""
        words, i = [], start
        while i < end:
            number = number_at(self.tokens[:end], i) if self.tokens[i].word in WORDS else None
            words.append(f"{number[0]:g}" if number else self.tokens[i].text)
            i = number[1] if number else i + 1
        return " ".join(words)

    def word(self, i: int) -> str:
        """The word of token i; '' outside the sentence."""
        return self.tokens[i].word if 0 <= i < len(self.tokens) else ""

    def lemma(self, i: int) -> str:
        return self.tokens[i].lemma if 0 <= i < len(self.tokens) else ""

    def is_number(self, i: int) -> bool:
        """A whole number that may be an element's: '54', no '054' or '5.4'."""
        word = self.word(i)
        return word.isdigit() and (word == "0" or word[0] != "0")

    def resolved(self, phrase: str, kinds: Kinds) -> Resolution:
        return resolve(self.registry, phrase, kinds)

    def meant(self, start: int, end: int, found: Resolution, kinds: Kinds, *, all_of_them: bool = False) -> Mention:
        """A resolution as the mention of tokens start <= i < end; several that fit are all meant, or must be chosen from."""
        several = tuple(e.name for e in (sorted(found.candidates, key=_row) if all_of_them else found.candidates))
        names = (found.element.name,) if found.element else several if all_of_them else ()
        return Mention(start, end, self.written(start, end), kinds, names, () if names else several, found.nearest)

    def mention_of(self, start: int, end: int, phrases: Sequence[str], kinds: Kinds, alternatives: bool = False) -> Mention:
        """One mention of several phrases: known only when each phrase is."""
        found = [resolve(self.registry, phrase, kinds) for phrase in phrases]
        for phrase, one in zip(phrases, found, strict=True):
            if one.element is None:
                several = tuple(e.name for e in one.candidates)
                return Mention(start, end, phrase, kinds, (), several, one.nearest)
        names = tuple(dict.fromkeys(one.element.name for one in found if one.element))
        return Mention(start, end, self.written(start, end), kinds, names, alternatives=alternatives and len(names) > 1)


def _row(element: Element) -> tuple[int, int]:
    """The order of the tables."""
    return list(ElementKind).index(element.kind), element.index
