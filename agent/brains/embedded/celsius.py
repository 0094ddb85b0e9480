"""Which temperatures does a question name: of the surroundings, or a limit that a transformer is to keep? In °C."""

import re
from dataclasses import dataclass, replace

from agent.brains.embedded.figures import SAID, said
from agent.brains.embedded.frame import Threshold
from agent.brains.embedded.vocabulary import word_class

_HOTTEST_AMBIENT = 60.0  # °C; beyond it a temperature can only be one of the transformer (the study's own bound)
_DEGREES = re.compile(
    rf"(?<![\w.,])(?P<sign>minus |negative |[-\u2212]\s?)?(?P<n>{SAID})\s*"
    r"(?P<unit>(?:°|degrees?|deg\.?)\s*(?P<scale>celsius|centigrade|fahrenheit|[cf]\b)?|celsius|centigrade|fahrenheit|[cfk]\b|kelvins?)"
    r"(?P<below>\s*(?:below (?:zero|freezing)|of frost))?"
)
_WORD = re.compile(r"[\w'>=<]+")
_NEAR = 4  # words
_OUTSIDE = word_class("celsius.outside")
_ABOVE = word_class("celsius.above")
_BELOW = word_class("celsius.below")
_SHIFTED = word_class("celsius.shifted")


@dataclass(frozen=True)
class Temperatures:
    """`ambient_celsius` around the transformer; `limit` for its hot-spot; `shifted`: only said by how much it differs."""

    ambient_celsius: float | None = None
    limit: Threshold | None = None
    shifted: bool = False


def temperatures(text: str) -> Temperatures:
    """Every temperature of a text, by its role: a word for the air decides, then a bound before it, then whether air can be that hot."""
    plain, found, told = text.lower(), Temperatures(), 0
    for match in _DEGREES.finditer(plain):
        before, after = _WORD.findall(plain[told : match.start()])[-_NEAR:], _WORD.findall(plain[match.end() :])[:2]
        found, told = _with(found, _celsius(match), match["unit"], before, after), match.end()
    return found


def _with(found: Temperatures, value: float, unit: str, before: list[str], after: list[str]) -> Temperatures:
    below = not _BELOW.isdisjoint(before)
    around = before[-1:] == ["at"]  # 'at 95 degrees' is meant as ambient, and refused by whoever checks the bounds
    bounded = below or not _ABOVE.isdisjoint(before) or (value > _HOTTEST_AMBIENT and not around)
    if not _SHIFTED.isdisjoint(after[:1]) or before[-1:] == ["by"] or unit.startswith("k"):
        return replace(found, shifted=True)
    if bounded and _OUTSIDE.isdisjoint([*before, *after]):
        return replace(found, limit=Threshold(field="hot_spot_celsius", op="<" if below else ">", value=value))
    return replace(found, ambient_celsius=value)


def _celsius(match: re.Match[str]) -> float:
    sign = -1.0 if match["sign"] or match["below"] else 1.0
    value = sign * said(match["n"])
    scale = match["scale"] or match["unit"]
    return round((value - 32.0) / 1.8, 1) if scale.startswith("f") else value
