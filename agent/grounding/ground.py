"""Every number of an answer is linked to the fact that supports it; the others are named."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from agent.answer import Call, Evidence
from agent.grounding.claims import Claim, find_claims
from agent.grounding.facts import Fact, element_names, facts_of_turn
from agent.grounding.markers import resolve
from agent.grounding.masks import clause_spans, plain_spans, quotable, quoted_spans
from agent.grounding.match import has_value, supported_by
from agent.grounding.names import NameIndex, Span, covered, index_of
from agent.grounding.question import asked_for, said_in_words


class Grounded(BaseModel):
    """The text a person may see, what supports its numbers, and the numbers nothing supports."""

    model_config = ConfigDict(frozen=True)

    answer: str
    evidence: tuple[Evidence, ...] = ()
    unsupported_numbers: tuple[str, ...] = ()


class _Sources:
    """What may support a number in this turn."""

    def __init__(self, calls: Sequence[Call], question: str, names: Sequence[str]) -> None:
        self.names = index_of((*names, *sorted(element_names(calls).difference(names))))
        self.facts: list[Fact] = facts_of_turn(calls, self.names)
        self.quotable = {sentence for call in calls for sentence in quotable(call)}
        self.question = list(_claims(question, self.names))
        self.asked = question
        self.said = [
            (claim, self.names.elements_in(sentence))
            for sentence in sorted(self.quotable)
            if sentence.count(" ") > 1
            for claim in _claims(sentence, self.names)
            if not has_value(claim, self.facts)  # where a fact holds the number, the fact decides what may be said of it
        ]


def ground(text: str, calls: Sequence[Call], question: str, names: Sequence[str]) -> Grounded:
    """Resolve the markers, then find for every other number a fact of equal value, unit, subject and field.

    `names` are the grid's element names. Numbers of the person's own question are supported by "question"; what is
    repeated word for word from a result needs no evidence.
    """
    resolved = resolve(text, calls)
    sources = _Sources(calls, question, names)
    evidence, unsupported = list(resolved.evidence), list(resolved.unsupported)
    quoted = covered(len(resolved.text), quoted_spans(resolved.text, sources.quotable))
    clauses = [span for span in clause_spans(resolved.text) if not any(quoted[slice(*span)])]
    unsupported += [reference for span in clauses if not _cited(reference := resolved.text[slice(*span)], sources)]
    for claim in _claims(resolved.text, sources.names, (*resolved.spans, *clauses)):
        proof = supported_by(claim, sources.facts) or asked_for(claim, sources.question, sources.facts)
        if proof:
            evidence.append(proof)
        elif not any(quoted[slice(*claim.numeral.span)]) and not said_in_words(claim, sources.said):
            unsupported.append(claim.numeral.text)
    return Grounded(answer=resolved.text, evidence=tuple(dict.fromkeys(evidence)), unsupported_numbers=tuple(unsupported))


def _claims(text: str, names: NameIndex, settled: Sequence[Span] = ()) -> list[Claim]:
    return list(find_claims(text, names.find(text), [*plain_spans(text), *settled]))


def _cited(reference: str, sources: _Sources) -> bool:
    """A clause may be named when a result or the person named it."""
    return any(reference.casefold() in text.casefold() for text in (*sources.quotable, sources.asked))
