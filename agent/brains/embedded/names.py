"""Is every element that was named known and meant by one name only? If not, say so; never guess."""

from collections.abc import Sequence
from itertools import pairwise

from agent.brains.embedded.frame import Ask, Frame, Refusal
from agent.brains.embedded.kinds import Mention
from agent.brains.embedded.places import unknown_place
from agent.brains.embedded.replies import listing, say
from agent.brains.embedded.sentence import Sentence
from grid_models.twin.registry import Registry


def name_problem(sentence: Sentence, frame: Frame | None = None) -> Ask | Refusal | None:
    """The first name that cannot be used, as an answer; `frame` is what is understood besides."""
    for mention in sentence.mentions:
        if mention.excluded:
            continue
        if mention.unknown:
            return unknown(mention)
        if mention.candidates:
            text = say("ambiguous", phrase=mention.phrase, names=listing(mention.candidates))
            return Ask(text=text, missing="element", frame=frame, candidates=mention.candidates)
    return None


def unknown(mention: Mention) -> Refusal:
    nearest = _nearest(mention.nearest) if mention.nearest else ""
    return Refusal(text=say("unknown", phrase=mention.phrase, nearest=nearest), candidates=mention.nearest)


def place_problem(sentence: Sentence, registry: Registry) -> Refusal | None:
    """A substation that is not there is said, not left out of the question."""
    found = unknown_place(sentence, registry)
    if found is None:
        return None
    phrase, near = found
    nearest = _nearest(near) if near else ""
    return Refusal(text=say("unknown", phrase=phrase, nearest=nearest), candidates=near)


def guess(sentence: Sentence) -> Mention | None:
    """A mistyped name: its nearest one must be confirmed before anything is done with it."""
    return next((m for m in sentence.mentions if m.guessed and not m.excluded), None)


def alternatives(sentence: Sentence, meant: frozenset[str]) -> tuple[str, ...]:
    """'open line 14 or 15', 'either line 14 or line 15', 'one of': a command must name one of those `meant`."""
    mentions = [m for m in sentence.mentions if not m.excluded]
    found = next((m.elements for m in mentions if m.alternatives), ())
    named = [m for m in mentions if not meant.isdisjoint(m.elements)]
    if found or not named or sum(len(m.elements) for m in named) < 2:
        return found
    words = [t.word for i, t in enumerate(sentence.tokens) if i < named[-1].start and not sentence.mention_at(i)]
    either = "either" in words or "one of" in " ".join(words)
    between = any(t.word == "or" for a, b in pairwise(named) for t in sentence.tokens[a.end : b.start])
    return tuple(dict.fromkeys(n for m in named for n in m.elements)) if either or between else ()


def _nearest(names: Sequence[str]) -> str:
    return say("nearest", names=listing(names)) if len(names) > 1 else say("nearest_one", names=listing(names))
