"""Numbers in running text, in figures or in words; those of several words become figures: 'two hundred', 'one point two', 'a gigawatt'."""

import re

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
WORDS: dict[str, float] = {
    **{word: float(i) for i, word in enumerate(_ONES.split())},
    **{word: 10.0 * i for i, word in enumerate(_TENS.split(), start=2)},
    "hundred": 100.0,
    "dozen": 12.0,
}
_UNDER_TEN = "|".join(_ONES.split()[1:10])
# a number in running text, in figures or in words: '2.5', '1,5', 'twenty five', 'two'
SAID = rf"(?:\d+(?:[.,]\d+)?|(?:{'|'.join(_TENS.split())})(?:[ -](?:{_UNDER_TEN}))?|{'|'.join(sorted(WORDS, key=len, reverse=True))})"


def said(text: str) -> float:
    """The value of what SAID matched."""
    if text[0].isdigit():
        return float(text.replace(",", "."))
    return sum(WORDS[word] for word in re.split(r"[ -]", text))


_MULTIPLES = {"hundred": 100.0, "thousand": 1000.0, "million": 1e6}
_VAGUE = {"a couple of": 2.0, "couple of": 2.0, "a couple": 2.0, "couple": 2.0, "a few": 3.0, "a": 1.0}  # engineering judgement
# hundreds first, so that the 'two thousand' of 'two thousand five hundred' has a figure beside it
_LARGE = tuple(
    re.compile(
        rf"\b(?P<n>{'|'.join(_VAGUE)}|{SAID})[ -](?P<times>{times})"
        rf"(?:[ -](?:and )?(?P<rest>{SAID})(?![\w.%-]| ?%| (?:hundred|thousand)))?\b",
        re.IGNORECASE,
    )
    for times in ("hundred", "thousand|million")
)
_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_POINT = re.compile(rf"\b(?P<n>{SAID}) point (?P<digits>(?:{'|'.join(_DIGITS)})(?: (?:{'|'.join(_DIGITS)}))*)\b", re.IGNORECASE)
_UNIT = r"(?=(?:giga|mega|kilo)watts?\b|gigs?\b|megs?\b|[gmk]w\b)"
_ONE = re.compile(rf"\b(?:(?P<half>half) )?an? {_UNIT}", re.IGNORECASE)


_TENS_SAID = re.compile(rf"\b(?:{'|'.join(_TENS.split())})(?:[ -](?:{_UNDER_TEN}))?\b", re.IGNORECASE)


def in_figures(text: str) -> str:
    """The text with such numbers, and with tens, written as figures; 'one' to 'nineteen' stay: 'one' is often none."""
    text = _POINT.sub(lambda m: f"{said(m['n'].lower()):g}.{''.join(str(_DIGITS.index(d)) for d in m['digits'].lower().split())}", text)
    for large in _LARGE:
        text = large.sub(lambda m: f"{_large(m):g}" if _large(m) < 1e6 else f"{_large(m):.0f}", text)
    text = _TENS_SAID.sub(lambda m: f"{said(m[0].lower()):g}", text)
    return _ONE.sub(lambda m: "0.5 " if m["half"] else "1 ", text)


def _large(match: re.Match[str]) -> float:
    number, rest = match["n"].lower(), match["rest"]
    return (_VAGUE.get(number) or said(number)) * _MULTIPLES[match["times"].lower()] + (said(rest.lower()) if rest else 0.0)
