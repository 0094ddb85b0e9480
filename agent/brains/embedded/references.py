"""'It', 'that line', 'the second one', 'the worst one', 'them': which elements of the conversation are meant?"""

from agent.brains.embedded.kinds import KindWord
from agent.brains.embedded.memory import Memory, requested
from agent.brains.embedded.numbers import ordinal
from agent.brains.embedded.sentence import Sentence, read
from agent.brains.embedded.twins import twin_end, twins_of
from agent.brains.embedded.vocabulary import word_class
from grid_models.twin.registry import Registry

# Stand for the elements that the step before will list: '..., then an outage of each'.
PLACEHOLDERS = tuple(f"listed:{i}" for i in range(1, 11))

_ONE = frozenset({"it", "that", "this", "its"})
_MANY = frozenset({"them", "they", "those", "these", "both", "each", "their"})
_DEFINITE = frozenset({"that", "this", "the", "same", "said"})
_FIRST = frozenset({"worst", "top", "heaviest", "busiest", "hottest", "former"})
_LAST = frozenset({"last", "latter"})
_NOT_POINTING = word_class("references.not_pointing")
_TIMES = word_class("references.times")
_JUDGING = word_class("references.judging")
_SITUATIONS = word_class("built_on.situations")
_PASSIVE = frozenset({"is", "was", "were", "gets", "got"})
_SWITCHING = ("verb:open", "verb:close", "verb:event")
_JUDGED = word_class("references.judged")


def referred(sentence: Sentence, span: range, memory: Memory, registry: Registry) -> tuple[str, ...] | None:
    """Elements a stretch of the sentence points back to; () when we cannot tell which, None when it does not point back."""
    ranked = _ranked(sentence, span, memory, registry)
    if ranked is not None:
        return ranked
    for i in span:
        if i >= len(sentence.tokens) or sentence.mention_at(i):
            continue
        word = sentence.tokens[i].word
        if word in ("this", "that") and i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].word in _TIMES:
            continue
        kind = next((k for k in sentence.kinds if k.start == i + 1), None)
        if twin_end(sentence.tokens, i) is not None and memory.about:
            return _single(twins_of(registry, _single(memory.about)))
        if word in _DEFINITE and kind and not kind.plural and (word != "the" or _of_kind(memory.about, kind, registry)):
            return _single(_of_kind(memory.about, kind, registry))
        if word in _MANY:
            return _several(word, memory)
        if word == "its" and twin_end(sentence.tokens, i + 1) is not None:
            continue
        if (word in _ONE or _is_same(sentence, i)) and kind is None and not _is_dummy(sentence, i):
            return _single(memory.about)
    return None


def tap_meant(sentence: Sentence, memory: Memory) -> float | None:
    """The 3 of 'set it to 3' where the last question was about a tap."""
    last = memory.latest.frame if memory.latest else None
    bare = [q.value for q in sentence.quantities if not q.unit and q.relation == "to" and q.value.is_integer()]
    return bare[0] if last is not None and last.topic == "tap" and len(bare) == 1 else None


def _several(word: str, memory: Memory) -> tuple[str, ...]:
    """'Both' are two: those told together, else the two spoken of one after the other."""
    own = memory.latest is not None and memory.latest.frame is not None and bool(requested(memory.latest.frame))
    pools = (memory.spoken[-2:] if own else (), memory.about, memory.listed)
    told = next((pool for pool in pools if len(pool) == 2), ()) if word == "both" else ()
    return told or (memory.about if len(memory.about) > 1 else memory.listed)


def named_before(sentence: Sentence, span: range) -> tuple[str, ...]:
    """'Sgen 65 may go up again, release it': what a pronoun in a stretch means when only that was named before it, else ()."""
    pointer = next((i for i in span if sentence.tokens[i].word in ("it", "them") and not _is_dummy(sentence, i)), None)
    if pointer is None:
        return ()
    names = tuple(dict.fromkeys(n for m in sentence.mentions if m.end <= pointer for n in m.elements))
    known = all(m.elements for m in sentence.mentions if m.end <= pointer)
    return names if known and (sentence.tokens[pointer].word == "them" or len(names) == 1) else ()


