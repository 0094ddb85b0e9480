"""What is short for what? Acronyms of the domain, so that "UFLS" meets "under-frequency load shedding"."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.strict_yaml import load_strict

_FILE = Path(__file__).parent.parent / "data" / "acronyms.yaml"
_BETWEEN = r"[\s/-]+"


@dataclass(frozen=True)
class Acronym:
    """`token` stands for it in the index; `forms` are all ways to write it, short and long."""

    token: str
    forms: tuple[str, ...]


@lru_cache(maxsize=1)
def acronyms() -> tuple[Acronym, ...]:
    """As the data file has them."""
    rows = load_strict(_FILE.read_text(encoding="utf-8"))
    assert isinstance(rows, dict)
    listed = {str(short): [form.strip() for form in f"{short}|{long}".split("|")] for short, long in rows.items()}
    return tuple(Acronym(re.sub(r"[\W_]", "", forms[0]).lower(), tuple(forms)) for forms in listed.values())


def acronyms_in(text: str) -> tuple[Acronym, ...]:
    """The acronyms that a text writes, short or long, each once; also one inside another's long form."""
    words = _spoken(text).split()
    found = (
        acronym
        for at, word in enumerate(words)
        for form, acronym in _by_first_word().get(word, ())
        if tuple(words[at : at + len(form)]) == form
    )
    return tuple(dict.fromkeys(found))


def with_tokens(text: str) -> str:
    """The text with the token in the place of each short and long form, the longest form first."""
    return _any_form().sub(lambda match: _by_form()[_spoken(match[0])].token, text)


@lru_cache(maxsize=1)
def _by_form() -> dict[str, Acronym]:
    """Each form as `_spoken` writes it, and its plural."""
    return {f"{_spoken(form)}{plural}": acronym for plural in ("s", "") for acronym in acronyms() for form in acronym.forms}


@lru_cache(maxsize=1)
def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], Acronym]]]:
    found: dict[str, list[tuple[tuple[str, ...], Acronym]]] = {}
    for form, acronym in _by_form().items():
        words = tuple(form.split())
        found.setdefault(words[0], []).append((words, acronym))
    return found


@lru_cache(maxsize=1)
def _any_form() -> re.Pattern[str]:
    forms = sorted(_by_form(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(_BETWEEN.join(map(re.escape, form.split())) for form in forms) + r")\b", re.IGNORECASE)


def _spoken(text: str) -> str:
    """Lower case words between single spaces."""
    return " ".join(re.sub(r"[^\w]+", " ", text).casefold().split())
