"""Verbs of two words: 'switch ... off', 'take ... out of service', 'lift ... the limit'."""

from functools import lru_cache
from itertools import pairwise

from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import data_file, word_class

_REACH = 9  # words between 'switch' and 'off'
_ADJACENT = (("in",), ("on",), ("back",))
_BARRIERS = frozenset({"if", "when", "while", "whereas", "because", "?", "to", "by", "due"})
_BESIDE = frozenset({"with", "without"})
_SWITCHING = ("open", "close")
_SUBJECTS = frozenset({"it", "they", "unit", "machine", "plant", "generator", "park"})
_VALUES = ("voltage", "loading", "losses", "flow", "current", "overload", "thermal:heat", "frequency:frequency")
_LIGHTENING = word_class("particles.lightening")
_AUXILIARIES = word_class("particles.auxiliaries")
_TRANSITIVE = word_class("particles.transitive")
_ELSEWHERE = word_class("particles.elsewhere")
_OBJECTS = frozenset({"it", "them", "that", "this", "one", "these", "those"})


def particle_act(sentence: Sentence, i: int) -> tuple[str, range] | None:
    """'switch ... off' → open: the particle of the verb at token i, within its own clause."""
    tokens, options = sentence.tokens, _particles().get(sentence.tokens[i].lemma, ())
    end, words_passed = sentence.bounds(i)[1], 0
    k = i + 1
    while options and k < end and words_passed < _REACH:
        mention = sentence.mention_at(k)
        if mention:
            k = mention.end
            continue
        for act, particle in options:
            if particle in _ADJACENT and not _stands_by(sentence, i, k):
                continue  # 'switching requests in the queue'
            if particle == ("off",) and tokens[k].word == "off" and _lightens(sentence, i, k):
                return "lower", range(k, k + 1)
            after = k + len(particle)
            if tuple(t.word for t in tokens[k:after]) == particle and not _goes_on(sentence, after, particle):
                measured = act in _SWITCHING and (_is_of_no_element(sentence, i, k, after) or _asks_how_much(sentence, i))
                return None if measured else (act, range(k, after))
        if tokens[k].word in _BARRIERS or (tokens[k].word in _BESIDE and not _has_object(sentence, i, k)):
            return None
        words_passed += 1
        k += 1
    return None


def _stands_by(sentence: Sentence, verb: int, k: int) -> bool:
    """Does the particle at token k follow its verb or its object directly: 'switch in', 'switch it in', 'switch line 14 in'?"""
    before = sentence.tokens[k - 1].word
    return k - 1 == verb or before in ("it", "them", "that", "this", "back", "one") or any(m.end == k for m in sentence.mentions)


def _is_of_no_element(sentence: Sentence, verb: int, k: int, after: int) -> bool:
    """'Is it putting out 5 MW', 'does it bring the volts down': what is put out or brought down is no element."""
    if _has_object(sentence, verb, k) or _is_named(sentence, after):
        return False
    if any(verb < h.start < k and h.concept in _VALUES for h in sentence.hits):
        return True
    before = verb - 1
    while before >= 0 and sentence.tokens[before].word in _AUXILIARIES:
        before -= 1
    subject = before >= 0 and (sentence.mention_at(before) or sentence.tokens[before].word in _OBJECTS | _SUBJECTS)
    being = verb and sentence.tokens[verb].form == "ing" and sentence.tokens[verb - 1].lemma == "be"
    return bool(subject or being) and sentence.tokens[verb].lemma in _TRANSITIVE and sentence.tokens[verb].form != "ed"


def _asks_how_much(sentence: Sentence, verb: int) -> bool:
    """'How much are the infeeds taking off': an amount is asked for, and nothing named is switched."""
    asked = any(a.word == "how" and b.word == "much" for a, b in pairwise(sentence.tokens[:verb]))
    return asked and sentence.tokens[verb].form == "ing" and not sentence.mentions


def _is_named(sentence: Sentence, i: int) -> bool:
    """Does an element or a kind stand at token i, an article left out?"""
    at = i + 1 if i + 1 < len(sentence.tokens) and sentence.tokens[i].word in ("the", "a", "both", "all") else i
    return bool(sentence.mention_at(at)) or any(k.start == at for k in sentence.kinds)


def _has_object(sentence: Sentence, verb: int, k: int) -> bool:
    """'Take line 14 with immediate effect out' goes on; what follows 'how warm does it get with all fans' is of the fans."""
    starts = (*(m.start for m in sentence.mentions), *(w.start for w in sentence.kinds))
    pointed = any(t.word in _OBJECTS for t in sentence.tokens[verb + 1 : k])
    return pointed or any(verb < start < k for start in starts)


def _lightens(sentence: Sentence, verb: int, k: int) -> bool:
    """'Take 20 MW off line 54', 'get some load off it': what is taken off stands before, what it is taken off behind."""
    amount = any(verb < q.start < k for q in sentence.quantities)
    noun = any(verb < h.start < k and h.concept in ("load", "flow", "current") for h in sentence.hits) or (
        sentence.tokens[k - 1].word in _LIGHTENING
    )
    named = any(verb < m.start < k for m in sentence.mentions)
    return (amount or noun) and not named and k + 1 < len(sentence.tokens) and not _ends(sentence, k + 1)


def _ends(sentence: Sentence, i: int) -> bool:
    return not sentence.mention_at(i) and not sentence.tokens[i].word[0].isalpha()


def _goes_on(sentence: Sentence, i: int, particle: tuple[str, ...]) -> bool:
    """'bring it down to 5 MW' lowers a value: the particle is none when an amount follows."""
    if particle[-1] not in ("down", "in", "on", "out", "back") or i >= len(sentence.tokens):
        return False
    if particle == ("back",):
        serves = {"service", "operation", "service.", "line"} & {t.word for t in sentence.tokens[i : i + 3]}
        return sentence.tokens[i].word in _ELSEWHERE and not serves  # 'get line 75 back down', 'back below 100 %'
    if sentence.tokens[i].word in ("to", "by") or any(q.start == i for q in sentence.quantities):
        return True
    end = sentence.bounds(i)[1]
    return particle[-1] == "down" and any(i <= q.start < end and q.unit in ("mw", "percent", "mvar", "step") for q in sentence.quantities)


@lru_cache
def _particles() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Base form → (act, particle words), longest particle first."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for act, entry in data_file("verbs.yaml").items():
        for verb, particles in (entry.get("with", {}) if isinstance(entry, dict) else {}).items():
            found.setdefault(verb, []).extend((act, tuple(str(p).split())) for p in particles)
    return {verb: sorted(options, key=lambda o: -len(o[1])) for verb, options in found.items()}
