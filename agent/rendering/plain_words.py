"""The last answer for somebody who learns the trade: what the study does, what it found, and the terms in it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from agent.answer import Call
from agent.rendering.reading import number

_FIELD = re.compile(r"\{(\w+)\}")
_MOST_TERMS = 6


@lru_cache
def _data() -> dict[str, Any]:
    return dict(yaml.safe_load((Path(__file__).parent / "data" / "plain.yaml").read_text(encoding="utf-8")))


def explained(text: str, calls: Sequence[Call]) -> str:
    """What was done, the point of the answer as it was told, what its numbers say, and its terms."""
    known = [c for c in calls if c.ok and c.tool in _data()["studies"]]
    last = known[-1:]
    does = [_data()["studies"][c.tool]["does"] for c in last]
    found = [s for c in last for s in (_filled(t, c) for t in _data()["studies"][c.tool]["found"]) if s]
    point = text.split("\n\n")[0]
    terms = _terms(" ".join([point, *found]))
    return "\n\n".join(p for p in ("In plain words:", " ".join(does), point, " ".join(found), terms) if p)


def mattering(calls: Sequence[Call]) -> str:
    """Why anybody looks at such a result."""
    known = [c.tool for c in calls if c.tool in _data()["studies"]]
    return str(_data()["studies"][known[-1]]["why"]) if known else "The last answer rests on no study, so there is nothing in it to weigh."


def _filled(template: str, call: Call) -> str:
    """The sentence with markers; empty where the result lacks one of its numbers."""
    paths = _FIELD.findall(template)
    if any(number(call.result, path) is None for path in paths):
        return ""
    return _FIELD.sub(lambda m: f"⟦{call.id}|{m[1]}⟧", template)


def _terms(text: str) -> str:
    """The terms that occur, one a line, in our words."""
    told = [f"- **{term}**: {words}" for term, words in _data()["terms"].items() if _occurs(term, text)]
    return "\n".join(told[:_MOST_TERMS])


def _occurs(term: str, text: str) -> bool:
    """A term by its name or its abbreviation in brackets."""
    names = [term.split(" (")[0], *re.findall(r"\((\w+)\)", term)]
    return any(re.search(rf"\b{re.escape(name)}(?:s|es)?\b", text) or (name == "pu" and "_pu" in text) for name in names)
