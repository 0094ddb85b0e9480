"""'I need three things: the losses, the worst outage and the alarms': requests that stand beside each other as mere nouns."""

from collections.abc import Sequence

from agent.brains.embedded.frame import Frame, Intent
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.steps import Step
from agent.brains.embedded.vocabulary import word_class

_STARTING = word_class("requests_listed.starting")
_POINTING = word_class("requests_listed.pointing")
_ASIDE = word_class("requests_listed.aside")
_RANKING = frozenset({"high", "low", "critical", "list", "count", "detail", "compare", "grid"})  # concepts that need something to rank
_SAYING = ("verb:open", "verb:close", "verb:event", "n1", "load", "wind")
_LEAST_LISTED = 3  # items without an article: 'losses, worst outage, alarms'
_TOLD = frozenset(
    {
        Intent.LOADINGS,
        Intent.VOLTAGES,
        Intent.LOSSES,
        Intent.BALANCE,
        Intent.DETAIL,
        Intent.LIST,
        Intent.COUNT,
        Intent.STATE,
        Intent.SUMMARY,
        Intent.N1,
        Intent.ALARMS,
        Intent.ESTIMATE,
        Intent.TOPOLOGY,
        Intent.EXPLAIN,
        Intent.QUEUE,
    }
)
_OF_EACH = frozenset({Intent.LOADINGS, Intent.VOLTAGES, Intent.DETAIL, Intent.BALANCE})


def listed_requests(sentence: Sentence) -> tuple[Step, ...]:
    """The items as they stand, two or more; () where commas and 'and' join something else. `are_requests` judges what they mean."""
    words = [t.word for t in sentence.tokens]
    if not _POINTING.isdisjoint(words):
        return ()
    colon = words.index(":") if ":" in words and not _says_much(sentence, words.index(":")) else -1
    begin, found, bare = colon + 1, list[str](), False
    for i in range(colon + 2, len(words)):
        start = _joint(sentence, words, i)
        if start is None:
            continue
        bare = bare or words[start] not in _STARTING
        found.append(_text(sentence, begin, i))
        begin = start
    found.append(_text(sentence, begin, len(words)))
    counted = len(found) >= _LEAST_LISTED and colon >= 0
    return tuple(Step(text) for text in found) if len(found) > 1 and (counted or not bare) else ()


def are_requests(items: Sequence[tuple[Sentence, Frame]]) -> bool:
    """Does each ask for something of its own, and none for what belongs to the last one's element?"""
    frames = [frame for _, frame in items]
    if any(f.intent not in _TOLD or f.changes or f.then is not None for f in frames) or not _differ(frames):
        return False
    return all(_has_subject(item, frame) for item, frame in items)


def _differ(frames: Sequence[Frame]) -> bool:
    """More than one study, and none twice but for values of other elements."""
    asked = [(f.intent, f.elements if f.intent is Intent.DETAIL else ()) for f in frames]
    return len(set(asked)) == len(asked) and len({f.intent for f in frames}) > 1


def _joint(sentence: Sentence, words: Sequence[str], i: int) -> int | None:
    """Where the next item starts behind ',', 'and' or ', and' at token i."""
    if words[i] not in (",", "and") or sentence.mention_at(i) or words[i - 1] == ",":
        return None
    start = i + 1 + (words[i] == "," and words[i + 1 : i + 2] == ["and"])
    starts = start < len(words) - 1 and words[start].isalpha() and words[start] not in _ASIDE and not sentence.mention_at(start)
    return start if starts else None


def _says_much(sentence: Sentence, colon: int) -> bool:
    """'For Monday: ...' leads in; 'with line 14 out: ...' says what the rest is about."""
    named = any(m.start < colon for m in sentence.mentions) or any(q.start < colon and q.unit for q in sentence.quantities)
    return named or any(h.start < colon and h.concept in _SAYING for h in sentence.hits)


def _text(sentence: Sentence, begin: int, end: int) -> str:
    return sentence.text[sentence.tokens[begin].start : sentence.tokens[end - 1].end]


def _has_subject(item: Sentence, frame: Frame) -> bool:
    """'The five most loaded lines' stands alone; 'the voltage' of 'the voltage and the loading at bus 7' is that of the bus."""
    told = {c for c in item.concepts if not c.startswith(("particle:", "verb:"))} - _RANKING
    if not (told or item.kinds or item.mentions):
        return False
    return frame.intent not in _OF_EACH or bool(item.mentions or item.kinds or item.has("high", "low", "overload") or item.quantities)
