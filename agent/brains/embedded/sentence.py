"""A question, read: its tokens with element names, kinds, quantities and concepts marked. Everything later works on this value."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from agent.brains.embedded.kinds import KindWord, Mention, kind_at
from agent.brains.embedded.mentions import Reader
from agent.brains.embedded.quantities import Quantity, quantities
from agent.brains.embedded.text import Token, prepared, tokenise
from agent.brains.embedded.vocabulary import vocabulary, word_class
from grid_models.twin.registry import Registry

_DOCUMENTS = word_class("sentence.documents")

_FIXED = (
    "power_flow",
    "voltage_levels",
    "unbuilt:",
    "knowledge:",
    "off_topic",
    "topology:",
    "method:",
    "live:",
    "thermal:",
    "cascade:",
    "frequency:",
)
_BESIDE_DATA = ("live:doubt", "live:age", "live:critical", "live:redundancy", "live:quality")  # mean nothing of their own without it
_DATA = ("live:measured", "live:data", "live:estimated", "live:estimate")
_QUOTES = ('"', "\u201c", "\u201d", "\u201e")
_TO_THE_QUOTE = 4  # tokens: 'the mail of today says: "'
_POSSESSIVE = frozenset({"its", "their", "the", "our"})
_ANY_PLANT = frozenset({"plant", "unit", "machine"})
_CLOSING_NOW = word_class("sentence.closing_now")


@dataclass(frozen=True)
class Hit:
    """A term of the lexicon in the sentence."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True)
class Sentence:
    text: str
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    kinds: tuple[KindWord, ...]
    hits: tuple[Hit, ...]

    @cached_property
    def concepts(self) -> frozenset[str]:
        return frozenset(h.concept for h in self.hits)

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(t.word for t in self.tokens)

    def has(self, *concepts: str) -> bool:
        return not self.concepts.isdisjoint(concepts)

    def mention_at(self, i: int) -> Mention | None:
        return next((m for m in self.mentions if m.start <= i < m.end), None)

    def bounds(self, i: int) -> tuple[int, int]:
        """First and one-past-last token of the sentence (between . ? and !) that token i stands in."""
        start = max((k + 1 for k in range(i) if self.tokens[k].ends_sentence), default=0)
        end = next((k for k in range(i, len(self.tokens)) if self.tokens[k].ends_sentence), len(self.tokens))
        return start, end

    def shape(self, start: int, end: int) -> str:
        """The words of a stretch with names written as M and quantities as Q: what grammar looks at."""
        parts: list[str] = []
        i = start
        while i < end:
            title = next((k for k in self.kinds if k.start == i and any(m.start == k.end for m in self.mentions)), None)
            if title:  # 'breaker HV1 Switch 55'
                i = title.end
                continue
            mention = self.mention_at(i)
            quantity = next((q for q in self.quantities if q.start == i and q.end <= end), None)
            parts.append("M" if mention else "Q" if quantity else self.tokens[i].word)
            i = mention.end if mention else quantity.end if quantity else i + 1
        return " ".join(parts)

    @cached_property
    def quoted(self) -> frozenset[int]:
        """Tokens of somebody else's words: between quotation marks, or after 'the note says'. They give no orders.

        A quoted text may hold quotation marks of its own: it goes on to the last of them. One told without them goes on to the end.
        """
        marks = [i for i, t in enumerate(self.tokens) if t.word in _QUOTES]
        told = next((i for i, t in enumerate(self.tokens) if t.lemma in _DOCUMENTS and self._tells(i + 1)), None)
        in_quotes = told is not None and any(told < mark <= told + _TO_THE_QUOTE for mark in marks)
        inside: set[int] = set()
        if in_quotes or any(self._is_speech(first, last) for first, last in zip(marks[::2], marks[1::2], strict=False)):
            inside = set(range(marks[0], marks[-1] + 1 if len(marks) > 1 else len(self.tokens)))
        return frozenset(inside if told is None or in_quotes else inside | set(range(told, len(self.tokens))))

    def _is_speech(self, first: int, last: int) -> bool:
        """Names alone are quoted by anybody; other words, or nothing, between two marks are a text."""
        stretch = range(first + 1, last)
        return not stretch or any(not self.mention_at(i) and self.tokens[i].word.isalpha() for i in stretch)

    def _tells(self, i: int) -> bool:
        return i < len(self.tokens) and self.tokens[i].lemma in (
            "say",
            "read",
            "state",
            "tell",
            ":",
            "order",
            "instruct",
            "write",
            "contain",
        )

    @property
    def asks(self) -> bool:
        return any(t.word == "?" for t in self.tokens)


