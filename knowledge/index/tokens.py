"""Which words does a text have, for searching? Numbers, codes such as N-1 or 60076-7, and stems of words; acronyms as one word."""

import re
from functools import lru_cache
from pathlib import Path

from knowledge.index.acronyms import acronyms_in, with_tokens

_CODE = r"[a-z]{1,6}-?\d+(?:[-./]\d+)*[a-z]?\b"  # n-1, r1, c57.91, prc-024-3
_PLAIN_CODE = r"\d+(?:[-/]\d+)+"  # 60076-7, 2017/1485
_NUMBER = r"\d+(?:\.\d+)?"
_WORD = r"[^\W\d_]+(?:-[^\W\d_]+)*"
_TOKEN = re.compile(rf"{_CODE}|{_PLAIN_CODE}|{_NUMBER}|{_WORD}")
_ALIKE = str.maketrans({"‐": "-", "‑": "-", "−": "-", "’": "'", "\u00a0": " "})  # hyphens and the minus sign that stand inside codes
_N_MINUS = re.compile(r"\bn ?(?:-|minus) ?(\d|one\b|two\b)", re.IGNORECASE)
_COUNTS = {"one": "1", "two": "2"}
_POSSESSIVE = re.compile(r"'s\b")

_DATA = Path(__file__).parent.parent / "data"
STOP_WORDS = frozenset((_DATA / "stop_words.txt").read_text(encoding="utf-8").split())
# What is left of a word has at least three letters.
_SUFFIXES = sorted(
    (
        *(
            "ations",
            "ation",
            "ators",
            "ator",
            "ating",
            "ated",
            "ates",
            "ate",
            "ments",
            "ment",
            "ances",
            "ance",
            "ences",
            "ence",
            "ings",
            "ing",
        ),
        *("ions", "ion", "ives", "ive", "ally", "ies", "ers", "ors", "als", "ed", "er", "or", "al", "ly", "es", "is", "s", "e", "y"),
    ),
    key=len,
    reverse=True,
)
_SHORTEST_STEM = 3


def tokens(text: str) -> list[str]:
    """Searchable words in their order, without stop words; each acronym besides, as one word, where its short or long form stands."""
    return [*_words(text), *(a.token for a in acronyms_in(plain(text)))]


def concepts(question: str) -> list[str]:
    """What a question asks about, each once: its words, an acronym or its long form as one. A text that has it has it among its tokens."""
    replaced = with_tokens(plain(question))
    known = {a.token for a in acronyms_in(plain(question))}
    found = [piece for raw in _TOKEN.findall(replaced.lower()) for piece in ([raw] if raw in known else _parts(raw))]
    wanted = [token for token in dict.fromkeys(found) if token not in STOP_WORDS]
    return [token for token in wanted if token not in _framing()] or wanted


@lru_cache(maxsize=1)
def _framing() -> frozenset[str]:
    """Stems of words that frame a question ("what is the difference", "is it allowed") and say little of what it is about."""
    return frozenset(map(stem, (_DATA / "question_words.txt").read_text(encoding="utf-8").split()))


def _words(text: str) -> list[str]:
    found = [piece for raw in _TOKEN.findall(plain(text).lower()) for piece in _pieces(raw)]
    return [token for token in found if token not in STOP_WORDS]


def plain(text: str) -> str:
    """One spelling of hyphens and of "N minus 1"."""
    return _N_MINUS.sub(lambda m: f"n-{_COUNTS.get(m[1].lower(), m[1])}", _POSSESSIVE.sub("", text.translate(_ALIKE)))


def _pieces(raw: str) -> list[str]:
    """A code whole and without its last part; a compound as its parts and as one word; a number without idle zeros; a word's stem."""
    if raw[0].isdigit():
        return [_number(raw)]
    if any(char.isdigit() for char in raw):
        return [raw, *([raw.rsplit("-", 1)[0]] if raw.count("-") > 1 else [])]
    return [*_parts(raw), *([stem(raw.replace("-", ""))] if "-" in raw else [])]


def _parts(raw: str) -> list[str]:
    """The pieces that a text needs to have it: of a compound its parts, of a code the whole."""
    if any(char.isdigit() for char in raw):
        return _pieces(raw)[:1]
    return [p if p in STOP_WORDS else stem(p) for p in raw.split("-")]


def _number(raw: str) -> str:
    return raw.rstrip("0").rstrip(".") if "." in raw else raw


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without one inflection: enough that 'shedding' meets 'shed' and 'operators' meets 'operation'."""
    if len(word) <= _SHORTEST_STEM or word.endswith("ss"):
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            return _undoubled(word.removesuffix(suffix), suffix)
    return word


def _undoubled(rest: str, suffix: str) -> str:
    """'tripp' is 'trip', but 'loss' stays."""
    doubled = suffix in ("ing", "ed", "er", "ers") and len(rest) > _SHORTEST_STEM and rest[-1] == rest[-2] and rest[-1] not in "sl"
    return rest[:-1] if doubled else rest
