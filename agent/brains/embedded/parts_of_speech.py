"""Is a word that is spelled like a verb of switching really one here, or a noun, an adjective, a setting's name?"""

from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import word_class

_NOUN_MARKERS = word_class("verbs.noun_markers")
_COUNTED = word_class("verbs.counted")
_STUDIED = word_class("verbs.studied")
_BEFORE_COMPARATIVE = word_class("verbs.before_comparative")
_SETTING = ("verb:set", "verb:put", "verb:raise", "verb:lower")


def is_noun(sentence: Sentence, i: int) -> bool:
    """'the limit', 'voltage drop', 'trip of line 14': a noun that is spelled like a verb."""
    before = sentence.tokens[i - 1].word if i else ""
    after = sentence.tokens[i + 1].word if i + 1 < len(sentence.tokens) else ""
    return before in _NOUN_MARKERS or after == "of" or bool(before and sentence.mention_at(i - 1) and after in ("", "?", ".", ":", ","))


def may_be_noun(sentence: Sentence, i: int, act: str) -> bool:
    """'A tap change to position 5' and 'a reduction by 5 MW' change something; 'the opening hours' and 'the set' do not."""
    end = sentence.bounds(i)[1]
    return act not in ("open", "close", "put") and (act != "set" or any(i < q.start < end for q in sentence.quantities))


def is_adjective(sentence: Sentence, i: int) -> bool:
    """'close to', 'how close', 'open proposals', 'connected to', 'lower than', 'rating limit of': no verb at all."""
    tokens, token = sentence.tokens, sentence.tokens[i]
    before = tokens[i - 1].word if i else ""
    after = tokens[i + 1].word if i + 1 < len(tokens) else ""
    if after in _STUDIED and token.form == "base" and (not before or not before[0].isalnum()):
        return True  # 'redispatch study: ...'
    if before in ("how", "what") and token.form == "s" and any(h.start == i and h.concept in _SETTING for h in sentence.hits):
        return True  # 'how changes the voltage then?'
    if token.lemma == "shed":
        return before in _NOUN_MARKERS and after in ("load", "demand", "customers", "consumers")  # 'restore the shed load'
    if token.lemma in ("open", "close") and _is_alternative(sentence, i):
        return True
    if token.lemma == "close":
        near = after in ("to", "by") or before in ("how", "too", "so", "very")
        return near or (token.form == "ed" and any(k.start == i + 1 for k in sentence.kinds))
    if token.lemma == "set" and (after in ("point", "points", "value", "values") or (after == "to" and ends_clause(sentence, i + 2))):
        return True  # 'what is the tap set to?'
    if token.lemma == "connect":
        return token.form == "ed" and (after == "to" or not sentence.words.isdisjoint(("where", "how", "which", "what")))
    if token.lemma in ("tap", "step") and token.form != "ing" and (before in ("to", "at", "on", ":") or _is_set_before(sentence, i)):
        return True  # 'set trafo 1 tap to 3', 'to step 0', 'with trafo 3 at tap 2'
    if token.lemma == "tap" and after == "to" and any(m.end == i for m in sentence.mentions):
        return True  # 'trafo 2 tap to -3'
    if token.lemma == "tap":
        return after in ("position", "positions", "changer", "changers", "of", "setting", "settings", "ratio", "is", "?", "")
    if token.lemma == "open" and token.form == "base" and before and any(k.end == i for k in sentence.kinds):
        return True  # 'are any breakers open?'
    if token.lemma == "open":
        return after.startswith(("proposal", "request")) or (
            before in _COUNTED and any(k.start == i + 1 and k.plural for k in sentence.kinds)
        )
    if token.lemma in ("limit", "fault", "break"):
        named = token.lemma == "limit" and before in _NOUN_MARKERS
        many = token.form == "s" and token.lemma != "fault"  # 'the limits'; but 'bus 5 faults'
        return many or after in ("of", "current", "level") or named
    return token.word == "lower" and (after in ("than", "limit", "limits") or before in _NOUN_MARKERS | _BEFORE_COMPARATIVE)


def _is_alternative(sentence: Sentence, i: int) -> bool:
    """'Is it closed or open?': both words ask for a state."""
    words = [t.word for t in sentence.tokens[max(i - 2, 0) : i + 3]]
    return any(words[k : k + 3] in (["open", "or", "closed"], ["closed", "or", "open"]) for k in range(len(words)))


def _is_set_before(sentence: Sentence, i: int) -> bool:
    """Does a setting verb stand before token i in its sentence, with no 'and' between that would start a new order?"""
    low = sentence.bounds(i)[0]
    setting = any(h.concept in _SETTING and low <= h.start < i for h in sentence.hits)
    return setting and sentence.tokens[i - 1].word not in ("and", "then", ",", "please")


def ends_clause(sentence: Sentence, i: int) -> bool:
    return i >= len(sentence.tokens) or not sentence.tokens[i].word[0].isalnum()