def named_out(sentence: Sentence, memory: Memory, registry: Registry) -> Sentence:
    """The sentence with the name in place of the word that points back to one: 'how loaded is it' as a question about that line."""
    names = None if sentence.mentions else referred(sentence, range(len(sentence.tokens)), memory, registry)
    if not names or names[0] in PLACEHOLDERS:
        return sentence
    pointing = next((t for i, t in enumerate(sentence.tokens) if t.word in (_ONE | _MANY) and not _is_dummy(sentence, i)), None)
    start, end = (pointing.start, pointing.end) if pointing else (len(sentence.text), len(sentence.text))
    return read(f"{sentence.text[:start]} {names[0]} {sentence.text[end:]}", registry)


def _ranked(sentence: Sentence, span: range, memory: Memory, registry: Registry) -> tuple[str, ...] | None:
    """'the second one', 'the 3rd line', 'the worst one', 'the last one' of the list that was shown."""
    for i in span:
        if i >= len(sentence.tokens):
            break
        token = sentence.tokens[i]
        if token.word == "other" and i + 1 < len(sentence.tokens) and (others := _other(sentence, i, memory, registry)) is not None:
            return others
        rank = ordinal(token) or (1 if token.word in _FIRST else -1 if token.word in _LAST else None)
        if token.word == "most" and i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].word in ("loaded", "critical", "heavily"):
            rank = 1
        if rank is None:
            continue
        told = memory.listed or memory.spoken
        kind = next((k for k in sentence.kinds if i < k.start <= i + 3), None)
        pointing = any(t.word in ("one", "of") for t in sentence.tokens[i + 1 : i + 4]) or (kind is not None and ordinal(token) is not None)
        pool = _of_kind(told, kind, registry) if kind else told
        if pointing and (rank == -1 or rank <= len(pool)) and pool:
            return (pool[rank - 1 if rank > 0 else -1],)
        if pointing:
            return ()
    return None


def _other(sentence: Sentence, i: int, memory: Memory, registry: Registry) -> tuple[str, ...] | None:
    """'The other one', 'the other line': of the two that were told, the one that was not spoken of last."""
    kind = next((k for k in sentence.kinds if k.start == i + 1 and not k.plural), None)
    if kind is None and sentence.tokens[i + 1].word != "one":
        return None
    pool = _of_kind(memory.listed, kind, registry) if kind else memory.listed
    left = tuple(n for n in pool if n not in memory.about)
    return left if len(pool) == 2 and len(left) == 1 else ()


def _of_kind(names: tuple[str, ...], kind: KindWord, registry: Registry) -> tuple[str, ...]:
    return tuple(n for n in names if n in PLACEHOLDERS or any(e.kind in kind.kinds for e in registry.exact(n)))


def _single(names: tuple[str, ...]) -> tuple[str, ...]:
    return names if len(names) == 1 else ()


def _is_same(sentence: Sentence, i: int) -> bool:
    """'If same is opened': Indian English for 'it'."""
    return sentence.tokens[i].word == "same" and _is_switched(sentence, i)


def _is_switched(sentence: Sentence, i: int) -> bool:
    """'That is opened', 'it gets tripped': what is switched is an element."""
    passive = i + 2 < len(sentence.tokens) and sentence.tokens[i + 1].word in _PASSIVE and sentence.tokens[i + 2].form != "base"
    return passive and any(h.start == i + 2 and h.concept in _SWITCHING for h in sentence.hits)


def _is_dummy(sentence: Sentence, i: int) -> bool:
    """'Is it safe', 'does it hurt', 'that is', 'if this happens', 'that situation': a pronoun that points to no element."""
    if _is_switched(sentence, i):
        return False
    if i + 1 < len(sentence.tokens) and sentence.tokens[i + 1].lemma in _SITUATIONS:
        return True
    before = sentence.tokens[i - 1].word if i else ""
    after = sentence.tokens[i + 1].word if i + 1 < len(sentence.tokens) else ""
    return (before in _JUDGING and after in _JUDGED) or (after in _NOT_POINTING and before in ("", "if", "and", ","))
