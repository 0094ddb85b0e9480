"""What may support a text: the calls of this turn, those of earlier ones, and what the person said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.answer import Call, Evidence
from agent.grounding.claims import Claim, find_claims
from agent.grounding.facts import Fact, element_names, facts_of_turn
from agent.grounding.masks import plain_spans, quotable, words_of
from agent.grounding.match import has_value, supported_by
from agent.grounding.name_shapes import shaped
from agent.grounding.names import NameIndex, Span, covered, index_of
from agent.grounding.passages import is_search, passage_sentences
from agent.grounding.question import asked_for, said_in_words


@dataclass(frozen=True)
class Background:
    """What supports an answer besides the calls and the question of its turn.

    `earlier`: calls of earlier turns on the same grid; `said`: what the person said then, and names offered to choose from;
    `citable`: clauses that the results stand on; `aliases`: other spellings of names, with the names.
    """

    earlier: tuple[Call, ...] = ()
    said: tuple[str, ...] = ()
    citable: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()


class Sources:
    """Worked out when a claim asks for it: markers need none of it."""

    def __init__(self, calls: Sequence[Call], question: str, names: Sequence[str], background: Background) -> None:
        self.calls, self.asked, self.background = calls, question, background
        self.registered = tuple(names)
        self._found = element_names(self._all)
        self.names = index_of((*names, *sorted(self._found.difference(names))), background.aliases)

    @property
    def _all(self) -> tuple[Call, ...]:
        return (*self.calls, *self.background.earlier)

    @cached_property
    def facts(self) -> list[Fact]:
        return facts_of_turn(self.calls, self.names)

    @cached_property
    def earlier_facts(self) -> list[Fact]:
        return facts_of_turn(self.background.earlier, self.names)

    @cached_property
    def question(self) -> list[Claim]:
        return claims_of(self.asked, self.names)

    @cached_property
    def quotable(self) -> set[str]:
        return {sentence for call in self._all if not is_search(call) for sentence in quotable(call)} - self._found

    @cached_property
    def said(self) -> list[tuple[Claim, frozenset[str]]]:
        """Numbers that only a sentence of a result holds; where a fact holds the number, the fact decides what may be said of it."""
        sentences = [s for s in sorted(self.quotable) if s.count(" ") > 1]
        found = [(claim, self.names.elements_in(s)) for s in sentences for claim in claims_of(s, self.names)]
        return [(claim, about) for claim, about in found if not has_value(claim, self.facts)]

    @cached_property
    def read(self) -> list[tuple[Claim, frozenset[str]]]:
        """Numbers that a passage of the knowledge base holds: they may be told of rules, never of an element of the grid."""
        sentences = {sentence for call in self._all if is_search(call) for sentence in passage_sentences(call)}
        return [(claim, frozenset()) for sentence in sorted(sentences) for claim in claims_of(sentence, self.names)]

    @cached_property
    def persons_words(self) -> tuple[str, ...]:
        return (self.asked, *self.background.said)

    @cached_property
    def elements(self) -> frozenset[str]:
        """Elements that a result names, or the person did."""
        return self.names.elements_in(" | ".join((*self.persons_words, *(text for call in self._all for text in words_of(call)))))

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """Texts that may name a clause."""
        return (*self.background.citable, *self.persons_words, *(text for call in self._all for text in words_of(call)))

    def evidence(self, claim: Claim) -> Evidence | None:
        """This turn's results first, then the question."""
        return supported_by(claim, self.facts) or asked_for(claim, self.question, self.facts)

    def earlier_evidence(self, claim: Claim) -> Evidence | None:
        """Results of earlier turns."""
        return supported_by(claim, self.earlier_facts)

    def in_words(self, claim: Claim) -> bool:
        """Whether a sentence of a result holds the number, or it is what an area is called."""
        called = claim.unit is None and "area" in claim.words and claim.numeral.text in self._labels
        return called or said_in_words(claim, self.said) or (not claim.subjects and said_in_words(claim, self.read))

    @cached_property
    def _labels(self) -> set[str]:
        return {text for call in self._all for text in words_of(call) if text.isdigit()}

    def unheard_names(self, text: str) -> list[Span]:
        """Names of the grid that neither a result nor the person named."""
        return [m.span for m in self.names.find(text) if not m.elements & self.elements]

    def invented_names(self, text: str) -> list[Span]:
        """What is written like a name of the grid but is none, unless the person wrote it."""
        taken = covered(len(text), (m.span for m in self.names.find(text)))
        return [s for s in shaped(text, self.registered) if not any(taken[slice(*s)]) and not self._said(text[slice(*s)])]

    def _said(self, words: str) -> bool:
        return any(words.casefold() in said.casefold() for said in self.persons_words)


def claims_of(text: str, names: NameIndex, settled: Iterable[Span] = (), *, in_words: bool = True) -> list[Claim]:
    """Every number of the text that claims something; `settled` stretches claim nothing more."""
    return list(find_claims(text, names.find(text), [*plain_spans(text), *settled], in_words=in_words))
