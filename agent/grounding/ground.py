"""Every number of an answer is linked to the fact that supports it; the others are named."""

import re
from collections.abc import Sequence
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from agent.answer import Call, Evidence
from agent.grounding.claims import Claim, find_claims
from agent.grounding.facts import Fact, element_names, facts_of_turn
from agent.grounding.markers import resolve
from agent.grounding.masks import clause_spans, plain_spans, quotable, quoted_spans
from agent.grounding.match import has_value, supported_by
from agent.grounding.names import NameIndex, Span, covered, index_of
from agent.grounding.question import asked_for, said_in_words

_IN_QUOTES = re.compile(r"'([^'⟦]{3,})'")  # what the person wrote, quoted: "There is no element 'line 77-78'"


class Grounded(BaseModel):
    """The text a person may see, what supports its numbers, and the numbers nothing supports."""

    model_config = ConfigDict(frozen=True)

    answer: str
    evidence: tuple[Evidence, ...] = ()
    unsupported_numbers: tuple[str, ...] = ()


class _Sources:
    """What may support a number in this turn. Worked out when a number asks for it: markers need none of it."""

    def __init__(self, calls: Sequence[Call], question: str, names: Sequence[str]) -> None:
        self.calls, self.asked = calls, question
        self._found = element_names(calls)
        self.names = index_of((*names, *sorted(self._found.difference(names))))

    @cached_property
    def facts(self) -> list[Fact]:
        return facts_of_turn(self.calls, self.names)

    @cached_property
    def question(self) -> list[Claim]:
        return _claims(self.asked, self.names)

    @cached_property
    def quotable(self) -> set[str]:
        return {sentence for call in self.calls for sentence in quotable(call)} - self._found

    @cached_property
    def said(self) -> list[tuple[Claim, frozenset[str]]]:
        """Numbers that only a sentence of a result holds; where a fact holds the number, the fact decides what may be said of it."""
        sentences = [s for s in sorted(self.quotable) if s.count(" ") > 1]
        found = [(claim, self.names.elements_in(s)) for s in sentences for claim in _claims(s, self.names)]
        return [(claim, about) for claim, about in found if not has_value(claim, self.facts)]

    def evidence(self, claim: Claim) -> Evidence | None:
        return supported_by(claim, self.facts) or asked_for(claim, self.question, self.facts)

    def cites(self, reference: str) -> bool:
        """A clause may be named when a result or the person named it."""
        return any(reference.casefold() in text.casefold() for text in (*self.quotable, self.asked))


def ground(text: str, calls: Sequence[Call], question: str, names: Sequence[str]) -> Grounded:
    """Resolve the markers, then find for every other number a fact of equal value, unit, subject and field.

    `names` are the grid's element names. Numbers of the person's own question are supported by "question"; what is
    repeated word for word from a result needs no evidence.
    """
    resolved = resolve(text, calls)
    sources = _Sources(calls, question, names)
    clauses = clause_spans(resolved.text)
    open_claims: list[tuple[Span, str]] = [(c, ref) for c in clauses if not sources.cites(ref := resolved.text[slice(*c)])]
    evidence = list(resolved.evidence)
    for claim in _claims(resolved.text, sources.names, (*resolved.spans, *clauses)):
        proof = sources.evidence(claim)
        if proof:
            evidence.append(proof)
        elif not said_in_words(claim, sources.said):
            open_claims.append((claim.numeral.span, claim.numeral.text))
    unsupported = (*resolved.unsupported, *_not_quoted(resolved.text, open_claims, sources))
    return Grounded(answer=resolved.text, evidence=tuple(dict.fromkeys(evidence)), unsupported_numbers=unsupported)


def _not_quoted(text: str, claims: Sequence[tuple[Span, str]], sources: _Sources) -> list[str]:
    """Those that stand in no sentence repeated word for word from a result, nor in quotation marks from the person's own."""
    if not claims:
        return []
    own = {phrase for phrase in _IN_QUOTES.findall(text) if phrase.casefold() in sources.asked.casefold()}
    quoted = covered(len(text), quoted_spans(text, sources.quotable | own))
    return [said for span, said in claims if not any(quoted[slice(*span)])]


def _claims(text: str, names: NameIndex, settled: Sequence[Span] = ()) -> list[Claim]:
    return list(find_claims(text, names.find(text), [*plain_spans(text), *settled]))
