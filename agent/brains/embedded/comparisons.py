"""'Does capping Sgen 64 or opening line 14 relieve it more?': changes set against each other are studied one by one, never done."""

from collections.abc import Sequence

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Change, Frame, Mood
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.studies import study
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_APART = word_class("comparisons.apart")
_JUDGING = word_class("comparisons.judging")
_DONE = (Mood.REQUEST, Mood.NEGATED, Mood.CONDITIONAL)


def compared_changes(sentence: Sentence, spoken: Sequence[Spoken], registry: Registry) -> Frame | None:
    """One study after the other, of which the last tells of the others; None where nothing is compared, or outages alone."""
    changes = [s.change for s in spoken if s.change.element and not s.change.needs_amount]
    if _JUDGING.isdisjoint(sentence.words) or any(s.mood in _DONE for s in spoken) or len(changes) != len(spoken):
        return None
    sides = _sides(sentence, changes)
    if len(sides) < 2:
        return None
    studies = [found for side in sides if isinstance(found := study(sentence, tuple(side), registry), Frame)]
    if len(studies) < len(sides):
        return None
    chained = studies[-1]
    for earlier in reversed(studies[:-1]):
        chained = earlier.model_copy(update={"then": chained})
    return chained


def _leads_to_amount(sentence: Sentence, i: int) -> bool:
    """The 'to' of 'reduced to 500 MW' sets nothing apart."""
    return any(i in (q.start, q.start - 1) for q in sentence.quantities)


def _sides(sentence: Sentence, changes: Sequence[Change]) -> list[list[Change]]:
    """The changes, parted where 'or', 'versus', 'than' stands between the names of their elements."""
    sides: list[list[Change]] = []
    end = 0
    for mention in sentence.mentions:
        of_it = [c for c in changes if c.element in mention.elements]
        if not of_it:
            continue
        apart = any(sentence.tokens[i].word in _APART and not _leads_to_amount(sentence, i) for i in range(end, mention.start))
        if not sides or apart:
            sides.append([])
        sides[-1] += of_it
        end = mention.end
    if len(sides) == 1 and any(m.alternatives for m in sentence.mentions):  # 'losing line 58 or 12'
        return [[change] for change in sides[0]]
    return sides
