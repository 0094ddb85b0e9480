"""Does a sentence ask what a code, a procedure or a book says, and does it ask of the present grid besides?"""

import re
from collections.abc import Callable, Mapping, Sequence

from agent.brains.embedded.changes import Spoken
from agent.brains.embedded.codes_named import names_code
from agent.brains.embedded.frame import Intent, Mood
from agent.brains.embedded.sentence import Sentence

Likelihoods = Mapping[tuple[Intent, str], float]
_SURE, _POSSIBLE = 0.6, 0.15  # probability by the words with which a book is asked; with which their meaning is looked at, too
_ORDERS = (Mood.REQUEST, Mood.UNCLEAR, Mood.CONDITIONAL)
_NOW = re.compile(r"\b(?:now|currently|presently|today|at the moment|at present|live)\b")
_OURS = re.compile(r"\b(?:are|do|did|have|is|were|does) (?:we|our)\b|\b(?:am|do) i\b|\b(?:we|our \w+) (?:are|is|have|comply|meet)\b")
_HELD_AGAINST = re.compile(
    r"\b(?:compl(?:y|ies|iant|iance)|conforms?|violat(?:e|es|ed|ing)|breach(?:es|ed)?|exceed(?:s|ed)?|inside|outside|within|meets?|met"
    r"|fulfill?(?:s|ed)?|satisf(?:y|ies|ied)|respect(?:s|ed)?|secure|in line with|against|beyond|off)\b"
)
_IN_GENERAL = re.compile(
    r"\b(?:must|shall|should|may|might|ought|allowed|permitted|permissible|requires?|required|requirements?|mandatory|legal|obliged"
    r"|(?:has|have|needs?) to|supposed)\b"
)
_MEANS = re.compile(
    r"\bwhat (?!do you\b)(?:does |do |is |are )?(?:\S+ ){1,4}?(?:means?|meant by|stands? for)\b|\b(?:define|definition of|meaning of)\b"
)
_POINTING = frozenset({"that", "this", "it", "these", "those", "alarm", "message", "result"})
_SAID = re.compile(
    r",?\s*\b(?:and )?what (?:does|do) the (?:code|rules?|regulations?|standards?) says?\b|\b(?:with )?the (?:rules|regulations)\b", re.I
)
_STANDARD = r"(?:ieee|c57\.91|annex g|clause (?:7|seven)|iec)"
_BY_STANDARD = re.compile(
    rf"\b(?:by|with|using|use|per|under) (?:the )?{_STANDARD}\b|\b{_STANDARD} (?:\S+ )?(?:model|method|equations?|calculation)\b"
)
_SAYS = re.compile(
    r"\b(?:what|which|how|where|does|do|who|when)\b(?: \S+){0,8}?"
    r" (?:says?|said|requires?|required|asks?|asked|demands?|states?|means?|prescribes?"
    r"|allows?|allowed|permits?|defines?|defined|specif(?:y|ies)|covers?|governs?|writes?|written|stand for)\b"
)


def asks_a_book(sentence: Sentence, spoken: Sequence[Spoken], found: Callable[[bool], Likelihoods]) -> bool:
    """A document is named, or the words speak of rules and terms; nothing of the present grid is asked and nothing is ordered.

    `found`: likelihoods by the words alone, or (True) by the sentence's meaning besides.
    """
    if any(not m.excluded for m in sentence.mentions) or any(s.mood in _ORDERS and not s.change.needs_target for s in spoken):
        return False
    if asks_of_the_present(sentence) or by_standard(sentence):
        return False
    if names_code(sentence.text) or _asks_for_meaning(sentence):
        return True
    if any(s.mood is Mood.REQUEST for s in spoken):
        return False  # 'change the tap of a transformer' orders it: of which one is asked back
    by_words = found(False).get((Intent.KNOWLEDGE, ""), 0.0)
    return by_words >= _SURE or (by_words >= _POSSIBLE and found(True).get((Intent.KNOWLEDGE, ""), 0.0) >= _SURE)


def without_comparison(text: str) -> str:
    """What to look up of 'are we inside SO GL voltage limits now': the words that ask of the present grid stand in no code."""
    bare = _SAID.sub(" ", _OURS.sub(" ", _NOW.sub(" ", _HELD_AGAINST.sub(" ", text))))
    return " ".join(re.sub(r"\s+([,?.])", r"\1", bare).strip(" ,?.").split()) or text


def by_standard(sentence: Sentence) -> bool:
    """'The hot spots by IEEE annex G': a standard's method is to be used, not told."""
    text = " ".join(t.word for t in sentence.tokens)
    return bool(_BY_STANDARD.search(text)) and not _SAYS.search(text)


def _asks_for_meaning(sentence: Sentence) -> bool:
    """'What does X mean', 'define X', 'tell me what X means'; not what 'that' means."""
    text = " ".join(t.word for t in sentence.tokens)
    return bool(_MEANS.search(text)) and sentence.words.isdisjoint(_POINTING)


def asks_of_the_present(sentence: Sentence) -> bool:
    """An element is named, or the grid of now is held against something: 'are we inside', 'which voltages exceed', 'at the moment'."""
    if any(not m.excluded for m in sentence.mentions):
        return True
    text = " ".join(t.word for t in sentence.tokens)
    if _NOW.search(text) or _OURS.search(text):
        return True
    return bool(_HELD_AGAINST.search(text)) and not _IN_GENERAL.search(text) and not _SAYS.search(text)


def asks_what_is_said(sentence: Sentence) -> bool:
    """'... and what does the code say?', 'which clause asks for that?': of a document, if none that is named."""
    text = " ".join(t.word for t in sentence.tokens)
    return bool(_SAYS.search(text)) and (names_code(sentence.text) or sentence.has("knowledge:source"))
