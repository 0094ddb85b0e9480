"""Verbs of two words: 'switch ... off', 'take ... out of service', 'lift ... the limit'."""

from functools import lru_cache

from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.vocabulary import data_file

_REACH = 9  # words between 'switch' and 'off'
_ADJACENT = (("in",), ("on",), ("back",))
_BARRIERS = frozenset({"if", "when", "because", "?", "to", "by", "due"})
_BESIDE = frozenset({"with", "without"})
_ABLE = frozenset({"can", "could", "might", "does", "do", "did"})
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
            if particle == ("out",) and k == i + 1 and _yields(sentence, i):
                return None
            if particle == ("off",) and tokens[k].word == "off" and _lightens(sentence, i, k):
                return "lower", range(k, k + 1)
            if tuple(t.word for t in tokens[k : k + len(particle)]) == particle and not _goes_on(sentence, k + len(particle), particle):
                return act, range(k, k + len(particle))
        if tokens[k].word in _BARRIERS or (tokens[k].word in _BESIDE and not _has_object(sentence, i, k)):
            return None
        words_passed += 1
        k += 1
    return None


def _stands_by(sentence: Sentence, verb: int, k: int) -> bool:
    """Does the particle at token k follow its verb or its object directly: 'switch in', 'switch it in', 'switch line 14 in'?"""
    before = sentence.tokens[k - 1].word
    return k - 1 == verb or before in ("it", "them", "that", "this", "back", "one") or any(m.end == k for m in sentence.mentions)


def _has_object(sentence: Sentence, verb: int, k: int) -> bool:
    """'Take line 14 with immediate effect out' goes on; what follows 'how warm does it get with all fans' is of the fans."""
    starts = (*(m.start for m in sentence.mentions), *(w.start for w in sentence.kinds))
    pointed = any(t.word in _OBJECTS for t in sentence.tokens[verb + 1 : k])
    return pointed or any(verb < start < k for start in starts)


def _lightens(sentence: Sentence, verb: int, k: int) -> bool:
    """'Take 20 MW off line 54', 'get some load off it': what is taken off stands before, what it is taken off behind."""
    amount = any(verb < q.start < k for q in sentence.quantities)
    noun = any(verb < h.start < k and h.concept in ("load", "flow", "current") for h in sentence.hits)
    named = any(verb < m.start < k for m in sentence.mentions)
    return (amount or noun) and not named and k + 1 < len(sentence.tokens) and not _ends(sentence, k + 1)


def _yields(sentence: Sentence, i: int) -> bool:
    """'What is it putting out', 'putting out 40 MW', 'could put out': what a machine gives, where no object is switched out."""
    pointed = i + 2 < len(sentence.tokens) and (sentence.mention_at(i + 2) or sentence.tokens[i + 2].word in (*_OBJECTS, "the"))
    able = not {t.word for t in sentence.tokens[sentence.bounds(i)[0] : i]}.isdisjoint(_ABLE)
    superlative = i + 3 < len(sentence.tokens) and sentence.tokens[i + 3].word in ("most", "least", "highest", "lowest")
    given = sentence.tokens[i].form in ("ing", "s") or (able and sentence.words.isdisjoint(("i", "we", "you")))
    return sentence.tokens[i].lemma == "put" and given and (not pointed or superlative)


def _ends(sentence: Sentence, i: int) -> bool:
    return not sentence.mention_at(i) and not sentence.tokens[i].word[0].isalpha()


def _goes_on(sentence: Sentence, i: int, particle: tuple[str, ...]) -> bool:
    """'bring it down to 5 MW' lowers a value: the particle is none when an amount follows."""
    if particle[-1] not in ("down", "in", "on", "out") or i >= len(sentence.tokens):
        return False
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
