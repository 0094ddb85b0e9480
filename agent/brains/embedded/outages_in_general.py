"""Does a sentence speak of outages in general: of every one, of those of a kind, of any pair? Nothing named is switched by it then."""

from collections.abc import Iterator, Sequence

from agent.brains.embedded.candidates import VerbUse
from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.frame import Frame, Intent
from agent.brains.embedded.kinds_pointed import pointed_kinds
from agent.brains.embedded.outage_choice import kinds_that_fail, method_asked
from agent.brains.embedded.queries import query
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.together import all_of_a_kind
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

_GENERAL = word_class("outages_in_general.general")
_THINGS = word_class("outages_in_general.things")
_STUDIED = ("n1", "outages:pairs", "outages:everything")
_OTHER_STUDIES = ("cascade:spread", "frequency:frequency", "frequency:response", "thermal:heat", "thermal:overheat", "thermal:life")
_NOUNS = frozenset({"outage", "loss", "failure", "fault", "contingency", "unavailability", "trip"})
_POINTING = frozenset({"its", "their", "this", "that", "it", "they"})
_DEFINITE = frozenset({"the", "this", "that", "our"})
_EVENTS = ("event", "open", "be_out")
_NEAR, _REACH = 3, 6  # words


def without_general(sentence: Sentence, spoken: Sequence[Spoken]) -> tuple[Spoken, ...]:
    """The changes without 'take every pair of branches out' and 'failures that interrupt customers', which name nothing."""
    if not any(_is_unnamed(s) for s in spoken) or not speaks_in_general(sentence, [s.use for s in spoken if s.use]):
        return tuple(spoken)
    return tuple(s for s in spoken if not _is_unnamed(s))


def outages_of_a_kind(sentence: Sentence, spoken: Sequence[Spoken], registry: Registry) -> Frame | None:
    """'Rank the outages of the external grids', 'busbar faults': a kind that fails, and nothing is named or changed; or the study itself
    with its method, 'N-2 by DC'."""
    other = sentence.has("live:alarm", "live:past", "live:log", "live:acknowledge", "queue", "count", "off_topic", *_OTHER_STUDIES)
    if spoken or sentence.mentions or other or all_of_a_kind(sentence, registry):
        return None
    failing = (sentence.has("outage") or bool(pointed_kinds(sentence))) and _kind_fails(sentence)
    studied = sentence.has("n1", "outages:pairs") and method_asked(sentence) == "dc"
    return query(Intent.N1, sentence, registry) if failing or studied else None


def speaks_in_general(sentence: Sentence, uses: Sequence[VerbUse] = ()) -> bool:
    """Words of such a study; a kind that fails; an outage of any; outages without a name."""
    if sentence.has(*_STUDIED) or (sentence.has("outages:double_circuit") and not sentence.mentions) or _kind_fails(sentence):
        return True
    return any(_is_general_noun(sentence, start, end) for start, end in _nouns(sentence)) or any(_takes_any(sentence, use) for use in uses)


def _kind_fails(sentence: Sentence) -> bool:
    """A kind in general; 'trip the generator' means one."""
    definite = any(not k.plural and k.start and sentence.tokens[k.start - 1].word in _DEFINITE for k in sentence.kinds)
    return bool(kinds_that_fail(sentence)) and not definite


def _is_unnamed(one: Spoken) -> bool:
    """Without an element; 'lose each generating unit' is no loss of all generation."""
    everything = one.change.kind == "scale" and one.change.amount == 0.0 and one.use is not None and one.use.act == "event"
    return everything or (one.change.kind == "open" and one.change.needs_target)


def _nouns(sentence: Sentence) -> Iterator[tuple[int, int]]:
    return ((h.start, h.end) for h in sentence.hits if h.concept == "outage" and sentence.tokens[h.start].lemma in _NOUNS)


def _is_general_noun(sentence: Sentence, start: int, end: int) -> bool:
    """'Which outages', 'any failure', 'the loss of any one element'; 'the outages of lines 3 and 5' names its own."""
    before, after = sentence.tokens[max(start - _NEAR, 0) : start], sentence.tokens[end : end + _REACH]
    if any(m.end == start or end <= m.start < end + _NEAR for m in sentence.mentions):
        return False
    if before and before[-1].word in _POINTING:
        return False  # 'what would its outage cause', 'what if it trips'
    plural = sentence.tokens[end - 1].form == "s" and sentence.tokens[end - 1].lemma != "trip"  # 'what trips' is a verb
    of_any = bool(after) and after[0].word == "of" and _quantified(sentence, end, end + _REACH)
    return plural or of_any or any(t.word in _GENERAL for t in before)


def _takes_any(sentence: Sentence, use: VerbUse) -> bool:
    """'Take every pair of branches out', 'if any one element fails'."""
    return use.act in _EVENTS and _quantified(sentence, max(use.start - _REACH, 0), use.end + _REACH)


def _quantified(sentence: Sentence, low: int, high: int) -> bool:
    """'Any one element', 'each generating unit': a word for any, and a kind of element right behind it."""
    kinds = {k.start for k in sentence.kinds}
    for i in range(low, min(high, len(sentence.tokens))):
        behind = range(i + 1, min(i + 1 + _NEAR, len(sentence.tokens)))
        if sentence.tokens[i].word in _GENERAL and any(k in kinds or sentence.tokens[k].lemma in _THINGS for k in behind):
            return True
    return False
