"""Numbers that the person said themselves, and numbers that a result says in words."""

import re
from collections.abc import Sequence

from agent.answer import Evidence
from agent.grounding.claims import Claim
from agent.grounding.facts import Fact
from agent.grounding.formats import convert

# Words that repeat a request or name a bound. Without one, a measured quantity must come from a result:
# "is it above 90 %?" supports no "it is at 90 %".
_ECHO = re.compile(
    r"\b(?:above|over|below|under|than|exceed\w*|limit|threshold|within|between|least|most|asked|wanted|requested|if|set\w*|cap\w*|curtail\w*"
    r"|reduc\w*|rais\w*|lower\w*|scal\w*|shed\w*|chang\w*|mov\w*|target|top|first|worst|case|proposal)\b|[<>≥≤]",
    re.IGNORECASE,
)


def asked_for(claim: Claim, question: Sequence[Claim], facts: Sequence[Fact]) -> Evidence | None:
    """Evidence `question`, when the person wrote this number and the text repeats it rather than measures it."""
    echo = _ECHO.search(claim.before) is not None
    if not echo and _measured(claim, facts):
        return None
    for said in question:
        reading = _same(claim, said, echo)
        if reading is not None:
            unit = claim.unit or said.unit
            return Evidence(text=claim.numeral.text, value=reading, unit=unit.name if unit else "", tool_call="question", path="question")
    return None


def said_in_words(claim: Claim, sentences: Sequence[tuple[Claim, frozenset[str]]]) -> bool:
    """Whether a sentence of a result holds this number, about the same element or, where neither names one, in the same words."""
    return any(_same(claim, said, echo=False) is not None and _about_the_same(claim, said, about) for said, about in sentences)


def _about_the_same(claim: Claim, said: Claim, about: frozenset[str]) -> bool:
    if about and claim.subjects:
        return any(about & s for s in claim.subjects)
    return bool(claim.words & said.words)


def _measured(claim: Claim, facts: Sequence[Fact]) -> bool:
    """Whether the results hold that quantity, of that element where one is named."""
    quantity = claim.unit.quantity if claim.unit else "count"
    return any(f.unit.quantity == quantity and (not claim.subjects or any(f.subjects & s for s in claim.subjects)) for f in facts)


def _same(claim: Claim, said: Claim, echo: bool) -> float | None:
    """The claim's number when the other one equals it. A number said without a unit may get one only where it is echoed."""
    if (claim.unit is None) != (said.unit is None) and not echo:
        return None
    for reading in claim.numeral.readings:
        for other in said.numeral.readings:
            value = convert(other.value, said.unit, claim.unit) if said.unit and claim.unit else other.value
            if value is not None and abs(value - reading.value) <= 1e-9 + 0.5 * 10.0**-reading.decimals * (said.unit != claim.unit):
                return reading.value
    return None