def read(text: str, registry: Registry) -> Sentence:
    """Read a question against the names of a grid."""
    text = prepared(text)
    tokens = tokenise(text)
    mentions = Reader(registry, text, tokens).mentions()
    names = frozenset(m.start for m in mentions)
    taken = frozenset(i for m in mentions for i in range(m.start, m.end))
    kinds = tuple(k for i in range(len(tokens)) if i not in taken and (k := kind_at(tokens, i)))
    found = Sentence(
        text, tokens, mentions, quantities(tokens, taken), _outermost(kinds, tokens), _unhidden(tuple(_hits(tokens, taken, names)))
    )
    # what somebody else is quoted to say is about nothing we are asked; its verbs stay, as reports
    return replace(found, hits=tuple(h for h in found.hits if h.start not in found.quoted or h.concept.startswith("verb:")))


def _outermost(kinds: Iterable[KindWord], tokens: tuple[Token, ...]) -> tuple[KindWord, ...]:
    """'wind park' once, not 'park' a second time; of two side by side the head: 'line breakers' are breakers, 'shunt plant' is shunts."""
    kept: list[KindWord] = []
    for kind in kinds:
        if kept and kind.start < kept[-1].end:
            continue
        if kept and kind.start == kept[-1].end:
            before = kept.pop()
            kind = replace(before, end=kind.end, plural=kind.plural) if tokens[kind.start].lemma in _ANY_PLANT else kind
        kept.append(kind)
    return tuple(kept)


def _unhidden(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The 'load' of 'load flow' and the 'voltage' of 'voltage level' mean nothing of their own."""
    beside_data = any(h.concept in _DATA for h in hits)
    free = () if beside_data else _BESIDE_DATA  # 'does everything look right': 'look' is not the doubt in a meter
    fixed = [h for h in hits if h.end - h.start > 1 and h.concept.startswith(_FIXED) and h.concept not in free]
    return tuple(
        h
        for h in hits
        if h.concept.startswith("verb:")
        or not any(f.start <= h.start and h.end <= f.end and f.end - f.start > h.end - h.start for f in fixed)
    )


def _hits(tokens: tuple[Token, ...], taken: frozenset[int], names: frozenset[int]) -> Iterable[Hit]:
    """Every term found outside the names; a longer term hides a shorter one of the same concept."""
    index = vocabulary().by_first_word
    for i, token in enumerate(tokens):
        if i in taken:
            continue
        seen: set[str] = set()
        for term, concept in [*index.get(token.word, ()), *(index.get(token.lemma, ()) if token.lemma != token.word else ())]:
            end = i + len(term)
            if (
                concept == "topology:neighbours" and end in names and tokens[i - 1].word in _POSSESSIVE
            ):  # 'its neighbour line 29': that line
                continue
            if concept in seen or end > len(tokens) or _cuts_adverb(tokens, end):
                continue
            if all(w in (t.word, t.lemma) for w, t in zip(term, tokens[i:end], strict=True)):
                seen.add(concept)
                yield Hit(concept, i, end)


def _cuts_adverb(tokens: tuple[Token, ...], end: int) -> bool:
    """'Look right' is not in 'how does it look right now': there 'right' belongs to 'now'."""
    return end < len(tokens) and tokens[end].word in ("now", "away") and tokens[end - 1].word in _CLOSING_NOW
