"""How much? The amount of a change, absolute or relative, in the unit the person used."""

from dataclasses import replace
from itertools import pairwise
from typing import Literal

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.durations import TIME_WORDS
from agent.brains.embedded.frame import Change
from agent.brains.embedded.numbers import fraction_at
from agent.brains.embedded.objects import amounts, stretch
from agent.brains.embedded.quantities import Quantity
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

Sign = Literal[-1, 0, 1]
_CAPPING = word_class("amounts.capping")  # 'curtail 10 MW' names the cap, 'reduce 10 MW' the step
_ABSORBING = word_class("amounts.absorbing")
_UP = word_class("amounts.up")
_DOWN = word_class("amounts.down")
_MULTIPLES = {"double": 2.0, "twice": 2.0, "triple": 3.0, "treble": 3.0, "threefold": 3.0, "quadruple": 4.0, "halve": 0.5, "twofold": 2.0}


def tap_change(sentence: Sentence, use: VerbUse, name: str | None) -> Change:
    """A tap position, or steps up or down from the present one; 'tap it down' is one step."""
    quantity = _first(sentence, use, "", "step")
    sign = direction(sentence, use)
    if quantity is None:
        one_step = sign and not _to_word(sentence, use)
        return Change(kind="set_tap", element=name, amount=1.0 if one_step else None, unit="step", by=sign if one_step else 0)
    relative = quantity.relation == "by" or (quantity.relation == "none" and sign != 0)
    if relative and quantity.value < 0:
        return Change(kind="set_tap", element=name, amount=-quantity.value, unit="step", by=-1)
    return Change(kind="set_tap", element=name, amount=quantity.value, unit="step", by=(sign or 1) if relative else 0)


def unsaid_change(sentence: Sentence, use: VerbUse, name: str) -> Change:
    """'Lower trafo 3', 'set trafo 3 to 4': nobody said tap. Which of it, and how far, is asked; the direction is kept for the answer."""
    return Change(kind="set_tap", element=name, by=direction(sentence, use))


def machine_change(sentence: Sentence, use: VerbUse, name: str | None) -> Change:
    """Active power of a generator or park in MW or percent of its present value."""
    if use.verb in _MULTIPLES:
        return Change(kind="set_p", element=name, amount=100.0 * _MULTIPLES[use.verb], unit="percent")
    quantity = _first(sentence, use, "mw", "percent", "")
    if quantity is None:
        share = share_in(sentence, use)
        if share is None:
            return Change(kind="set_p", element=name, unit="mw")
        value, to = share
        return Change(kind="set_p", element=name, amount=100.0 * value, unit="percent", by=0 if to else direction(sentence, use) or -1)
    unit = quantity.unit or "mw"
    if not quantity.unit and [t.word for t in sentence.tokens[quantity.end : quantity.end + 2]] in (["of", "its"], ["of", "the"]):
        return Change(kind="set_p", element=name, amount=100.0 * quantity.value, unit="percent")  # 'at 0.9 of its output'
    sign = direction(sentence, use)
    relative = quantity.relation == "by" or (quantity.relation == "none" and sign != 0 and use.verb not in _CAPPING)
    if relative and sign == 0:
        return Change(kind="set_p", element=name, unit="mw")
    return Change(
        kind="set_p", element=name, amount=abs(quantity.value) if relative else quantity.value, unit=unit, by=sign if relative else 0
    )


def load_change(sentence: Sentence, use: VerbUse, name: str | None) -> Change:
    """Load to shed; 'reduce load 7 to 1 MW' leaves 1 MW ('mw_left'). More load at one element is no action: `amount` stays empty."""
    words = {sentence.tokens[i].word for i in stretch(sentence, use)}
    quantity = _first(sentence, use, "mw", "percent", "")
    if use.verb in _MULTIPLES:
        less = _MULTIPLES[use.verb] < 1.0
        return Change(kind="shed_load", element=name, amount=50.0 if less else None, unit="percent_left" if less else "unsupported")
    raised = use.act == "raise" or (use.act == "set" and direction(sentence, use) > 0)
    if raised or (quantity is None and use.act == "set"):
        return Change(kind="shed_load", element=name, unit="unsupported" if raised else "mw_left")
    share = share_in(sentence, use) if quantity is None else None
    if share is not None:  # 'shed half of load 7'
        return Change(kind="shed_load", element=name, amount=100.0 * share[0], unit="percent_left" if share[1] else "percent")
    if quantity is None:
        everything = words & {"all", "completely", "entirely", "whole", "fully", "entire"}
        return Change(kind="shed_load", element=name, amount=100.0 if everything else None, unit="percent" if everything else "mw")
    unit = quantity.unit or "mw"
    if use.act != "shed" and quantity.relation == "to":
        return Change(kind="shed_load", element=name, amount=quantity.value, unit="percent_left" if unit == "percent" else "mw_left")
    more = use.act != "shed" or bool(words & {"another", "additional", "more", "further", "extra"})
    return Change(kind="shed_load", element=name, amount=quantity.value, unit=unit, by=1 if more else 0)


