"""Outages that are named: is each to be studied by itself, or one set against another? Then it is no what-if of all at once."""

import re
from collections.abc import Sequence

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.disturbed import failures
from agent.brains.embedded.frame import Change, Frame, Intent, Mood
from agent.brains.embedded.queries import query
from agent.brains.embedded.references import PLACEHOLDERS
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_APART = word_class("outages_named.apart")
_COMPARING = word_class("outages_named.comparing")
_BETWEEN = frozenset({"or", "versus", "vs", "against", "than"})
_BESIDE = _BETWEEN | {"with", "to"}  # 'compare A with B'; 'A with B against C' is a pair
_FORBIDDEN = (Mood.NEGATED, Mood.CONDITIONAL)
_OTHER_STUDIES = ("cascade:spread", "frequency:frequency", "frequency:response", "thermal:heat", "thermal:life", "cause", "relief")
_TURNS = ("in turn", "one by one", "one at a time", "one after the other", "one after another")
_ALTERNATELY = _TURNS[:3]


def named_outages(sentence: Sentence, spoken: Sequence[Spoken], registry: Registry) -> Frame | None:
    """'Lose lines 3, 5 and 8 in turn', 'which hurts more, losing line 58 or line 12': the outages as the study takes them, or None.

    An order of switching is none, unless each is to be undone before the next: 'take out each in turn'.
    """
    if sentence.has(*_OTHER_STUDIES) or any(s.mood in _FORBIDDEN and not _is_event(s) for s in spoken):
        return None
    failing = [s for s in spoken if s.change.kind == "open" and s.change.element]
    names, changes = failures(sentence, failing, registry)
    meant = failing or sentence.has("outages:pairs") or (sentence.has("outage") and is_compared(sentence))
    if not meant or len(names) < 2 or any(n not in PLACEHOLDERS and not registry.exact(n) for n in names):
        return None
    if any(s.mood is Mood.REQUEST for s in spoken) and not _alternate(sentence):
        return None
    groups = groups_of(sentence, names)
    if not failing and sentence.has("outages:pairs"):  # 'the P6 pair line 3 and line 5'
        return _frame(sentence, registry, changes, groups=(names,)) if len(names) == 2 else None
    chosen = is_compared(sentence) or ("or" in sentence.words and all(_is_event(s) for s in failing))
    by_or = len(groups) == len(names) and chosen  # 'if line 58 or line 12 trips' is two outages
    if is_apart(sentence) or _is_chosen_of(sentence, names) or by_or:
        return _frame(sentence, registry, changes, elements=names)
    if len(groups) > 1 and is_compared(sentence):
        return _frame(sentence, registry, changes, groups=groups)
    return None


def _is_event(one: Spoken) -> bool:
    """Nobody can order a failure, nor forbid it."""
    return one.use is not None and one.use.act == "event"


def _frame(sentence: Sentence, registry: Registry, changes: tuple[Change, ...], **chosen: object) -> Frame:
    asked = query(Intent.N1, sentence, registry)
    plain = {"elements": (), "classes": (), "groups": (), "level": 1, "top": None, "kind": None}
    return asked.model_copy(update={**plain, "changes": changes, "mood": Mood.HYPOTHETICAL if changes else Mood.UNCLEAR, **chosen})


def is_apart(sentence: Sentence) -> bool:
    """'Each', 'in turn', 'separately', 'on its own', 'the single outages of': one after the other, never together."""
    text = " ".join(t.word for t in sentence.tokens)
    single = any(
        h.concept == "n1" and sentence.tokens[h.start].word == "single" and sentence.tokens[h.end - 1].form == "s" for h in sentence.hits
    )
    return single or not _APART.isdisjoint(sentence.words) or any(turn in text for turn in _TURNS)


def _is_chosen_of(sentence: Sentence, names: Sequence[str]) -> bool:
    """'Which of line 54, line 75 and line 58', 'which one of the transformers 1, 2 and 3': what fails is one of them."""
    words = [t.word for t in sentence.tokens]
    for mention in sentence.mentions:
        start = mention.start - sum(k.end == mention.start for k in sentence.kinds)
        before = " ".join(words[max(start - 4, 0) : start])
        if re.search(r"\bwhich (?:one )?of(?: the)?$", before):
            return not set(mention.elements).isdisjoint(names)
    return False


def is_compared(sentence: Sentence) -> bool:
    return sentence.has("compare") or not _COMPARING.isdisjoint(sentence.words)


def groups_of(sentence: Sentence, names: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """'Losing A and B or losing C and D': the names as groups, split where one is set against the other."""
    marks = _BETWEEN if any(t.word in _BETWEEN for t in sentence.tokens) else _BESIDE
    groups: list[list[str]] = []
    end = 0
    for mention in sentence.mentions:
        meant = [n for n in mention.elements if n in names]
        if not meant:
            continue
        if not groups or any(t.word in marks for t in sentence.tokens[end : mention.start]):
            groups.append([])
        if mention.alternatives:
            groups += [[n] for n in meant]
        else:
            groups[-1] += meant
        end = mention.end
    return tuple(tuple(g) for g in groups if g)


def _alternate(sentence: Sentence) -> bool:
    """Each is put back before the next goes out; 'one after the other' may be the order in which all are switched."""
    text = " ".join(t.word for t in sentence.tokens)
    return any(turn in text for turn in _ALTERNATELY) or not {"separately", "individually"}.isdisjoint(sentence.words)
