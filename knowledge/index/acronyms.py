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
    spoken = f" {_spoken(text)} "
    return tuple(dict.fromkeys(acronym for form, acronym in _by_form().items() if f" {form} " in spoken))


def with_tokens(text: str) -> str:
    """The text with the token in the place of each short and long form, the longest form first."""
    return _any_form().sub(lambda match: _acronym(_spoken(match[0])).token, text)


def _acronym(form: str) -> Acronym:
    return _by_form().get(form) or _by_form()[form.removesuffix("s")]


@lru_cache(maxsize=1)
def _by_form() -> dict[str, Acronym]:
    return {_spoken(form): acronym for acronym in acronyms() for form in acronym.forms}


@lru_cache(maxsize=1)
def _any_form() -> re.Pattern[str]:
    forms = sorted(_by_form(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(_BETWEEN.join(map(re.escape, form.split())) + "s?" for form in forms) + r")\b", re.IGNORECASE)


def _spoken(text: str) -> str:
    """Lower case words between single spaces, the plural of an acronym as one of them ("TSOs", "FCRs")."""
    words = re.sub(r"[^\w]+", " ", re.sub(r"\b([A-Z]{2,})s\b", r"\1", text)).casefold().split()
    return " ".join(words)
