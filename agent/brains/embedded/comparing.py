"""'The base case against doubled load', 'line 54 out versus line 75 out', 'AC against DC': two cases of one study, side by side."""

from collections.abc import Iterator, Sequence

from agent.brains.embedded.changes import Spoken, spoken_changes
from agent.brains.embedded.frame import Frame, Intent, Mood
from agent.brains.embedded.outage_choice import method_asked
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_APART = word_class("comparing.apart")
_ASKING = word_class("comparing.asking")
_BASE = word_class("comparing.base")


def comparing(sentence: Sentence, spoken: Sequence[Spoken], registry: Registry, areas: Sequence[str]) -> Frame | None:
    """A study with another case against it; None where the sentence compares no two whole cases."""
    asks = not _ASKING.isdisjoint(sentence.words) or "against" in sentence.words
    if not asks or any(s.mood in (Mood.REQUEST, Mood.NEGATED) for s in spoken if s.use is not None and s.use.form == "base"):
        return None
    for left, right in _sides(sentence):
        first = _case(left, registry, areas)
        second = _case(right, registry, areas) or (_alike(first, right, registry) if first else None)
        if first is not None and second is not None and first != second:
            return _against(first, second, sentence)
    return None


def _sides(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Both sides of every word that may set them apart, the plainest words first."""
    marks = [
        i for i, t in enumerate(sentence.tokens) if t.word in _APART and 0 < i < len(sentence.tokens) - 1 and not sentence.mention_at(i)
    ]
    for i in sorted(marks, key=lambda i: sentence.tokens[i].word in ("with", "to", "and")):
        yield sentence.text[: sentence.tokens[i].start], sentence.text[sentence.tokens[i].end :]


def _case(text: str, registry: Registry, areas: Sequence[str]) -> Frame | None:
    """One side as a study: what it changes, by which method, or the state as it is."""
    if not text.strip(" ,.?!:;"):
        return None
    side = read(text, registry)
    changes = tuple(dict.fromkeys(s.change for s in spoken_changes(side, registry, areas)))
    if any(c.needs_target or c.needs_amount or c.unit == "unsupported" for c in changes):
        return None
    plain = side.has("method:dc", "method:fast_decoupled") or "ac" in side.words or not _BASE.isdisjoint(side.words)
    if not changes and (not plain or side.mentions):
        return None
    case = Frame(intent=Intent.WHAT_IF if changes else Intent.STATE, mood=Mood.HYPOTHETICAL, changes=changes)
    return case.model_copy(update={"method": method_asked(side)})


def _alike(first: Frame, text: str, registry: Registry) -> Frame | None:
    """'... or line 12': the same change of another element."""
    named = [m for m in read(text, registry).mentions if len(m.elements) == 1 and not m.excluded]
    if len(first.changes) != 1 or not first.changes[0].element or len(named) != 1:
        return None
    change = first.changes[0].model_copy(update={"element": named[0].elements[0]})
    return first.model_copy(update={"changes": (change,)})


def _against(first: Frame, second: Frame, sentence: Sentence) -> Frame:
    """The state as it is comes first; outages after each case where N-1 is spoken of."""
    cases = sorted((first, second), key=lambda f: bool(f.changes) or f.method is not None)
    if sentence.has("n1"):
        cases = [f.model_copy(update={"intent": Intent.N1, "mood": Mood.HYPOTHETICAL}) for f in cases]
    return cases[0].model_copy(update={"against": cases[1]})
