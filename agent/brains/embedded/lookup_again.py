"""'And in Ireland?', 'what about 400 kV?', 'show the whole passage', 'which edition is that?': what was looked up last, varied."""

import re

from agent.brains.embedded.codes_named import document_named, names_code, place_named, replaced_document, replaced_place
from agent.brains.embedded.frame import Frame
from agent.brains.embedded.lookups import day_in, lookup
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_OPENING = re.compile(r"^(?:and|or|but|ok|okay|so|now|then|also|what about|how about|same|the same)\b[,\s]*", re.IGNORECASE)
_LEVEL = re.compile(r"\b\d+(?:\.\d+)? ?kV\b", re.IGNORECASE)
_WHOLE = word_class("lookup_again.whole")
_PASSAGE = word_class("lookup_again.passage")
_SOURCE = word_class("lookup_again.source")
_POINTING = word_class("lookup_again.pointing")
_QUANTITIES = word_class("lookup_again.quantities")
_LONGEST, _FRAGMENT = 10, 4  # words of a variation; of one without 'and' or 'what about' in front


def looked_up_again(last: Frame | None, sentence: Sentence) -> Frame | None:
    """The last lookup with its place, document, level, quantity or day replaced, or more of its passage; None where none is meant."""
    words = [t for t in sentence.tokens if t.word[0].isalnum()]
    if last is None or last.lookup is None or sentence.mentions or len(words) > _LONGEST:
        return None
    if more := _more_of_it(sentence):
        return last.model_copy(update={"topic": more, "then": None})
    opened = bool(_OPENING.match(sentence.text))
    if not opened and len(words) > _FRAGMENT:
        return None
    query = _varied(last.lookup.query, sentence)
    if query is None:
        return None
    found = lookup(query)
    day = day_in(sentence.text) or last.lookup.on
    return last.model_copy(update={"lookup": found.model_copy(update={"on": day}), "topic": "", "then": None})


def _more_of_it(sentence: Sentence) -> str:
    """'whole' for the passage in full, 'source' for its edition, validity and page; '' for neither."""
    lemmas = {t.lemma for t in sentence.tokens} | sentence.words
    if lemmas & _WHOLE and lemmas & _PASSAGE:
        return "whole"
    of_it = bool(lemmas & _POINTING) or len(sentence.tokens) <= _FRAGMENT + 1
    return "source" if lemmas & _SOURCE and of_it and not names_code(sentence.text) else ""


def _varied(query: str, sentence: Sentence) -> str | None:
    """The last question with what the sentence names in place of its like; put behind it where it had none of its kind."""
    text, found = sentence.text, query
    place, document, level = place_named(text), document_named(text), _LEVEL.search(text)
    quantity = next((t.word for t in sentence.tokens if t.lemma in _QUANTITIES), None)
    if not (place or document or level or quantity or day_in(text)):
        return None
    if place:
        found = replaced_place(found, place)
    if document:
        found = replaced_document(found, document) if document_named(found) else f"{found.rstrip('?. ')} {document}"
    if level:
        found = _LEVEL.sub(level[0], found) if _LEVEL.search(found) else f"{found.rstrip('?. ')} at {level[0]}"
    if quantity:
        of_old = re.compile(rf"\b(?:{'|'.join(sorted(_QUANTITIES))})s?\b", re.IGNORECASE)
        found = of_old.sub(quantity, found, count=1) if of_old.search(found) else f"{found.rstrip('?. ')} {quantity}"
    return found if found != query or day_in(text) else None
