"""Which power is lost, and of which system, in the words of one sentence?"""

import re
from collections.abc import Sequence

from agent.brains.embedded.disturbance_amounts import Amount, disturbance_amounts
from agent.brains.embedded.disturbances import LaterLoss, PowerLoss, Reserve
from agent.brains.embedded.power_roles import LOST, role_of
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import data_file, word_class
from grid_models.twin.registry import ElementKind

_MORE = frozenset({"another", "further", "additional"})
_BOUNDING = word_class("power_lost.bounding")
_LARGEST = frozenset({"largest", "biggest", "greatest", "strongest"})
_NOMINAL_HZ = (50.0, 60.0)
_DEVIATION_HZ = 5.0  # less than that is said of a deviation, not of a frequency
_LEAST_MW = 10.0  # a smaller bare number counts something
_BESIDE = 2  # words
_SETTINGS = {
    "droop": re.compile(r"\bdroop(?: of| is|:| =)? ?(?P<n>0?\.\d+)\b(?! ?%)"),
    "reheat_fraction": re.compile(r"\b(?:reheat|high pressure) fraction(?: of| is|:| =)? ?(?P<n>0?\.\d+)\b(?! ?%)"),
    "gain": re.compile(r"\bgain(?: of| is|:| =)? ?(?P<n>\d*\.?\d+)\b(?! ?%)"),
}
_NO_SHEDDING = re.compile(
    r"\b(?:without|no|disabl\w+|block\w*|switch\w* off)(?: any| the| automatic| under ?frequency)*"
    r" (?:(?:under ?frequency )?load shedding|shedding|ufls|load being shed)"
    r"|\b(?:shedding|ufls) (?:is |was |were )?(?:off|disabled|blocked|fails?)\b"
)


def power_said(sentence: Sentence, nominal_hz: float, *, element_lost: bool = False) -> PowerLoss:
    """Every amount by its role. `element_lost`: an element is lost first, so that the powers named come on top."""
    said, losses = PowerLoss(largest=_largest(sentence), area=_area(sentence)), []
    said = said.model_copy(update=_bare_settings(sentence.text))
    amounts = disturbance_amounts(_with_megawatts(sentence))
    for amount in amounts:
        role = role_of(amount, amounts)
        if role == "loss":
            losses.append(amount)
        else:
            said = _with(said, role, amount, nominal_hz)
    if _NO_SHEDDING.search(sentence.text.lower()):
        said = said.model_copy(update={"shedding": "none"})
    return _with_losses(said, losses, amounts, first_named=element_lost or said.largest is not None or said.lost_load_mw is not None)


def _bare_settings(text: str) -> dict[str, float]:
    """'Droop 0.04', 'gain of 0.9': settings of governors that have no unit."""
    found = ((name, pattern.search(text.lower())) for name, pattern in _SETTINGS.items())
    return {name: float(match["n"]) for name, match in found if match}


def _with_megawatts(sentence: Sentence) -> str:
    """'First 500 off, then another 300': where no power has a unit, a bare number beside a loss is one in MW."""
    if any(q.unit == "mw" for q in sentence.quantities):
        return sentence.text
    text = sentence.text
    for quantity in reversed(sentence.quantities):
        near = sentence.tokens[max(quantity.start - _BESIDE, 0) : quantity.end + _BESIDE]
        lost = not (LOST | _MORE).isdisjoint(w for t in near for w in (t.word, t.lemma))
        if not quantity.unit and quantity.value >= _LEAST_MW and lost:
            end = sentence.tokens[quantity.end - 1].end
            text = f"{text[:end]} MW{text[end:]}"
    return text


def _with(said: PowerLoss, role: str, amount: Amount, nominal_hz: float) -> PowerLoss:
    value = amount.value
    if role in ("inertia_gws", "synthetic_gws", "grid_forming_gws"):
        return said.model_copy(update={role: round(value / 1000.0, 9)})
    if role == "hz":
        return _with_frequency(said, amount, nominal_hz)
    if role in ("reserve_mw", "reserve_delay", "fast_mw", "fast_delay"):
        whose, _, what = role.partition("_")
        reserve: Reserve = getattr(said, whose)
        return said.model_copy(update={whose: reserve.model_copy(update={"mw" if what == "mw" else "delay_s": value})})
    if role in ("droop", "reheat_fraction"):
        return said.model_copy(update={role: round(value / 100.0, 9)})
    return said.model_copy(update={role: value}) if role and role != "later" else said


def _with_frequency(said: PowerLoss, amount: Amount, nominal_hz: float) -> PowerLoss:
    """'At 60 Hz' is the system's, 'above 49.2 Hz' a limit, 'by at most 0.8 Hz' one below the system's."""
    bounded = not _BOUNDING.isdisjoint(amount.before)
    if amount.value in _NOMINAL_HZ and not bounded:
        return said.model_copy(update={"frequency_hz": amount.value})
    if amount.value <= _DEVIATION_HZ:
        return said.model_copy(update={"limit_hz": round((said.frequency_hz or nominal_hz) - amount.value, 6)})
    return said.model_copy(update={"limit_hz": amount.value})


def _with_losses(said: PowerLoss, lost: Sequence[Amount], amounts: Sequence[Amount], *, first_named: bool) -> PowerLoss:
    """The first is lost at once, each further one at the time that is said nearest to it."""
    further = list(lost if first_named else lost[1:])
    times = [a for a in amounts if a.unit == "s" and role_of(a, amounts) == "later"]
    later: list[LaterLoss] = []
    for one in further:
        nearest = min(times, key=lambda t: abs(t.start - one.start), default=None)
        since = later[-1].at_s if later and nearest is not None and not _MORE.isdisjoint(nearest.before) else 0.0
        later.append(LaterLoss(at_s=since + (nearest.value if nearest is not None else 0.0), mw=one.value))
        times = [t for t in times if t is not nearest]
    first = None if first_named or not lost else lost[0].value
    return said.model_copy(update={"loss_mw": first, "losses": tuple(later)})


def _largest(sentence: Sentence) -> str | None:
    """'The largest infeed', 'our biggest unit'."""
    if LOST.isdisjoint(w for t in sentence.tokens for w in (t.word, t.lemma)):
        return None
    ranked = (k for k in sentence.kinds if not _LARGEST.isdisjoint(t.word for t in sentence.tokens[max(k.start - 2, 0) : k.start]))
    return next((kind.value for k in ranked for kind in k.kinds if kind in (ElementKind.INFEED, ElementKind.GENERATOR)), None)


def _area(sentence: Sentence) -> str | None:
    plain = f" {' '.join(t.word for t in sentence.tokens)} "
    return next((name for name, words in data_file("areas.yaml").items() if any(f" {w} " in plain for w in words)), None)
