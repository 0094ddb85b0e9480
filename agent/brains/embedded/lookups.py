"""A question for what codes, standards and procedures say, as a frame: what is looked up, where it is to hold, and when."""

import re
from datetime import datetime

from agent.brains.embedded.codes_named import document_named, place_named
from agent.brains.embedded.features import top_count
from agent.brains.embedded.frame import Frame, Intent, Lookup, Understood
from agent.brains.embedded.sentence import Sentence

_LONGEST = 400  # characters of a question that is searched for
_MOST = 10  # passages, as tools/knowledge_search.py
_POLITE = r"please|kindly|hi|hello|hey|good (?:morning|afternoon|evening)|ok|okay|well|so|thanks|thank you"
_ASKING = (
    r"(?:can|could|would|will|may) (?:you|i|we) (?:please |kindly )?(?:tell|show|give|explain|ask|remind|look up|find|know)"
    r"(?: to)?(?: me| us)?(?: to)?"
    r"|(?:i|we)(?: would|'d)? (?:like|want|need) to know|do you (?:know|happen to know)|tell me|i was wondering|i wonder"
)
_BEFORE = re.compile(rf"^(?:(?:{_POLITE})\b[,!.\s]*)*(?:(?:{_ASKING})\b[,:\s]*)?(?:(?:{_POLITE})\b[,!.\s]*)*", re.IGNORECASE)
_BEHIND = re.compile(r"[,.!\s]*\b(?:please|kindly|thanks|thank you|thx|cheers)\b[.!?\s]*$", re.IGNORECASE)
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
DAY = re.compile(
    rf"\b(?:on|as of|at|before|until) (?:the )?(?:(\d{{4}}-\d{{2}}-\d{{2}})|(\d{{1,2}})\.? (?:of )?({_MONTHS}) (\d{{4}}))\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:(?:valid|in force|applicable|as of|as it was|as it stood)(?: in| on)?) (\d{4})\b", re.IGNORECASE)


def lookup_frame(sentence: Sentence, about: str | None = None) -> Frame:
    """What the sentence looks up; `about`: the words to search with, where it says too little alone."""
    top = top_count(sentence)
    return Frame(intent=Intent.KNOWLEDGE, lookup=lookup(about or with_kinds(sentence)), top=min(top, _MOST) if top else None)


def lookup(text: str) -> Lookup:
    """The question without courtesy; document, place and day only where the words name one."""
    return Lookup(query=question_in(text), document=document_named(text), jurisdiction=place_named(text), on=day_in(text))


def in_own_words(understood: Understood, sentence: Sentence, text: str) -> Understood:
    """The whole message is looked up as it was written: 'N minus one' and 'four-eyes' mean more to a search than how they are read."""
    found = understood.lookup if isinstance(understood, Frame) and understood.intent is Intent.KNOWLEDGE else None
    if found is None or sentence.mentions or found.query != question_in(sentence.text):
        return understood
    return understood.model_copy(update={"lookup": found.model_copy(update={"query": question_in(text)})})


def question_in(text: str) -> str:
    """'Could you please tell me what N-1 is, thanks' without its courtesy, cut between words where it is very long."""
    bare = " ".join(_BEHIND.sub("", _BEFORE.sub("", text)).split()) or " ".join(text.split())
    return bare if len(bare) <= _LONGEST else bare[:_LONGEST].rsplit(" ", 1)[0]


def day_in(text: str) -> str | None:
    """'On 1 January 2020', 'as of 2021-05-01', 'in force in 2019' as a day; a year is its last one."""
    if said := DAY.search(text):
        return _iso(said[1] or f"{said[4]}-{_MONTHS.split('|').index(said[3].lower()) + 1:02d}-{int(said[2]):02d}")
    said = _YEAR.search(text)
    return f"{said[1]}-12-31" if said else None


def with_kinds(sentence: Sentence) -> str:
    """The text with each element's name replaced by its kind: no code knows 'HV1 Line 54', but what holds for a line."""
    text = sentence.text
    for mention in reversed(sentence.mentions):
        start, end = sentence.tokens[mention.start].start, sentence.tokens[mention.end - 1].end
        kind = mention.kinds[0].value.replace("_", " ") if mention.kinds else "element"
        text = f"{text[:start]}the {kind}{text[end:]}"
    return text


def _iso(day: str) -> str | None:
    try:
        return datetime.strptime(day, "%Y-%m-%d").date().isoformat()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None
