"""Grammar and trained words disagree about what is asked: which of them is believed?

The grammar knows names, amounts and moods; the words know what people mean by sentences that no rule foresaw. The grammar stands unless
the words are sure of something else. They can turn a change into a reading, never anything into a change.
"""

from collections.abc import Callable, Mapping

from agent.brains.embedded.frame import Ask, Frame, Intent, Mood, Understood
from agent.brains.embedded.intents import Judgement, judged
from agent.brains.embedded.sentence import Sentence

# probability that overrules no meaning, a plain reading, an imagined change, a meaning that has cues of its own
_LIKELY, _SURE, _FIRM, _CERTAIN = 0.5, 0.78, 0.93, 0.985
_AGREED = 0.3  # probability of the grammar's meaning with which nothing more is asked
_NEVER = 2.0
_DOUBTED = 0.1  # probability below which a meaning is not believed
_CHANGES = frozenset({Intent.ACT, Intent.KEEP, Intent.WHAT_IF, Intent.N1})
_KIN: dict[Intent, frozenset[Intent]] = {  # what only the mood or the number of outages tells apart
    Intent.ACT: _CHANGES | {Intent.DECIDE},
    Intent.KEEP: _CHANGES,
    Intent.WHAT_IF: _CHANGES,
    Intent.N1: frozenset({Intent.N1, Intent.WHAT_IF}),
}
_READINGS = frozenset(  # what the grammar takes for granted where nothing speaks for more
    {
        Intent.STATE,
        Intent.SUMMARY,
        Intent.COUNT,
        Intent.LIST,
        Intent.LOADINGS,
        Intent.VOLTAGES,
        Intent.LOSSES,
        Intent.BALANCE,
        Intent.DETAIL,
        Intent.QUEUE,
        Intent.DECIDE,
        Intent.HELP,
        Intent.GREETING,
        Intent.THANKS,
    }
)
_LEARNT = frozenset({"asset_health", "remedial"})  # capabilities not built that the words were taught, too
Likelihoods = Mapping[tuple[Intent, str], float]


def arbitrated(
    grammar: Understood, sentence: Sentence, found: Callable[[bool], Likelihoods], otherwise: Callable[[Judgement], Understood]
) -> Understood:
    """The grammar's meaning, or that of the words where they are sure and it is doubted.

    `found`: likelihoods by the words alone, or (True) by the sentence's meaning besides; `otherwise`: what a judgement means.
    """
    if any(not m.elements and not m.excluded for m in sentence.mentions):  # a name nobody knows is said, whatever is asked about it
        return grammar
    if isinstance(grammar, Frame) and grammar.against is not None:  # two whole cases are set against each other: no word says that alone
        return grammar
    if believed(grammar, found(False)) >= _AGREED:
        return grammar
    whole = found(True)
    meant = judged(whole)
    if meant.intent is None or believed(grammar, whole) >= _DOUBTED or meant.probability < _needed(grammar):
        return grammar
    if meant.intent is Intent.KNOWLEDGE and isinstance(grammar, Ask) and grammar.frame is not None and grammar.frame.mood is Mood.REQUEST:
        return grammar  # 'change the tap of a transformer' orders it: of which one is asked
    other = otherwise(meant)
    if isinstance(other, Ask) and isinstance(grammar, Frame) and other.frame is not None:
        return other
    return other if isinstance(other, Frame) else grammar


def _needed(grammar: Understood) -> float:
    """How sure the words must be to overrule it."""
    frame = frame_of(grammar)
    if frame is None:
        return _LIKELY if isinstance(grammar, Ask) else _CERTAIN
    if frame.intent is Intent.OFF_TOPIC or (frame.intent is Intent.UNBUILT and frame.topic in _LEARNT):
        return _LIKELY
    if frame.intent is Intent.KNOWLEDGE:
        return _LIKELY
    if isinstance(grammar, Ask) and grammar.missing == "value":
        return _SURE
    half_understood = isinstance(grammar, Ask) and grammar.missing != "element"
    if frame.intent in (Intent.KEEP, Intent.UNBUILT) or half_understood:
        return _NEVER
    if _names_its_table(frame):
        return _CERTAIN
    return _SURE if frame.intent in _READINGS else _FIRM if frame.intent is Intent.WHAT_IF else _CERTAIN


def _names_its_table(frame: Frame) -> bool:
    """A column, a bound or a voltage level of a kind, or where proposals stand: said in so many words, not taken for granted."""
    return bool(frame.sort_by or frame.bounds or frame.minimum_kv) or (frame.intent is Intent.QUEUE and bool(frame.topic))


def believed(understood: Understood, found: Likelihoods) -> float:
    """Probability of a meaning or of one that the words cannot tell from it."""
    frame = frame_of(understood)
    if frame is None:
        return 0.0
    lacks_name = isinstance(understood, Ask) and understood.missing == "element"  # then it may well be about every element
    kin = frozenset({frame.intent}) if lacks_name else _KIN.get(frame.intent, frozenset({frame.intent}))
    return sum(p for (intent, _), p in found.items() if intent in kin)


def frame_of(understood: Understood) -> Frame | None:
    return understood if isinstance(understood, Frame) else understood.frame if isinstance(understood, Ask) else None
