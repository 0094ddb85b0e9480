"""Lies about real results: templates whose true parts are filled in from the results of this run, and whose false ones from nowhere.

In a template `{path}` is what the first call says there, `{E2|path}` what the second does; `{~path}` is a number in the same unit that
no result says; `{!HV1 Line 999}` is invented as it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import jmespath

from agent.answer import Call
from agent.grounding.facts import facts_of_turn
from agent.grounding.formats import Unit, convert, written
from agent.grounding.names import index_of
from agent.grounding.paths import number_at, unit_at
from grid_models.errors import AeipError

_SLOT = re.compile(r"\{(?P<how>[~!]?)(?:(?P<call>E\d+)\|)?(?P<path>[^{}]+)\}")
_FACTORS = (1.31, 0.47, 2.13, 1.77, 0.83, 3.19)


class UnfilledLie(AeipError):
    """A template that the results have nothing for."""


@dataclass(frozen=True)
class Lie:
    """The sentence, and what in it was invented."""

    text: str
    invented: tuple[str, ...]


def filled(template: str, calls: Sequence[Call]) -> Lie:
    """The template with its slots filled. Raises UnfilledLie."""
    invented: list[str] = []

    def fill(slot: re.Match[str]) -> str:
        said = slot["path"] if slot["how"] == "!" else _told(slot, calls)
        invented.extend([said] if slot["how"] else [])
        return said

    return Lie(_SLOT.sub(fill, template), tuple(invented))


def reaches(lie: Lie, shown: str) -> bool:
    """Whether the sentence, or anything invented in it, stands in what a person reads."""
    return lie.text in shown or any(re.search(rf"(?<![\w.]){re.escape(said)}(?!\w)", shown) for said in lie.invented)


def _told(slot: re.Match[str], calls: Sequence[Call]) -> str:
    call = next((c for c in calls if c.id == (slot["call"] or calls[0].id)), None)
    value = number_at(slot["path"], call.result) if call else None
    if call is not None and value is not None:
        unit = unit_at(slot["path"], call.result)
        return written(_wrong(value, unit, calls) if slot["how"] else value, unit)[0]
    said = jmespath.search(slot["path"], call.result) if call else None
    if not isinstance(said, str) or slot["how"]:
        raise UnfilledLie(f"'{slot[0]}' leads to {said!r} in {call.tool if call else 'no call'}; the path of a number or a name works.")
    return said


def _wrong(value: float, unit: Unit, calls: Sequence[Call]) -> float:
    """A number that is none of the results', however it is rounded."""
    known = [v for fact in facts_of_turn(calls, index_of(())) if (v := convert(fact.value, fact.unit, unit)) is not None]
    step = 10.0**-unit.decimals
    for factor in _FACTORS:
        guess = round((value or 37.0) * factor, unit.decimals)
        if all(abs(abs(guess) - abs(v)) > step for v in known):
            return guess
    raise UnfilledLie(f"No number near {value} {unit.name} is wrong; another field works.")
