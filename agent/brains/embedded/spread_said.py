"""What is said of how a cascade is to be simulated: times, relays, ratings, samples and hidden failures."""

import re

from agent.brains.embedded.disturbance_amounts import Amount, disturbance_amounts
from agent.brains.embedded.disturbances import Relay, Spread
from agent.brains.embedded.figures import SAID, said
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from agent.brains.embedded.words import base_form


def _of_relays(words: str) -> re.Pattern[str]:
    """'Instant relays', 'relays that act instantly'."""
    relays = r"(?:relays?|protections?)"
    return re.compile(rf"\b(?:{words})\b(?: \w+){{0,2}} (?:{relays}|tripping|trips?)\b|\b{relays}(?: \w+){{0,3}} (?:{words})\b")


_SAMPLES = 200  # where a risk is asked for without a number: the share of samples is then known to some 7 %; engineering judgement
_ACTING = word_class("spread_said.acting")
_NOBODY = word_class("spread_said.nobody")
_MODAL = word_class("spread_said.modal")
_RATED = word_class("spread_said.rated")
_UP = word_class("spread_said.up")
_DOWN = word_class("spread_said.down")
_COUNT = rf"(?P<n>\d{{1,3}}(?:[, ]\d{{3}})+|{SAID})"
_HOW_MANY = (
    re.compile(rf"{_COUNT} (?:[a-z]\w* ){{0,2}}(?:samples?|runs?|trials?|simulations?|repetitions?|draws?)\b"),
    re.compile(rf"\b(?:samples?|runs?|trials?)\s*[:=]?\s*{_COUNT}\b"),
    re.compile(rf"\b(?:repeat|run|simulate|sample)\b[^.;?]*?\b{_COUNT} times\b"),
)
_SEED = re.compile(r"\bseed(?: of| number)?\s*[:=]?\s*(\d+)\b")
_HIDDEN = re.compile(
    r"\b(?:hidden failures?|failure probability|misoperat\w+)\b(?: (?:of|with|is|at|a|an|the|probability|rate))*\s*[:=]?\s*"
    r"(?P<a>\d*[.,]?\d+)\s*(?P<pa>%|percent|per cent)?"
    r"|(?P<b>\d*[.,]?\d+)\s*(?P<pb>%|percent|per cent)(?: \w+){0,2} (?:hidden|misoperation)"
)
_RISK = re.compile(r"\b(?:risks?|likely|likelihood|probabilit\w+|chances?|odds|hidden failures?|monte carlo)\b")
_INSTANT = "instant|instantaneous|instantaneously|instantly|immediate|immediately|at once|undelayed|(?:no|without|zero) delay"
_RELAYS: tuple[tuple[Relay, re.Pattern[str]], ...] = (
    ("instant", _of_relays(_INSTANT)),
    ("inverse", _of_relays("inverse|inverse time|idmt")),
    ("thermal", _of_relays("thermal|by temperature|temperature")),
)
_FACTOR = re.compile(r"\brating (?:factor|scale|multiplier)s?(?: of)?\s*[:=]?\s*(?P<n>\d*[.,]?\d+)\b")
_MULTIPLES = {"double": 2.0, "twice": 2.0, "triple": 3.0, "halve": 0.5}
_NEAR = 4  # words


def spread_said(sentence: Sentence) -> Spread:
    """The arguments that the words of one sentence give."""
    text = _without_names(sentence).lower()
    horizon, reaction = _times(text)
    hidden = _hidden(text)
    return Spread(
        horizon_minutes=horizon,
        reaction_minutes=reaction,
        relay=next((relay for relay, pattern in _RELAYS if pattern.search(text)), None),
        rating_factor=rating_factor(sentence),
        samples=_samples(text, hidden),
        hidden_failure_probability=hidden,
        seed=int(seed[1]) if (seed := _SEED.search(text)) else None,
    )


def _without_names(sentence: Sentence) -> str:
    """The number of 'line 58' counts nothing."""
    text = sentence.text
    for mention in reversed(sentence.mentions):
        text = f"{text[: sentence.tokens[mention.start].start]}element{text[sentence.tokens[mention.end - 1].end :]}"
    return text


def asks_of_risk(text: str) -> bool:
    return bool(_RISK.search(text.lower()))


def rating_factor(sentence: Sentence) -> float | None:
    """'Ratings 10 % higher' → 1.1, 'ratings at 90 %' → 0.9, '1.2 times the ratings' → 1.2."""
    named = _FACTOR.search(sentence.text.lower())
    if named:
        return float(named["n"].replace(",", "."))
    if any(t.lemma in _RATED for t in sentence.tokens):
        multiple = next((m for t in sentence.tokens for w, m in _MULTIPLES.items() if w in (t.word, t.lemma)), None)
        if multiple is not None:
            return multiple
    for quantity in sentence.quantities:
        near = sentence.tokens[max(quantity.start - _NEAR, 0) : quantity.end + _NEAR]
        words = frozenset(w for t in near for w in (t.word, t.lemma))
        if quantity.unit not in ("percent", "times") or _RATED.isdisjoint(words):
            continue
        if quantity.unit == "times":
            return quantity.value
        of_it = [t.word for t in sentence.tokens[quantity.end : quantity.end + 1]] == ["of"]  # 'pick-up at 120 % of rating'
        sign = 0 if of_it else 1 if words & _UP else -1 if words & _DOWN else 0
        return round(1.0 + sign * quantity.value / 100.0 if sign else quantity.value / 100.0, 9)
    return None


def _samples(text: str, hidden: float | None) -> int | None:
    found = next((m for pattern in _HOW_MANY if (m := pattern.search(text))), None)
    if found:
        return int(said(re.sub(r"(?<=\d)[, ](?=\d)", "", found["n"])))
    return _SAMPLES if hidden is not None or asks_of_risk(text) else None


def _hidden(text: str) -> float | None:
    found = _HIDDEN.search(text)
    if not found:
        return None
    value = float((found["a"] or found["b"]).replace(",", "."))
    percent = found["pa"] or found["pb"]
    return round(value / 100.0, 9) if percent else value if value <= 1.0 else None


def _times(text: str) -> tuple[float | None, float | None]:
    """(how long it is simulated, when operators could act), in minutes."""
    text = _with_fractions(text)
    spans = [a for a in disturbance_amounts(text) if a.unit == "s"]
    reaction = next((a for a in spans if _is_reaction(a, text)), None)
    horizon = next((a for a in spans if a is not reaction), None)
    at_once = re.search(r"\b(?:react|act|intervene|respond)s? (?:at once|immediately|instantly)\b", text)
    return _minutes(horizon), 0.0 if reaction is None and at_once else _minutes(reaction)


def _is_reaction(amount: Amount, text: str) -> bool:
    """'If operators react after 5 minutes'; but 'nobody acts for an hour' says how long to look."""
    words = re.findall(r"[a-z]+", re.split(r"[,;.?!]", text[: amount.start])[-1])[-8:]
    clause = frozenset(base_form(w)[0] for w in words) | frozenset(amount.after)
    idle = not _NOBODY.isdisjoint(clause) and _MODAL.isdisjoint(clause)
    return not _ACTING.isdisjoint(clause) and not idle


def _with_fractions(text: str) -> str:
    return re.sub(
        r"\b(?:an? |one )hour\b", "60 min", re.sub(r"\bhalf an? hour\b", "30 min", re.sub(r"\bquarter of an hour\b", "15 min", text))
    )


def _minutes(amount: Amount | None) -> float | None:
    return None if amount is None else round(amount.value / 60.0, 6)