def voltage_change(sentence: Sentence, use: VerbUse, name: str) -> Change:
    quantity = _first(sentence, use, "pu", "kv", "percent", "")
    if quantity is None:
        return Change(kind="set_voltage", element=name, unit="pu")
    relative = quantity.relation == "by"
    unit = quantity.unit or ("pu" if quantity.value < 3 else "kv")
    return Change(kind="set_voltage", element=name, amount=quantity.value, unit=unit, by=(direction(sentence, use) or 1) if relative else 0)


def reactive_change(sentence: Sentence, use: VerbUse, name: str) -> Change:
    quantity = _first(sentence, use, "mvar", "")
    relative = quantity is not None and quantity.relation == "by"
    amount = quantity.value if quantity else None
    if amount and not relative and any(sentence.tokens[i].lemma in _ABSORBING for i in (*stretch(sentence, use), use.start)):
        amount = -abs(amount)
    return Change(kind="set_q", element=name, amount=amount, unit="mvar", by=(direction(sentence, use) or 1) if relative else 0)


def group_change(sentence: Sentence, use: VerbUse, group: str) -> Change:
    """All loads or parks of a group by a factor, a percentage or MW."""
    multiple = next((_MULTIPLES[t] for i in stretch(sentence, use) for t in (sentence.tokens[i].lemma,) if t in _MULTIPLES), None)
    if multiple is not None:
        return Change(kind="scale", group=group, amount=multiple, unit="factor")
    quantity = _first(sentence, use, "percent", "times", "mw", "")
    sign = direction(sentence, use)
    if quantity is None:
        share = share_in(sentence, use)
        if share is None:
            return Change(kind="scale", group=group, unit="factor")
        return Change(kind="scale", group=group, amount=100.0 * share[0], unit="percent", by=0 if share[1] else sign)
    if quantity.unit in ("times", "") and not (quantity.unit == "" and quantity.value == 0):
        return Change(kind="scale", group=group, amount=quantity.value, unit="factor")
    unit = quantity.unit or "percent"
    relative = quantity.relation in ("by", "none") and sign != 0
    return Change(kind="scale", group=group, amount=abs(quantity.value), unit=unit, by=sign if relative else 0)


def direction(sentence: Sentence, use: VerbUse) -> Sign:
    """Up or down: from the verb, else from words such as 'up', 'one step lower'."""
    if use.act in ("raise", "lower"):
        return 1 if use.act == "raise" else -1
    said = range(use.end, stretch(sentence, use).stop) if use.verb == "tap" and use.form == "ing" else stretch(sentence, use)
    words = [sentence.tokens[i].word for i in said if not sentence.mention_at(i)]
    up, down = _UP.intersection(words), _DOWN.intersection(words)
    signed = next((q.value for q in amounts(sentence, use) if sentence.tokens[q.start].word[0] in "+-" and q.relation == "by"), 0.0)
    if signed or bool(up) == bool(down):
        return 1 if signed > 0 else -1 if signed < 0 else 0
    return 1 if up else -1


def share_in(sentence: Sentence, use: VerbUse) -> tuple[float, bool] | None:
    """(share, is it a target?) of 'by half', 'to a third', 'in half'."""
    for i in stretch(sentence, use):
        share = fraction_at(sentence.tokens, i)
        if share:
            before = sentence.tokens[i - 1].word if i else ""
            return share[0], before in ("to", "at", "only")
    return None


def _first(sentence: Sentence, use: VerbUse, *units: str) -> Quantity | None:
    """The first quantity in one of the units; one with a unit goes before a bare number."""
    said = [q for q in amounts(sentence, use) if not _is_time(sentence, q) and not _names_area(sentence, q)]
    if any([t.word for t in sentence.tokens[a.end : b.start]] == ["or"] for a, b in pairwise(said)):
        return None  # 'to 5 or 10 MW': which one is asked
    capped = ("below",) if use.act == "lower" or use.verb in _CAPPING else ()  # 'limit it to at most 5 MW'
    fitting = [q for q in said if q.unit in units and (q.relation not in ("above", "below") or q.relation in capped)]
    found = next((q for q in fitting if q.unit), next(iter(fitting), None))
    if found and found.high is not None:  # 'from 10 to 5 MW'
        return replace(found, value=found.high, relation="to")
    return found


def _is_time(sentence: Sentence, quantity: Quantity) -> bool:
    """'For two hours' says how long, never how much."""
    return not quantity.unit and quantity.end < len(sentence.tokens) and sentence.tokens[quantity.end].word in TIME_WORDS


def _names_area(sentence: Sentence, quantity: Quantity) -> bool:
    """The 2 of 'area 2'."""
    return not quantity.unit and any(h.concept == "kinds:area" and h.end == quantity.start for h in sentence.hits)


def _to_word(sentence: Sentence, use: VerbUse) -> bool:
    return any(sentence.tokens[i].word == "to" for i in range(use.end, use.right[1])) and use.act == "set"
