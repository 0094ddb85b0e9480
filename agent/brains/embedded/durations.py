"""How far ahead does a question look, or for how long is something to last? In hours; what is past, or an age, is none."""

import re

from agent.brains.embedded.figures import SAID, said

LONGEST_HOURS = 720.0  # thirty days: the study's own bound
_UNITS = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 1 / 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 1.0),
    **dict.fromkeys(("shift", "shifts"), 8.0),
    **dict.fromkeys(("d", "day", "days"), 24.0),
    **dict.fromkeys(("week", "weeks"), 168.0),
    **dict.fromkeys(("fortnight", "fortnights"), 336.0),
    **dict.fromkeys(("month", "months"), 720.0),
    **dict.fromkeys(("year", "years", "yr", "yrs"), 8760.0),
}
TIME_WORDS = frozenset(_UNITS) | {"s", "sec", "secs", "second", "seconds"}  # a number in front of one is no power, tap or voltage
_FEW = {1.0: 6.0, 24.0: 3.0}  # 'a few hours', 'several days': engineering judgement, as for the past
_UNIT = rf"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b"
_N = rf"{SAID}|(?:an? )?couple of|(?:a )?few|several|an?(?: (?:whole|full|entire))?"
_SPAN = re.compile(rf"(?<![\w.])(?P<n>{_N})(?:(?<=\d)|[\s-])\s*(?P<unit>{_UNIT})")
_PAST = re.compile(
    rf"\b(?:last|past|previous|preceding)\s+(?:{SAID}\s+|few\s+|couple of\s+)?{_UNIT}|\b\S+\s+{_UNIT}\s+(?:ago|old|back|earlier|of age)\b"
)
_FOR = re.compile(r"\bfor(?: about| around| up to| at least)?\s*$")
# 'per year', 'a year', 'annually': a rate and no span
ANNUAL = re.compile(r"\b(?:(?:a|per|each|every) (?:year|annum)|annual(?:ly)?|yearly|p\.\s?a\b)|/ ?(?:year|a)\b")
_FRACTIONS = (
    (re.compile(rf"\b(?:an?|one) (?P<unit>{_UNIT}) and a half"), r"1.5 \g<unit>"),
    (re.compile(rf"\b(?P<n>{SAID}) and a half (?P<unit>{_UNIT})"), None),
    (re.compile(rf"\bhalf (?:an? )?(?P<unit>{_UNIT})"), r"0.5 \g<unit>"),
    (re.compile(r"\bthree quarters of an hour"), "45 min"),
    (re.compile(r"\bquarter (?:of an |of |an )?hour"), "15 min"),
)
# What has no number: to the end of what is named, so that the moment meant lies within.
_NAMED = (
    (re.compile(r"\bday after tomorrow\b"), 72.0),
    (re.compile(r"\btomorrow\b"), 48.0),
    (re.compile(r"\bthe (?:next|coming|following) week\b|\b(?:this|coming|all|whole|entire) week\b"), 168.0),
    (re.compile(r"\bnext week\b"), 336.0),
    (re.compile(r"\b(?:this|next|coming) month\b"), 720.0),
    (re.compile(r"\b(?:next|coming|following) year\b"), 8760.0),
    (re.compile(r"\b(?:this|next|rest of the) shift\b"), 8.0),
    (re.compile(r"\bnext hour\b"), 1.0),
    (re.compile(r"\b(?:today|tonight|overnight|(?:next|all|whole|entire) (?:day|night))\b"), 24.0),
    (re.compile(r"\b(?:this|through the|during the) (?:morning|afternoon|evening|night)\b"), 24.0),
    (re.compile(r"\b(?:at|by|until) \d{1,2}(?::\d{2}|\s*(?:am|pm|o'clock)\b)"), 24.0),
)


def hours_asked(text: str) -> float | None:
    """'for two hours' → 2, 'half an hour' → 0.5, 'tomorrow' → 48, 'this week' → 168; None where no time to come is named."""
    plain = _plain(text)
    spans = [(m.start(), m.end(), _hours(m["n"], _UNITS[m["unit"]])) for m in _SPAN.finditer(plain)]
    if not spans:
        return next((hours for pattern, hours in _NAMED if pattern.search(plain)), None)
    first = next((i for i, (start, _, _) in enumerate(spans) if _FOR.search(plain[:start])), 0)
    _, end, total = spans[first]
    for start, after, hours in spans[first + 1 :]:  # '1 h 30 min', 'two hours and ten minutes'
        if plain[end:start].strip() not in ("", "and", ","):
            break
        total, end = total + hours, after
    return round(total, 6)


def _plain(text: str) -> str:
    """In lower case, fractions written as figures, what is past and what is a rate taken out."""
    plain = text.lower()
    for pattern, figures in _FRACTIONS:
        plain = pattern.sub(figures or (lambda m: f"{said(m['n']) + 0.5:g} {m['unit']}"), plain)
    return ANNUAL.sub(" ", _PAST.sub(" ", plain))


def _hours(number: str, unit: float) -> float:
    if number.endswith("few") or number == "several":
        return _FEW.get(unit, 3.0) * unit
    if number.endswith("couple of"):
        return 2.0 * unit
    return unit if number.split()[0] in ("a", "an") else said(number) * unit
