"""'And 91 instead?', 'same question for number 4': the number of another element of the kind that was spoken of last."""

from agent.brains.embedded.frame import Frame
from agent.brains.embedded.memory import Memory
from agent.brains.embedded.numbers import number_at
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import data_file, word_class
from grid_models.twin.registry import Registry, normalised
from grid_models.twin.resolve import resolve

_SAYING = word_class("renumbered.saying")
_NUMBER = frozenset({"number", "no.", "nr", "nr.", "#"})
_OPENERS = word_class("renumbered.openers")
_LONGEST = 8  # words


def renumbered(sentence: Sentence, memory: Memory, registry: Registry) -> str | None:
    """The text with the element's name in place of its number; None where the number may be an amount, or more is said."""
    last = memory.latest.frame if memory.latest else None
    if last is None or sentence.mentions or len(sentence.tokens) > _LONGEST or not _is_elliptic(sentence):
        return None
    found = [(i, n) for i in range(len(sentence.tokens)) if (n := number_at(sentence.tokens, i)) and sentence.tokens[i].word != "one"]
    said = any(t.word in _NUMBER for t in sentence.tokens)
    if len(found) != 1 or any(q.unit for q in sentence.quantities) or (_has_amount(last) and not said):
        return None
    at, (value, end) = found[0]
    name = _alike(last, value, registry)
    before = sentence.tokens[at - 1] if at and sentence.tokens[at - 1].word in _NUMBER else sentence.tokens[at]
    return f"{sentence.text[: before.start]}{name}{sentence.text[sentence.tokens[end - 1].end :]}" if name else None


def _is_elliptic(sentence: Sentence) -> bool:
    """Opened by 'and' or 'same', or closed by 'instead', and nothing beside it that means something of its own."""
    plain = frozenset(data_file("words.yaml")["function"].split()) | _SAYING | _NUMBER
    words = [t for i, t in enumerate(sentence.tokens) if t.word[0].isalnum() and number_at([t], 0) is None]
    opened = sentence.tokens[0].word in _OPENERS or sentence.text.lower().startswith("the same ") or "instead" in sentence.words
    about = len(words) > 1 and words[0].word in ("what", "how") and words[1].word == "about"
    return (opened or about) and all(t.word in plain for t in words)


def _has_amount(last: Frame) -> bool:
    """A bare number may then be another amount: 'and 30?'."""
    heating = last.heating
    heated = heating is not None and not (heating.load_percent is None and heating.ambient_celsius is None)
    lost = last.power is not None and last.power.loss_mw is not None
    return heated or lost or any(c.amount is not None for c in last.changes) or last.residual is not None


def _alike(last: Frame, value: float, registry: Registry) -> str | None:
    """The element of the same kind and the same words with that number."""
    names = (*last.elements, *(c.element for c in last.changes if c.element))
    if not names or not value.is_integer() or value < 0:
        return None
    stem = " ".join(normalised(names[-1]).split()[:-1])
    found = resolve(registry, f"{stem} {int(value)}", [e.kind for e in registry.exact(names[-1])])
    return found.element.name if found.element else None
