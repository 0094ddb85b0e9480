"""Since when does a question look back? As the history takes it: '30 min', '2 h', '1 day', or a time of the day."""

import re

from agent.brains.embedded.figures import WORDS

# What a span without a number means: engineering judgement, about what an operator scrolls back.
_FEW = {"min": 15, "h": 6, "day": 3}
_NUMBERS = {**WORDS, "a": 1.0, "an": 1.0, "couple of": 2.0, "a couple of": 2.0}
# unit → (unit the history takes, how many of it)
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), ("min", 1 / 60)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), ("min", 1.0)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), ("h", 1.0)),
    **dict.fromkeys(("day", "days", "night"), ("day", 1.0)),
    **dict.fromkeys(("week", "weeks"), ("day", 7.0)),
    **dict.fromkeys(("month", "months"), ("day", 31.0)),
    **dict.fromkeys(("shift", "shifts"), ("h", 8.0)),
}
_SECONDS = {"min": 60.0, "h": 3600.0, "day": 86400.0}
_N = r"(?P<n>\d+(?:\.\d+)?|" + "|".join(sorted(_NUMBERS, key=len, reverse=True)) + r"|a few|few|several)"
_UNIT = rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b"
_BACK = (
    re.compile(rf"\b(?:last|past|previous|preceding|recent)\s+(?:{_N}\s*)?{_UNIT}"),
    re.compile(rf"\b{_N}\s*{_UNIT}\s+(?:ago|back|earlier|before)\b"),
    re.compile(rf"\b(?:for|since|during|over|this|these)\s+(?:the\s+)?(?:{_N}\s*)?{_UNIT}"),
)
_HOURS = "|".join(word for word, n in WORDS.items() if 1 <= n <= 12)
_SHARES = (
    (re.compile(r"\b(?:half (?:an |a )?|a half )hour\b"), "30 min"),
    (re.compile(r"\bquarter (?:of an |of |of a |an )?hour\b"), "15 min"),
    (re.compile(r"\bhalf (?:a )?minute\b"), "30 s"),
    (re.compile(r"\bhalf (?:a )?day\b"), "12 h"),
    (re.compile(r"\bhour and a half\b"), "90 min"),
)
_HALF_PAST = re.compile(rf"\bhalf past (?P<h>\d+|{_HOURS})\b")
_WORDED_HOUR = re.compile(
    rf"\b(?P<word>since|from|after|at|between|around) (?:about )?(?P<h>{_HOURS})(?P<rest>(?! [a-z])| o'clock| am| pm| this| in the)"
)
_SPAN = re.compile(rf"\b{_N}\s*{_UNIT}")
_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}(?:[t ]\d{2}:\d{2}(?::\d{2})?(?:z|[+-]\d{2}:\d{2})?)?")
_CLOCK = re.compile(
    r"\b(?P<word>since|from|after|between|at|around)\s+(?:about\s+)?(?P<h>[01]?\d|2[0-4])(?![\d.])(?::(?P<m>[0-5]\d))?\s*(?P<half>am|pm|h\b|hours\b|o'clock)?"
)
_LATE = re.compile(r"\b(?:(?:this|in the) (?:afternoon|evening)|tonight)\b")
_NAMED = (
    (re.compile(r"\b(?:this|in the) afternoon\b"), "12:00"),
    (re.compile(r"\bthis evening\b"), "18:00"),
    (re.compile(r"\b(?:noon|midday|lunch)\b"), "12:00"),
    (re.compile(r"\b(?:midnight|today|this morning|start of (?:the )?day)\b"), "00:00"),
    (re.compile(r"\byesterday\b"), "2 day"),  # all of it, whatever the hour is now
    (re.compile(r"\bsince (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"), "7 day"),
)


def since_asked(text: str) -> str | None:
    """'in the last hour' → '1 h', 'since 10:00' → '10:00', 'yesterday' → '2 day'; None where no past time is named."""
    said = _plain(text)
    return _date(said) or _span(said) or _clock(said) or next((since for pattern, since in _NAMED if pattern.search(said)), None)


def span_s(text: str) -> float | None:
    """The first span of time in a text, in seconds: 'older than 2 minutes' → 120."""
    found = _SPAN.search(_plain(text))
    if not found or found["n"] in ("few", "a few", "several"):
        return None
    unit, factor = _UNITS[found["unit"]]
    return _number(found["n"], unit) * factor * _SECONDS[unit]


def _plain(text: str) -> str:
    """Lower case, shares of an hour in minutes, hours of the clock in figures."""
    said = text.lower()
    for pattern, written in _SHARES:
        said = pattern.sub(written, said)
    said = _HALF_PAST.sub(lambda found: f"{_hour(found['h'])}:30", said)
    return _WORDED_HOUR.sub(lambda found: f"{found['word']} {_hour(found['h'])}{found['rest']}", said)


def _hour(word: str) -> str:
    return word if word.isdigit() else f"{_NUMBERS[word]:g}"


def _date(said: str) -> str | None:
    found = _DATE.search(said)
    return found[0].upper().replace(" ", "T") if found else None


def _span(said: str) -> str | None:
    found = next((f for pattern in _BACK if (f := pattern.search(said))), None)
    if found is None:
        return None
    unit, factor = _UNITS[found["unit"]]
    few = found["n"] in ("few", "a few", "several") or (found["n"] is None and found["unit"].endswith("s") and found["unit"] != "s")
    number = float(_FEW[unit]) if few else _number(found["n"], unit)
    return f"{number * factor:g} {unit}"


def _number(word: str | None, unit: str) -> float:
    return 1.0 if word is None else _NUMBERS[word] if word in _NUMBERS else float(word)


def _clock(said: str) -> str | None:
    """'Since 10' is a time, 'at 10' may be anything: there a colon or a word of the clock is needed."""
    for found in _CLOCK.finditer(said):
        if found["m"] or found["half"] or found["word"] == "since":
            late = found["half"] == "pm" or (int(found["h"]) < 12 and bool(_LATE.search(said)))
            hour = int(found["h"]) % 12 if late or found["half"] == "am" else int(found["h"]) % 24
            return f"{hour + (12 if late else 0):02d}:{found['m'] or '00'}"
    return None
