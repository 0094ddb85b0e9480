"""'And in Ireland?', 'what about 400 kV?', 'show the whole passage', 'which edition is that?': what was looked up last, varied."""

import re

from agent.brains.embedded.codes_named import document_named, names_code, place_named, replaced_document, replaced_place, without_codes
from agent.brains.embedded.frame import Frame
from agent.brains.embedded.lookups import DAY, day_in, lookup
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import vocabulary, word_class
from knowledge.index.areas import without_areas

_OPENING = re.compile(r"^(?:and|or|but|ok|okay|so|now|then|also|what about|how about|same|the same)\b[,\s]*", re.IGNORECASE)
_LEVEL = re.compile(r"\b\d+(?:\.\d+)? ?kV\b", re.IGNORECASE)
_WHOLE = word_class("lookup_again.whole")
_PASSAGE = word_class("lookup_again.passage")
_SOURCE = word_class("lookup_again.source")
_POINTING = word_class("lookup_again.pointing")
_QUANTITIES = word_class("lookup_again.quantities")
_ANY_QUANTITY = re.compile(rf"\b(?:{'|'.join(sorted(_QUANTITIES))})s?\b", re.IGNORECASE)
_VARYING = word_class("lookup_again.varying")
_LONGEST, _FRAGMENT = 10, 4  # words of a variation; of one without 'and' or 'what about' in front


def looked_up_again(last: Frame | None, sentence: Sentence) -> Frame | None:
    """The last lookup with its place, document, level, quantity or day replaced, or more of its passage; None where none is meant."""
    words = [t for t in sentence.tokens if t.word[0].isalnum()]
    if last is None or last.lookup is None or sentence.mentions or len(words) > _LONGEST:
        return None
    if more := _more_of_it(sentence):
        return last.model_copy(update={"topic": more, "then": None})
    if (len(words) > _FRAGMENT and not _OPENING.match(sentence.text)) or _says_more(sentence.text):
        return None
    if not _OPENING.match(sentence.text) and len(_named(sentence)) > 1:  # 'voltage range in GB' says it all
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


def _says_more(text: str) -> bool:
    """Whether anything is named besides what can be varied: then the message has a meaning of its own."""
    named = without_codes(without_areas(text)) if document_named(text) else without_areas(text)
    rest = {word.casefold() for word in re.findall(r"[^\W\d]+", DAY.sub(" ", _LEVEL.sub(" ", named)))}
    known = vocabulary().function | _QUANTITIES | _VARYING
    return any(word not in known and word.removesuffix("s") not in known for word in rest)


def _named(sentence: Sentence) -> dict[str, str]:
    """What a message names that can be varied: a place, a document, a voltage level, a quantity."""
    text = sentence.text
    level, quantity = _LEVEL.search(text), next((t.word for t in sentence.tokens if t.lemma in _QUANTITIES), None)
    found = {"place": place_named(text), "document": document_named(text), "level": level[0] if level else None, "quantity": quantity}
    return {key: name for key, name in found.items() if name}


def _varied(query: str, sentence: Sentence) -> str | None:
    """The last question with what the sentence names in place of its like; put behind it where it had none of its kind."""
    named, found = _named(sentence), query.rstrip("?. ")
    if "place" in named:
        found = replaced_place(found, named["place"])
    if document := named.get("document"):
        found = replaced_document(found, document) if document_named(found) else f"{found} {document}"
    if level := named.get("level"):
        found = _LEVEL.sub(level, found) if _LEVEL.search(found) else f"{found} at {level}"
    if quantity := named.get("quantity"):
        found = _ANY_QUANTITY.sub(quantity, found, count=1) if _ANY_QUANTITY.search(found) else f"{found} {quantity}"
    return found if named or day_in(sentence.text) else None
