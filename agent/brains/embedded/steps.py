"""Which steps does a message name? '..., then ...; afterwards ...', '1. ... 2. ...', 'first ..., finally ...', '... and what ...'."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_LETTERED = re.compile(r"(?:^|(?<=\s))\(?([a-h])\)\s+(?=[A-Za-z])")
_NUMBERED = re.compile(r"(?:^|(?<=\s))\(?(\d{1,2})[.)]\s+(?=[A-Za-z])")
_ORDERING = word_class("steps.ordering")
_TELLING = word_class("steps.telling")
_ARTICLES = frozenset({"a", "an", "the", "any", "all"})
_SEPARATORS = frozenset(",;.:-\u2013") | {"and", "&"}
# only behind a comma or an 'and'
_BOUND = frozenset({("in", "addition"), ("continue", "with"), ("go", "on"), ("finish", "with"), ("end", "with")})
_PAIRS = _BOUND | {("after", "that"), ("followed", "by"), ("after", "this"), ("once", "done"), ("as", "last")}
_ASKING = frozenset({"what", "how", "which", "would", "does", "could", "will"})
_WITH_WHY = 2  # steps beyond which a bare 'why' is one of them
_SHORTEST = 3  # words of a question behind an 'and'
_LEAST = 2  # words in front of a step's joint


@dataclass(frozen=True)
class Step:
    """`sure`: a word says that it is a step of its own; else only an 'and' before a question does."""

    text: str
    sure: bool = True


def steps(sentence: Sentence) -> tuple[Step, ...]:
    """Two or more steps in their order; () where the message is one piece, or 'then' belongs to an 'if'."""
    numbered = _numbered(sentence.text)
    if numbered:
        return tuple(Step(text) for text in numbered)
    supposing = next((i for i, t in enumerate(sentence.tokens) if t.word == "if"), len(sentence.tokens))
    begin, sure, found = _opening(sentence), True, []
    for first, last, ordering in _joints(sentence):
        if first > supposing:
            break
        if first <= begin:
            continue
        found.append(Step(sentence.text[sentence.tokens[begin].start : sentence.tokens[first - 1].end], sure))
        begin, sure = last, ordering
    if supposing < len(sentence.tokens) and _ASKING.isdisjoint(t.word for t in sentence.tokens[begin:supposing]):
        return ()  # 'then what if it trips' is a step; in 'if it trips, then what' nothing is
    found.append(Step(sentence.text[sentence.tokens[begin].start :], sure))
    if len(found) > _WITH_WHY:
        found = [Step(s.text, s.sure or s.text.rstrip(" ,?.") == "why") for s in found]
    if any(not s.sure and len(s.text.split()) < _SHORTEST for s in found):  # '... and why?'
        return ()
    return tuple(found) if len(found) > 1 else ()


def _numbered(text: str) -> list[str]:
    """The items of '1. ... 2) ...' or '(a) ... (b) ...', counted up from the first."""
    marks = list(_NUMBERED.finditer(text)) or list(_LETTERED.finditer(text))
    counted = [int(m[1]) if m[1].isdigit() else ord(m[1]) - ord("a") + 1 for m in marks]
    if len(marks) < 2 or counted != list(range(1, len(marks) + 1)):
        return []
    ends = [*(m.start() for m in marks[1:]), len(text)]
    return [text[m.end() : end].rstrip(" ,;") for m, end in zip(marks, ends, strict=True)]


def _opening(sentence: Sentence) -> int:
    """Past the 'first' or 'first of all' of a list of steps, 'start with'."""
    words = [t.word for t in sentence.tokens]
    if words[:2] in (["start", "with"], ["begin", "with"]) and len(words) > 3:
        return 2
    if words[0] not in ("first", "firstly", "initially") or len(words) < 4:
        return 0
    start = 3 if words[1:3] == ["of", "all"] else 1
    return start + (words[start] in (",", ":"))


def _joints(sentence: Sentence) -> Iterator[tuple[int, int, bool]]:
    """(first token of the joint, first token after it, whether it orders) of every joint."""
    words, i = [t.word for t in sentence.tokens], _LEAST
    while i < len(words) - 1:
        end = _joint_end(words, i) if not sentence.mention_at(i) else None
        if end is None or end >= len(words):
            i += 1
            continue
        joint = words[i:end]
        yield i, end, any(w in _ORDERING or w == ";" for w in joint) or not _PAIRS.isdisjoint(pairwise(joint))
        i = end + 1


def _joint_end(words: list[str], i: int) -> int | None:
    """Where the joint that begins at token i ends: separators with an ordering word, a semicolon, or 'and' before a question."""
    end = i
    while end < len(words) and words[end] in _SEPARATORS:
        end += 1
    if (pair := tuple(words[end : end + 2])) in _PAIRS and (end > i or pair not in _BOUND):
        return _past(words, end + 2)
    if words[i - 1] == "?" and end < len(words) and words[end] in _ORDERING:  # '...? Second, why?'
        return _past(words, end + 1)
    if end == i or end >= len(words):
        return None
    if words[end] == "also" and words[end - 1] == "and" and end + 1 < len(words):
        end += 1
        return end if words[end] in _TELLING or words[end] in _ARTICLES else None
    if words[end] == "why" and words[end + 1 : end + 2] in ([","], ["and"], ["?"], []):
        return end
    if tuple(words[end : end + 2]) == ("for", "each") and not set(words[:i]) <= _TELLING | _ARTICLES | {"me", "us", "please"}:
        return end
    if words[end] in _ORDERING:
        return _past(words, end + 1)
    return end if ";" in words[i:end] or (words[end - 1] == "and" and words[end] in _TELLING) else None


def _past(words: list[str], end: int) -> int:
    """Past what still belongs to the joint: 'then, ', 'and then also'."""
    while end < len(words) and words[end] in {",", ":", "also", "please"}:
        end += 1
    return end
