"""Where does a sentence speak of changing the grid?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from agent.brains.embedded.numbers import fraction_at
from agent.brains.embedded.sentence import Sentence
from agent.brains.embedded.states import state_at
from agent.brains.embedded.vocabulary import data_file, word_class

_PARTICLE_REACH = 9  # words between 'switch' and 'off'
_PARTICLE_BARRIERS = frozenset({"if", "when", "because", "?", "to", "by", "due"})
_NOUN_MARKERS = word_class("verbs.noun_markers")
_SETTING = ("verb:set", "verb:put", "verb:raise", "verb:lower")
_COUNTED = word_class("verbs.counted")
Span = tuple[int, int]


@dataclass(frozen=True)
class VerbUse:
    """`act`: a key of verbs.yaml, or be_out/be_in. `form`: base, s, ed, ing, noun, state or adj. `left`, `right`: its tokens."""

    act: str
    verb: str
    form: str
    start: int
    end: int
    left: Span = (0, 0)
    right: Span = (0, 0)


def verb_uses(sentence: Sentence) -> tuple[VerbUse, ...]:
    """Every use of a changing verb in order; each owns the tokens from the use before it to the use after it, within its sentence."""
    kept: list[VerbUse] = []
    for use in sorted(_candidates(sentence), key=lambda u: (u.start, -u.end)):
        if not kept or use.start >= kept[-1].end:
            kept.append(use)
    owned = _owned(sentence, kept)
    useful = [found for use in owned if (found := _useful(sentence, use)) is not None]
    return _owned(sentence, useful)


def _useful(sentence: Sentence, use: VerbUse) -> VerbUse | None:
    """The use, if it has something to act on; 'do not switch anything' forbids everything."""
    if _has_something(sentence, use):
        return replace(use, act="set") if use.act == "put" else use
    negated = not {"not", "never"}.isdisjoint(t.word for t in sentence.tokens[max(use.start - 3, 0) : use.start])
    return replace(use, act="touch") if negated else None


def _owned(sentence: Sentence, uses: Sequence[VerbUse]) -> tuple[VerbUse, ...]:
    found: list[VerbUse] = []
    for k, use in enumerate(uses):
        low, high = sentence.bounds(use.start)
        left = (max(low, uses[k - 1].end) if k else low, use.start)
        right = (use.end, min(high, uses[k + 1].start) if k + 1 < len(uses) else high)
        found.append(replace(use, left=left, right=right))
    return tuple(found)


def _has_something(sentence: Sentence, use: VerbUse) -> bool:
    """'go ahead', 'make sure': setting verbs count only with an amount, an element or a group of loads or parks."""
    if use.act not in ("set", "put", "raise", "lower", "scale", "release"):
        return True
    low, high = use.left[0], use.right[1]
    if use.act == "put":
        values = (q for q in sentence.quantities if q.relation not in ("above", "below"))
        return any(use.end <= q.start < high for q in values) or any(fraction_at(sentence.tokens, i) for i in range(use.end, high))
    groups = any(low <= h.start < high and h.concept in ("load", "generation", "wind", "pv", "tap") for h in sentence.hits)
    return groups or any(low <= m.start < high for m in sentence.mentions) or any(use.end <= q.start < high for q in sentence.quantities)


def _candidates(sentence: Sentence) -> Iterator[VerbUse]:
    spent: set[int] = set()  # particles and states that a verb has used already
    for i, token in enumerate(sentence.tokens):
        if sentence.mention_at(i) or i in spent or any(q.start <= i < q.end for q in sentence.quantities):
            continue
        particle, state = _particle_act(sentence, i), state_at(sentence, i)
        if particle:
            spent |= set(particle[1])
            yield VerbUse(particle[0], token.lemma, token.form, i, i + 1)
        elif verbless := _verbless(sentence, i):
            yield VerbUse(verbless, "set", "adj", i, i + 1)
        elif state:
            spent.add(state[1])
            yield VerbUse(state[0], "be", "state" if token.lemma == "be" else "adj", i, i + 1)
        else:
            yield from _plain(sentence, i)


def _verbless(sentence: Sentence, i: int) -> str | None:
    """An order without a verb: 'Sgen 70 to 12 MW', 'trafo 2 one step up'."""
    low, word = sentence.bounds(i)[0], sentence.tokens[i].word
    if word not in ("to", "up", "down") or any(h.concept.startswith(("verb:", "particle:")) and low <= h.start < i for h in sentence.hits):
        return None
    ends = {m.end for m in sentence.mentions}
    if word == "to":
        return "set" if i in ends and any(q.start == i + 1 and q.unit for q in sentence.quantities) else None
    stepped = any(q.end == i and q.start in ends and q.unit for q in sentence.quantities)
    return {"up": "raise", "down": "lower"}[word] if stepped else None


def _plain(sentence: Sentence, i: int) -> Iterator[VerbUse]:
    token = sentence.tokens[i]
    for hit in (h for h in sentence.hits if h.start == i and h.concept.startswith("verb:")):
        act = hit.concept.removeprefix("verb:")
        noun = act == "event_noun" or (token.form == "base" and _is_noun(sentence, i))
        if token.lemma == "go" and (act == "event") is not _ends_clause(sentence, i + 1):
            continue  # 'if line 12 goes' is an outage, 'goes up by 20 %' is none
        if not _is_adjective(sentence, i) and not (noun and not _may_be_noun(sentence, i, act)):
            yield VerbUse("event" if act == "event_noun" else act, token.lemma, "noun" if noun else token.form, i, hit.end)


def _may_be_noun(sentence: Sentence, i: int, act: str) -> bool:
    """'A tap change to position 5' and 'a reduction by 5 MW' change something; 'the opening hours' and 'the set' do not."""
    end = sentence.bounds(i)[1]
    return act not in ("open", "close", "put") and (act != "set" or any(i < q.start < end for q in sentence.quantities))


def _ends_clause(sentence: Sentence, i: int) -> bool:
    return i >= len(sentence.tokens) or not sentence.tokens[i].word[0].isalnum()


@lru_cache
def _particles() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Base form → (act, particle words), longest particle first."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for act, entry in data_file("verbs.yaml").items():
        for verb, particles in (entry.get("with", {}) if isinstance(entry, dict) else {}).items():
            found.setdefault(verb, []).extend((act, tuple(str(p).split())) for p in particles)
    return {verb: sorted(options, key=lambda o: -len(o[1])) for verb, options in found.items()}


def _particle_act(sentence: Sentence, i: int) -> tuple[str, range] | None:
    """'switch ... off' → open: the particle of the verb at token i, within its own clause."""
    tokens, options = sentence.tokens, _particles().get(sentence.tokens[i].lemma, ())
    end, words_passed = sentence.bounds(i)[1], 0
    k = i + 1
    while options and k < end and words_passed < _PARTICLE_REACH:
        mention = sentence.mention_at(k)
        if mention:
            k = mention.end
            continue
        for act, particle in options:
            if tuple(t.word for t in tokens[k : k + len(particle)]) == particle and not _goes_on(sentence, k + len(particle), particle):
                return act, range(k, k + len(particle))
        if tokens[k].word in _PARTICLE_BARRIERS:
            return None
        words_passed += 1
        k += 1
    return None


def _goes_on(sentence: Sentence, i: int, particle: tuple[str, ...]) -> bool:
    """'bring it down to 5 MW' lowers a value: the particle is none when an amount follows."""
    if particle[-1] not in ("down", "in", "on", "out") or i >= len(sentence.tokens):
        return False
    if sentence.tokens[i].word in ("to", "by") or any(q.start == i for q in sentence.quantities):
        return True
    end = sentence.bounds(i)[1]
    return particle[-1] == "down" and any(i <= q.start < end and q.unit in ("mw", "percent", "mvar", "step") for q in sentence.quantities)


def _is_set_before(sentence: Sentence, i: int) -> bool:
    """Does a setting verb stand before token i in its sentence, with no 'and' between that would start a new order?"""
    low = sentence.bounds(i)[0]
    setting = any(h.concept in _SETTING and low <= h.start < i for h in sentence.hits)
    return setting and sentence.tokens[i - 1].word not in ("and", "then", ",", "please")


def _is_noun(sentence: Sentence, i: int) -> bool:
    """'the limit', 'voltage drop', 'trip of line 14': a noun that is spelled like a verb."""
    before = sentence.tokens[i - 1].word if i else ""
    after = sentence.tokens[i + 1].word if i + 1 < len(sentence.tokens) else ""
    return before in _NOUN_MARKERS or after == "of" or bool(before and sentence.mention_at(i - 1) and after in ("", "?", ".", ":", ","))


def _is_adjective(sentence: Sentence, i: int) -> bool:
    """'close to', 'how close', 'open proposals', 'connected to', 'lower than', 'rating limit of': no verb at all."""
    tokens, token = sentence.tokens, sentence.tokens[i]
    before = tokens[i - 1].word if i else ""
    after = tokens[i + 1].word if i + 1 < len(tokens) else ""
    if token.lemma == "close":
        near = after in ("to", "by") or before in ("how", "too", "so", "very")
        return near or (token.form == "ed" and any(k.start == i + 1 for k in sentence.kinds))
    if token.lemma == "set" and after in ("point", "points", "value", "values"):
        return True
    if token.lemma == "connect":
        return token.form == "ed" and (after == "to" or not sentence.words.isdisjoint(("where", "how", "which", "what")))
    if token.lemma in ("tap", "step") and _is_set_before(sentence, i):
        return True  # 'set trafo 1 tap to 3', 'to step 0'
    if token.lemma == "tap":
        return after in ("position", "positions", "changer", "changers", "of", "setting", "settings", "ratio", "is", "?", "")
    if token.lemma == "open" and token.form == "base" and before and any(k.end == i for k in sentence.kinds):
        return True  # 'are any breakers open?'
    if token.lemma == "open":
        return after.startswith(("proposal", "request")) or (
            before in _COUNTED and any(k.start == i + 1 and k.plural for k in sentence.kinds)
        )
    return (token.word == "lower" and (after in ("than", "limit", "limits") or before in _NOUN_MARKERS)) or (
        token.lemma in ("limit", "fault", "break") and (token.form == "s" or after in ("of", "current", "level") or before in _NOUN_MARKERS)
    )
