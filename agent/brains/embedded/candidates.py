"""Which words of a sentence may speak of a change of the grid?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from agent.brains.embedded.particles import particle_act
from agent.brains.embedded.parts_of_speech import ends_clause, is_adjective, is_noun, may_be_noun
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.states import state_at
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import ElementKind

_WISHED = word_class("candidates.wished")
_ASKING = frozenset({"what", "how", "which", "any"})
_WHETHER = word_class("queries.auxiliaries")
_OF_VOLTAGE = word_class("changes.of_voltage")
_VALUE_NAMES = word_class("candidates.value_names")
_LIMITS = frozenset({"max", "maximum", "limit", "cap"})
_TAP = word_class("branch_words.tap")
_BRANCHES = frozenset({ElementKind.LINE, ElementKind.TRANSFORMER, ElementKind.THREE_WINDING})
_UNCHANGING = word_class("candidates.unchanging")
_BEING = frozenset({"is", "are", "was", "were", "be", "been", "being", "gets", "got"})
_BETWEEN_BE = frozenset({"both", "all", "also", "now", "then", "each"})
Span = tuple[int, int]


_IMPOSING = ("lower", "shed", "set", "open")
_WE = frozenset({"we", "they", "you", "i"})  # 'the load we shed'
_WAS = frozenset({"was", "were", "is", "been", "being", "got"})


@dataclass(frozen=True)
class VerbUse:
    """`act`: a key of verbs.yaml, or be_out/be_in. `form`: base, s, ed, ing, noun, state or adj. `left`, `right`: its tokens."""

    act: str
    verb: str
    form: str
    start: int
    end: int
    left: Span = (0, 0)
    right: Span = (0, 0)


def _falls_out(sentence: Sentence, i: int) -> bool:
    """'Then line 54 falls', 'drop line 54': a branch that falls is out; by an amount, or to one, something of it falls."""
    end = sentence.bounds(i)[1]
    behind = next((m for m in sentence.mentions if m.start == i + 1), None)
    subject = next((m for m in sentence.mentions if m.end == i), None)
    branch = subject or behind
    bounded = any(t.word in ("to", "by", "below") for t in sentence.tokens[i:end])
    amount = bounded or any(i < q.start < end and q.unit for q in sentence.quantities)
    return branch is not None and bool(branch.kinds) and set(branch.kinds) <= _BRANCHES and not amount


def candidates(sentence: Sentence) -> Iterator[VerbUse]:
    spent: set[int] = set()  # particles and states that a verb has used already
    for i, token in enumerate(sentence.tokens):
        if sentence.mention_at(i) or i in spent or _analyses(sentence, i) or any(q.start <= i < q.end for q in sentence.quantities):
            continue
        particle, state = particle_act(sentence, i), state_at(sentence, i)
        if particle:
            spent |= set(particle[1])
            yield VerbUse(particle[0], token.lemma, token.form, i, i + 1)
        elif verbless := _verbless(sentence, i):
            yield VerbUse(verbless, "set" if verbless == "set" else "step", "adj", i, i + 1)
        elif state:
            spent.add(state[1])
            yield VerbUse(state[0], "be", "state" if token.lemma == "be" else "adj", i, i + 1)
        else:
            yield from _plain(sentence, i)


def _analyses(sentence: Sentence, i: int) -> bool:
    """'Break down what drives the flow': told to analyse; what breaks down by itself has a subject before it."""
    return sentence.tokens[i].lemma == "break" and sentence.tokens[i].form == "base" and i == sentence.bounds(i)[0]


def _verbless(sentence: Sentence, i: int) -> str | None:
    """An order without a verb: 'Sgen 70 to 12 MW', 'trafo 2 one step up'."""
    low, word = sentence.bounds(i)[0], sentence.tokens[i].word
    verbs = (h.start for h in sentence.hits if h.concept.startswith(("verb:", "particle:")) and low <= h.start < i and word != ":")
    of_tap = word in ("in", "on") and i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].lemma in _TAP and _is_value(sentence, i + 1)
    word = "at" if of_tap else word  # 'I want trafo 1 in position 5'
    if word not in ("to", "at", "up", "down", ":") or (
        any(not _is_counted_or_noun(sentence, k) for k in verbs) and not _is_next(sentence, i)
    ):
        return None
    ends = {m.end for m in sentence.mentions}
    by_amount = i + 1 < len(sentence.tokens) and (sentence.tokens[i + 1].word == "by" or _is_value(sentence, i + 1))
    if word in ("up", "down") and i in ends and by_amount:
        return {"up": "raise", "down": "lower"}[word]
    if word == "at" and sentence.words.isdisjoint(_WISHED) and not _is_asked_about(sentence, i):
        return None  # 'Sgen 70 at 5 MW' is a statement; 'I want Sgen 70 at 5 MW' is an order
    if word == ":":  # 'Sgen 64: max 80 MW'
        value = i + 2 if i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].word in _LIMITS else i + 1
        return "set" if i in ends and _is_value(sentence, value) else None
    if word in ("to", "at"):
        subject = i - 1 if word == "to" and sentence.tokens[i - 1].word in ("up", "down") else i
        subject = subject - 1 if sentence.tokens[subject - 1].lemma in _VALUE_NAMES else subject  # 'with its voltage at 1.0'
        return "set" if subject in ends and _is_value(sentence, i + 1) else None
    stepped = any(q.end == i and q.start in ends and q.unit for q in sentence.quantities)
    return {"up": "raise", "down": "lower"}[word] if stepped else None


def _is_next(sentence: Sentence, i: int) -> bool:
    """'... line 14 opened, Sgen 64 at 40 MW': a change of its own in a list of them."""
    subject = next((m for m in sentence.mentions if m.end == i), None)
    behind = subject is not None and subject.start > 0 and sentence.tokens[subject.start - 1].word in (",", "and")
    return behind and sentence.tokens[i].word == "at" and any(q.start == i + 1 and q.unit for q in sentence.quantities)


def _is_asked_about(sentence: Sentence, i: int) -> bool:
    """'Sgen 64 at 80 MW: what is line 54 then', '...: is it overloaded'."""
    joints = list(pairwise(sentence.tokens[i:]))
    return any((a.word in (":", ",", "-") and b.word in _ASKING) or (a.word == ":" and b.word in _WHETHER) for a, b in joints)


def _is_value(sentence: Sentence, i: int) -> bool:
    """'12 MW', 'tap 3', 'position -2'."""
    of_tap = i + 1 < len(sentence.tokens) and sentence.tokens[i].lemma in _TAP
    label = any(t.lemma in _TAP | _OF_VOLTAGE for t in sentence.tokens[sentence.bounds(i)[0] : i]) if i < len(sentence.tokens) else False
    return any((q.start == i and (q.unit or label)) or (of_tap and q.start == i + 1) for q in sentence.quantities)


def _is_counted_or_noun(sentence: Sentence, i: int) -> bool:
    """'one tap', 'tap changer': words that are verbs elsewhere."""
    return any(q.start <= i < q.end for q in sentence.quantities) or is_adjective(sentence, i)


def _is_undone(sentence: Sentence, i: int) -> bool:
    """'Release the cap on Sgen 64', 'restore the load that was shed': what an earlier change did, named as the thing to undo."""
    low = sentence.bounds(i)[0]
    before = [h for h in sentence.hits if low <= h.start < i]
    released = any(h.concept == "verb:release" for h in before)
    undoing = released or any(h.concept == "particle:close" and (particle_act(sentence, h.start) or ("",))[0] == "close" for h in before)
    return undoing and (is_noun(sentence, i) or sentence.tokens[i - 1].word in _WAS | _WE)


def _is_set_point(sentence: Sentence, i: int) -> bool:
    """'A setpoint of 1.02 pu on', 'a set point of 40 MW for': a noun with its value, then what it is of."""
    words = [t.word for t in sentence.tokens[i : i + 3]]
    value = i + 2 if words[:2] == ["setpoint", "of"] else i + 3 if words == ["set", "point", "of"] else 0
    return bool(value) and any(q.start == value and q.unit for q in sentence.quantities)


def _plain(sentence: Sentence, i: int) -> Iterator[VerbUse]:
    token = sentence.tokens[i]
    if _is_set_point(sentence, i):
        yield VerbUse("set", "set", "noun", i, i + 1)
        return
    for hit in (h for h in sentence.hits if h.start == i and h.concept.startswith("verb:")):
        act = hit.concept.removeprefix("verb:")
        if act in _IMPOSING and _is_undone(sentence, i):
            continue
        noun = act == "event_noun" or (token.form == "base" and is_noun(sentence, i))
        if token.lemma in ("fall", "drop") and _falls_out(sentence, i):
            yield VerbUse("event", "trip", token.form, i, hit.end)
            continue
        if token.lemma == "go" and (act == "event") is not ends_clause(sentence, i + 1):
            continue  # 'if line 12 goes' is an outage, 'goes up by 20 %' is none
        if not is_adjective(sentence, i) and not (noun and not may_be_noun(sentence, i, act)):
            form = "noun" if noun else "ed" if _is_participle(sentence, i) else token.form
            yield VerbUse("event" if act == "event_noun" else act, token.lemma, form, i, hit.end)


def _is_participle(sentence: Sentence, i: int) -> bool:
    """'Is cut to 10 MW', 'were both set to 5 MW': some participles look like the base form."""
    before = i - 1
    while before >= 0 and sentence.tokens[before].word in _BETWEEN_BE:
        before -= 1
    return sentence.tokens[i].word in _UNCHANGING and before >= 0 and sentence.tokens[before].word in _BEING
