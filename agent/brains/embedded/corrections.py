"""'No, I meant trafo 4', 'better 30', 'not 5, 6', 'submit it', 'again', 'next ten', 'never mind': short messages about the last one.

A message is one of these only where it says nothing else: every other word of it is a function word.
"""

from collections.abc import Sequence

from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Understood
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.numbers import number_at
from agent.brains.embedded.reasons import reason_begins, reason_of
from agent.brains.embedded.replies import say, words_of
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.text import Token
from agent.brains.embedded.vocabulary import data_file, word_class
from agent.brains.embedded.wishes import completed, keep
from grid_models.twin.registry import Registry

_CORRECTING = word_class("corrections.correcting")
_MEANING = word_class("corrections.meaning")
_SUBMITTING = word_class("corrections.submitting")
_AGREEING = word_class("corrections.agreeing")
_UNSURE = word_class("corrections.unsure")
_REPEATING = word_class("corrections.repeating")
_ONWARD = word_class("corrections.onward")
_DROPPING = word_class("corrections.dropping")
_LISTS = (Intent.LIST, Intent.LOADINGS, Intent.VOLTAGES, Intent.N1, Intent.COUNT)
_SHOWN = 10  # rows that a list shows by itself
_LONGEST = 12
_BETWEEN = frozenset({",", ":", "i", "it", "that", "to", "be", "have"})
_FORBIDDING = frozenset({"not", "never"})
_UNITS = {"mw": "MW", "mvar": "Mvar", "percent": "%", "pu": "pu", "kv": "kV", "step": "steps", "factor": "times"}
_MILD_CELSIUS = 50.0  # a bare number above it is a load in per cent


def about_the_last(sentence: Sentence, memory: Memory, registry: Registry) -> Understood | None:
    """What a message means that only sends on, repeats, continues or drops the last request; None for any other."""
    words = [t for t in sentence.tokens if t.word[0].isalnum()]
    last = memory.latest.frame if memory.latest else None
    if last is not None and last.intent is Intent.WHAT_IF and last.changes and not sentence.asks and _submits(_before_reason(sentence)):
        explained = reason_begins(sentence.text) < len(sentence.text)
        reason = reason_of(sentence.text) if explained else words_of(last.changes)
        return completed(Frame(intent=Intent.ACT, mood=Mood.REQUEST, changes=last.changes, reason=reason), registry)
    if not words or len(words) > _LONGEST or sentence.mentions:
        return None
    if _is_all(words, _DROPPING, "drop"):
        return keep(())
    if last is None:
        return None
    if last.changes and _submits([t for t in words if t.word not in _FORBIDDING]):
        return keep(last.changes)  # 'do not do it'
    if _is_all(words, _REPEATING, "repeat"):
        if last.intent is Intent.ACT:
            return Ask(text=say("confirm_again", what=words_of(last.changes)), missing="confirm", frame=last)
        return last
    count = next((int(n[0]) for i in range(len(sentence.tokens)) if (n := number_at(sentence.tokens, i))), _SHOWN)
    if last.intent in _LISTS and _is_all([t for t in words if number_at([t], 0) is None], _ONWARD, "onward"):
        return last.model_copy(update={"top": (last.top or _SHOWN) + count, "then": None})
    return None


def corrected(sentence: Sentence, memory: Memory) -> str | None:
    """The correction as the ellipsis it is ('better 30' → 'and 30 MW'); None where nothing is corrected."""
    last = memory.latest.frame if memory.latest else None
    tokens = [t for t in sentence.tokens if t.word not in (".", "!", "?")]
    if last is None or len(tokens) > _LONGEST:
        return None
    start = _past_correction(tokens)
    bare = _bare(sentence, tokens[start:])
    at_least = start > 0 or (bare is not None and len(tokens) - start <= 2)
    if not at_least or start >= len(tokens):
        return None
    rest = tokens[start:]
    if bare is None and not any(m.start >= sentence.tokens.index(rest[0]) for m in sentence.mentions):
        return None
    amount = any(c.amount is not None for c in last.changes)
    of_element = any(t.word in _MEANING for t in tokens[:start]) and not amount
    unit = "" if bare is None or of_element else _unit(last, bare)
    said = sentence.text[rest[0].start : rest[-1].end]
    return f"and {said}{' ' + unit if unit else ''}"


def _past_correction(tokens: Sequence[Token]) -> int:
    """Past 'no', 'correction', 'I meant', 'make that' and 'not 5 but'."""
    i = 0
    while i < len(tokens) and (
        tokens[i].word in _CORRECTING or (i and tokens[i].word in (",", ":", "i", "it", "that", "to", "be", "have"))
    ):
        if tokens[i].word == "not":
            gone = next((k for k in range(i + 1, len(tokens)) if tokens[k].word in (",", "but")), None)
            if gone is None or gone - i > 3:
                return 0
            i = gone
        i += 1
    return i if i and any(t.word in _CORRECTING for t in tokens[:i]) else 0


def _bare(sentence: Sentence, rest: Sequence[Token]) -> float | None:
    """The one number without a unit, where nothing but function words stands beside it."""
    numbers = [n[0] for i in range(len(rest)) if (n := number_at(rest, i))]
    plain = data_file("words.yaml")["function"].split()
    if (
        len(numbers) != 1
        or any(q.unit for q in sentence.quantities)
        or any(number_at([t], 0) is None and t.word not in plain for t in rest)
    ):
        return None
    return numbers[0]


def _unit(last: Frame, value: float) -> str:
    """The unit that a bare number has in the place of the last amount; '' where the last frame has none."""
    if last.heating is not None:
        held, ambient = last.heating.load_percent is not None, last.heating.ambient_celsius is not None
        return "degrees" if ambient and (not held or value <= _MILD_CELSIUS) else "%" if held else ""
    if last.power is not None and last.power.loss_mw is not None:
        return "MW"
    change = next((c for c in last.changes if c.amount is not None), None)
    return _UNITS.get(change.unit, "") if change else ""


def _before_reason(sentence: Sentence) -> list[Token]:
    """The words of 'fine, do it' in 'fine, do it because line 54 is overloaded'; none where an element is named there."""
    end = reason_begins(sentence.text)
    if any(sentence.tokens[m.start].start < end for m in sentence.mentions):
        return []
    words = [t for t in sentence.tokens if t.word[0].isalnum() and t.start < end]
    return words if len(words) <= _LONGEST else []


def _submits(words: Sequence[Token]) -> bool:
    """'Submit it for approval', 'good, then do it': nothing in it doubts, forbids or asks."""
    if any(t.word in _UNSURE for t in words):
        return False
    return _is_all([t for t in words if t.word not in _AGREEING], _SUBMITTING, "submit")


def _is_all(words: Sequence[Token], known: frozenset[str], name: str) -> bool:
    """Is at least one of the class's own words there, and beside them nothing but function words?"""
    plain = frozenset(data_file("words.yaml")["function"].split())
    key = word_class(f"corrections.{name}_key")
    return any(t.word in key or t.lemma in key for t in words) and all(
        t.word in known or t.lemma in known or t.word in plain for t in words
    )
