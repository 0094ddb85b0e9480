"""Which sentences of a document read like instructions to an assistant? They are marked for whoever reads them and stay as they are.

No answer depends on it: the text of a passage is quoted and never carried out, marked or not. `signs.yaml` holds the signs.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from knowledge.documents.concealed import conceals
from knowledge.strict_yaml import load_strict

_SIGNS = Path(__file__).with_name("signs.yaml")
_LONGEST = 300  # letters of a sentence that is shown
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_SPELT = re.compile(r"\b(?:\w[ .\-_]){3,}\w\b")


class _Sign(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    what: str
    points: int
    pattern: str


class _Signs(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    enough: int
    words: dict[str, str]
    signs: tuple[_Sign, ...]


def suspicious_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text that read like instructions, or conceal something, in its order and its own words."""
    return tuple(sentence[:_LONGEST] for sentence in _sentences(text) if reads_like_instruction(sentence))


def reads_like_instruction(sentence: str) -> bool:
    """Its signs add up to enough."""
    signs, enough = _signs()
    plain = _plain(sentence)
    return conceals(sentence) or sum(points for points, pattern in signs if pattern.search(plain)) >= enough


def _sentences(text: str) -> Iterator[str]:
    return (sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip())


def _plain(sentence: str) -> str:
    """Lower case, letters in their usual form, single spaces, and words that were spelt letter by letter joined."""
    text = unicodedata.normalize("NFKC", sentence).casefold().replace("’", "'")
    return " ".join(_SPELT.sub(lambda spelt: re.sub(r"[ .\-_]", "", spelt.group()), text).split())


@lru_cache(maxsize=1)
def _signs() -> tuple[tuple[tuple[int, re.Pattern[str]], ...], int]:
    """(points, pattern) of each sign, and how many points are enough."""
    stored = _Signs.model_validate(load_strict(_SIGNS.read_text(encoding="utf-8")))
    return tuple((sign.points, re.compile(_filled(sign.pattern, stored.words))) for sign in stored.signs), stored.enough


def _filled(pattern: str, words: dict[str, str]) -> str:
    for name, alternatives in words.items():
        pattern = pattern.replace(f"{{{name}}}", alternatives)
    return pattern
