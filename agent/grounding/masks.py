"""Which digits of a text are no claims? Names, dates, clause numbers, list numbers, links, "N-1", and what is quoted from a result."""

import re
from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from agent.answer import Call
from agent.grounding.formats import UNIT_PATTERN
from agent.grounding.names import Span

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_ALWAYS = re.compile(
    "|".join(
        (
            r"\]\([^)\s]*\)",  # the target of a link
            r"https?://\S+",
            r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?",
            r"\b\d{1,2}:\d{2}(?::\d{2})?\b",
            rf"\b\d{{1,2}}\.? (?:{_MONTHS})(?: \d{{4}})?\b|\b(?:{_MONTHS}) \d{{1,2}}(?:, \d{{4}})?\b",
            r"(?m:^\s*(?:[-*#>]+\s+)*\d{1,3}[.)](?=\s))",  # "1." of a list
            r"(?<!\w)[Nn]\s?[-–−]\s?\d(?:[-–−]\d)?(?!\d)",  # N-1, N-1-1
            r"(?<![\d.])\d{1,3}(?:st|nd|rd|th)\b",
        )
    )
)
_MEASURE = re.compile(rf"[-+]?[\d.,]+\s*(?:{UNIT_PATTERN})?")


def plain_spans(text: str) -> list[Span]:
    """Dates, times, links, list numbers, ordinals and N-1."""
    return [m.span() for m in _ALWAYS.finditer(text)]


def quotable(call: Call) -> set[str]:
    """What the call itself says in words, digits included: sentences, names, identifiers."""
    said = {*words_of(call), *([call.error] if call.error else [])}
    # "set the tap of X to position 3" may be told as "setting the tap of X to position 3"
    said |= {words.partition(" ")[2] for key in ("changes", "actions") for words in strings(call.result.get(key))}
    return {s for s in said if re.search(r"\d", s) and re.search(r"[^\W\d]", s) and not _MEASURE.fullmatch(s)}


def words_of(call: Call) -> Iterator[str]:
    """Every text of a result. The reason of a request is no finding but the asker's word."""
    return strings({k: v for k, v in call.result.items() if not (k == "reason" and call.tool == "propose_action")})


def strings(value: JsonValue) -> Iterator[str]:
    """Every text in a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def quoted_spans(text: str, sentences: Iterable[str]) -> list[Span]:
    """Where the text repeats one of them word for word."""
    found: list[Span] = []
    for sentence in sentences:
        if sentence in text:
            found += [m.span() for m in re.finditer(rf"(?<!\w){re.escape(sentence)}(?!\w)", text)]
    return found
