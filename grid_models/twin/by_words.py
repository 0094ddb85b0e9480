"""Elements whose display name holds the words of a phrase: 'line 14' → 'HV1 Line 14'. Numbers are compared whole."""

from itertools import pairwise

from grid_models.twin.kind_words import ALL_WORDS
from grid_models.twin.phrase import Phrase
from grid_models.twin.registry import Element, ElementKind, Registry

FEW = 20  # a bare kind ('the transformer') is a reference only where few are there; more than this nobody chooses from
_BY_INDEX = {ElementKind.LINE: "line", ElementKind.TRANSFORMER: "trafo"}


def by_words(registry: Registry, phrase: Phrase) -> list[Element]:
    """Fitting elements, in the order of the tables.

    A number that follows the kind word (or no kind word) is the element's own, the last of its name; one that follows
    another kind word ('line 1 breaker') must follow it in the name too. Without any number the kind must be said.
    """
    words = phrase.words
    if not words:
        return _bare(registry, phrase)
    if phrase.head and not any(w.isdigit() for w in words):
        return _few(_literal(registry, phrase, phrase.narrowed(registry, registry.with_words(words))))
    if not any(w.isdigit() for w in words):
        return []
    if not phrase.head and len(words) < 2:
        return []
    found = phrase.narrowed(registry, registry.with_words(words))
    if not found and len(words) == 1:
        return _by_index(registry, phrase, words[0])
    agreeing = [e for e in found if _numbers_agree(words, registry.own_words(e))]
    return _literal(registry, phrase, agreeing) + _by_index(registry, phrase, " ".join(words))


def _literal(registry: Registry, phrase: Phrase, found: list[Element]) -> list[Element]:
    """Names that hold the kind word itself, where some do: 'machine 1' is 'T Machine 1' before 'T Wind 1', which is a machine too."""
    head = set(phrase.head.split())
    return [e for e in found if head <= set(registry.own_words(e))] or found


def _numbers_agree(said: list[str], name: list[str]) -> bool:
    for before, word in zip(["", *said], said, strict=False):
        if not word.isdigit():
            continue
        follows = before in ALL_WORDS and any(pair == (before, word) for pair in pairwise(name))
        if not follows and name[-1] != word:
            return False
    return True


def _by_index(registry: Registry, phrase: Phrase, number: str) -> list[Element]:
    """'branch 8', 'ln 8': branches named by their ends are known by the source's table index."""
    if not number.isdigit() or not phrase.head:
        return []
    found = [e for kind, word in _BY_INDEX.items() if kind in phrase.kinds for e in registry.with_alias(f"{word} {number}")]
    return phrase.narrowed(registry, found)


def _bare(registry: Registry, phrase: Phrase) -> list[Element]:
    """'the coupler', 'the 220 kV infeed': everything of that kind, where few are there."""
    return _few(_literal(registry, phrase, phrase.narrowed(registry, registry.of_kind(*phrase.kinds)))) if phrase.head else []


def _few(found: list[Element]) -> list[Element]:
    return found if len(found) <= FEW else []
