"""'What would have stopped it?', 'and with instant relays?', 'and line 75?': the last cascade, asked anew."""

from collections.abc import Sequence

from agent.brains.embedded.cascade_evidence import cascade_aspect, speaks_of_cascade, speaks_of_more
from agent.brains.embedded.cascades import ELSEWHERE, completed_cascade
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.disturbances import Spread
from agent.brains.embedded.disturbed import failures, is_ordered
from agent.brains.embedded.frame import Change, Frame, Understood
from agent.brains.embedded.names import name_problem
from agent.brains.embedded.outage_choice import method_asked
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.spread_said import spread_said
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_OPENERS = word_class("disturbed_again.openers")
_MORE = word_class("disturbed_again.more")
_POINTING = frozenset({"it", "that", "this", "then"})
_OTHER_STUDIES = ("overload", "loading", "voltage", "losses", "n1", "live:measured")
_LONGEST = 12  # words: a longer sentence says itself what it wants
_FRAGMENT = 5
_SHORT = 8  # words of a question that names nothing


def spread_again(last: Frame, sentence: Sentence, spoken: Sequence[Spoken], registry: Registry) -> Understood | None:
    """The last frame with what is said anew in its place; None where the sentence is no variation of it."""
    relays = sentence.has("cascade:relay")  # 'and with thermal relays?'
    other = sentence.has(*_OTHER_STUDIES) and not (relays or speaks_of_cascade(sentence))
    if sentence.has(*ELSEWHERE) or other or is_ordered(spoken) or len(sentence.tokens) > _LONGEST:
        return None
    names, changes = failures(sentence, spoken, registry)
    said, topic = spread_said(sentence), cascade_aspect(sentence)
    method = method_asked(sentence) or ("ac" if "ac" in sentence.words else None)
    varies = said != Spread() or bool(names or changes or method)
    asks_on = bool(topic) and (not _POINTING.isdisjoint(sentence.words) or len(sentence.tokens) <= _SHORT)
    if not (is_opened(sentence) and (varies or topic)) and not _is_whole(sentence, asks_on, named=bool(names)):
        return None
    frame = last.model_copy(
        update={
            "elements": _elements(last, names, sentence),
            "changes": _changes(last, changes, names),
            "topic": topic or ("" if names else last.topic),
            "method": None if method == "ac" else method or last.method,
            "spread": (last.spread or Spread()).model_copy(update={k: v for k, v in said if v is not None}),
            "then": None,
        }
    )
    return name_problem(sentence, frame) or completed_cascade(frame, registry)


def is_opened(sentence: Sentence) -> bool:
    """'And ...', 'with ...', 'what about ...', or a few words beside a value."""
    text = " ".join(t.word for t in sentence.tokens)
    words = sum(t.word[0].isalnum() for t in sentence.tokens)
    short = words <= _FRAGMENT and (bool(sentence.quantities) or method_asked(sentence) is not None) and not sentence.mentions
    starts = text.startswith(("what about", "how about")) or (text.startswith("what if") and not sentence.mentions)
    return sentence.tokens[0].word in _OPENERS or short or starts


def _is_whole(sentence: Sentence, asks_on: bool, *, named: bool) -> bool:
    """A whole sentence that names no element of its own and speaks of the cascade, or asks on about it."""
    if named:
        return False
    return asks_on or speaks_of_cascade(sentence) or speaks_of_more(sentence)


def _elements(last: Frame, names: tuple[str, ...], sentence: Sentence) -> tuple[str, ...]:
    """'And line 75 as well' comes on top, 'and line 75?' instead."""
    if not names:
        return last.elements
    added = not _MORE.isdisjoint(sentence.words) or "as well" in sentence.text.lower()
    return tuple(dict.fromkeys((*last.elements, *names))) if added else names


def _changes(last: Frame, changes: tuple[Change, ...], names: tuple[str, ...]) -> tuple[Change, ...]:
    return changes or tuple(c for c in last.changes if not (c.described and names))
