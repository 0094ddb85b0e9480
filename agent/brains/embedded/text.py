"""A sentence as tokens: written form, word, base form. Contractions are opened, hyphens and spellings evened out."""

import re
from dataclasses import dataclass

from agent.brains.embedded.figures import in_figures
from agent.brains.embedded.vocabulary import vocabulary
from agent.brains.embedded.words import Form, base_form, repaired

_UNIT = r"(?:%|(?:[kmg]?w|[km]?var|mva|k?v|k?a|pu|percent|pct)\b|p\.u|per\s?cent\b)"
_POWER = r"e[-+\u2212]?\d{1,2}(?!\d)"  # of ten: '1e2'
_TOKEN = re.compile(
    r"""
      n\s?[-\u2013\u2212]\s?[1-9k](?:\s?[-\u2013]\s?1)?(?!\w|\.\d)      # N-1, N-1-1
    | p\.u\.?|(?:no|nr)\.(?=\s*\d)|e\.g\.|i\.e\.|vs\.
    | \d+(?:st|nd|rd|th)\b
    | (?<![\w)\]])[-+\u2212](?:\d+,\d+(?=\s*UNIT)|(?:\d+(?:\.\d+)?|\.\d+)(?:POWER)?)  # signed, not a range
    | (?<![\d.,])\d+(?:,\d+)+(?=\s*UNIT)                             # thousands or a decimal comma, only in front of a unit
    | (?<![\d,])0,\d+                                                # decimal comma
    | (?:\d+(?:\.\d+)?|(?<![\w.])\.\d+)(?:POWER)?
    | [^\W\d]\w*(?:\.\w+)*(?:['\u2019][a-z]+)?
    | >=|<=|[^\w\s]
    """.replace("UNIT", _UNIT).replace("POWER", _POWER),
    re.X | re.I,
)
_NUMBER = re.compile(rf"[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:{_POWER})?")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+")
_JOINED = re.compile(r"\b(de|re|un|on|off|over|under)-(?=[a-z]{3})", re.I)
_UNIT_HYPHEN = re.compile(r"(?<=\d)-(?=(?:[kmg]?w|[km]?var|mva|kv)\b)", re.I)  # '380-kV busbars'
_DOTS = re.compile(r"(?<=\d)\s?(?:\.\.+|\u2026)\s?(?=\d)")  # '0.95..1.05'
_HYPHEN = re.compile(r"(?<=[a-z])[-\u2013](?=[a-z])", re.I)
_GLUED = re.compile(r"\b(lines?|trafos?|transformers?|s?gens?|loads?|bus|buses|switch|breaker|unit|park|ohl|tap)(\d+)\b", re.I)
_SIGNED = re.compile(r"\b(to|at|by|of|minus)\s+[-\u2212]\s+(?=\.?\d)", re.I)  # 'to - 5 MW': a sign, not a dash
_N_MINUS = re.compile(r"\b(?:n\s?(?:minus|-)|(?:en|end) minus)\s?(one|two|1|2)\b|\bn1\b", re.I)
_ENDS = frozenset(".?!\n")


@dataclass(frozen=True)
class Token:
    """`text` as written; `word` in lower case with its spelling repaired; `lemma` the base form."""

    text: str
    word: str
    lemma: str
    form: Form
    start: int
    end: int

    @property
    def is_number(self) -> bool:
        return bool(_NUMBER.fullmatch(self.word))

    @property
    def ends_sentence(self) -> bool:
        return self.word in _ENDS

    def among(self, words: frozenset[str] | tuple[str, ...]) -> bool:
        return self.word in words or self.lemma in words


def prepared(text: str) -> str:
    """Typographic signs evened out, compound hyphens opened, 'line14' split, 'two hundred' as 200; what tokens' offsets refer to."""
    text = _UNIT_HYPHEN.sub(" ", text)
    text = _DOTS.sub(" - ", text)
    text = text.replace("\u2019", "'").replace("\u2018", "'").replace("\u2014", " - ").replace("\u00a0", " ")
    text = _SIGNED.sub(r"\1 -", text)
    text = re.sub(r"\bw/(?=\s)", "with", re.sub(r"\bw/o\b", "without", text, flags=re.I), flags=re.I)
    text = _N_MINUS.sub(lambda m: "N-2" if (m.group(1) or "1").lower() in ("two", "2") else "N-1", text)
    text = _JOINED.sub(r"\1", text)
    return in_figures(_GLUED.sub(r"\1 \2", _HYPHEN.sub(" ", text)))


def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of a prepared sentence."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        written = match.group()
        for word in _opened(written):
            base, form = base_form(word)
            tokens.append(Token(written, word, base, form, match.start(), match.end()))
    return tuple(tokens)


def _opened(written: str) -> tuple[str, ...]:
    """The word or words a written token stands for."""
    low = written.casefold()
    if low[0].isdigit() or low[:1] in "+-\u2212" or (low[0] == "." and low != "."):
        plain = low.replace("\u2212", "-")
        return (plain.replace(",", "" if _THOUSANDS.fullmatch(plain) else "."),)
    if re.match(r"n\s?[-\u2013\u2212]", low):
        return (re.sub(r"\s", "", low).replace("\u2013", "-").replace("\u2212", "-"),)
    known = vocabulary().contractions
    if low in known:
        return known[low]
    if low.endswith("'s") or low.endswith("s'"):  # possessive: "line 14's loading"
        return (repaired(low[:-2] if low.endswith("'s") else low[:-1]),)
    return (repaired(low.rstrip(".") if low.startswith("p.u") else low),)
