"""Every number, name and clause of an answer is linked to what supports it; the others are named."""

import re
from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from agent.answer import Call, DoubtKind, Evidence, Unsupported
from agent.grounding.claims import Claim
from agent.grounding.clauses import clause_spans, unsupported_clauses
from agent.grounding.markers import NO_VALUE, resolve
from agent.grounding.masks import quoted_spans
from agent.grounding.names import Span, covered, short_names
from agent.grounding.passages import passage_spans
from agent.grounding.sources import Background, Sources, claims_of
from agent.grounding.verdicts import contradicted

_IN_QUOTES = re.compile(r"'([^'⟦]{3,})'")  # what the person wrote, quoted: "There is no element 'line 77-78'"


class Doubt(Unsupported):
    """Where in the answer it stands, too."""

    span: Span


class Grounded(BaseModel):
    """The text with its markers resolved, what supports its numbers, and what nothing supports."""

    model_config = ConfigDict(frozen=True)

    answer: str
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def unsupported_numbers(self) -> tuple[str, ...]:
        """Numbers as they were written; markers without a value among them."""
        return tuple(d.text for d in self.doubts if d.kind is DoubtKind.NUMBER)


def ground(
    text: str,
    calls: Sequence[Call],
    question: str,
    names: Sequence[str],
    background: Background | None = None,
    *,
    free: bool = False,
) -> Grounded:
    """Resolve the markers, then find for every other number a fact of equal value, unit, subject and field, and for every name a mention.

    `names` are the grid's element names. Numbers of the person's own question are supported by "question"; what is
    repeated word for word from a result needs no evidence. `free`: a language model's text, whose words without numbers are looked at, too.
    """
    return ground_on(text, Sources(calls, question, names, background or Background()), free=free)


def ground_on(text: str, sources: Sources, *, free: bool = False) -> Grounded:
    """As `ground`, for several texts on the same sources."""
    calls = sources.calls
    resolved = resolve(text, calls)
    evidence, doubts = list(resolved.evidence), list(_without_value(resolved.text, resolved.unsupported))
    unknown = [*_references(resolved.text, sources), *_names(resolved.text, sources, resolved.spans, free=free)]
    quoted = passage_spans(resolved.text, (*calls, *sources.background.earlier), marked=free)
    settled = [*resolved.spans, *clause_spans(resolved.text), *quoted, *(d.span for d in unknown)]
    unsaid: dict[Span, Claim] = {}
    for claim in claims_of(resolved.text, sources.names, settled, in_words=free):
        proof = sources.evidence(claim) or (sources.earlier_evidence(claim) if free else None)
        if proof:
            evidence.append(proof)
        elif not sources.in_words(claim):
            unsaid[claim.numeral.span] = claim
    for doubt in _not_quoted(resolved.text, [_number(resolved.text, span) for span in unsaid], sources):
        # our own text is written from this turn: an earlier number that happens to be equal is the last to support it
        earlier = sources.earlier_evidence(unsaid[doubt.span])
        evidence += [earlier] if earlier else []
        unknown += [] if earlier else [doubt]
    if free:
        unknown += (_doubt(DoubtKind.VERDICT, resolved.text, s) for s in contradicted(resolved.text, calls, sources.background.earlier))
    inside = covered(len(resolved.text), quoted)
    doubts += [d for d in _not_quoted(resolved.text, unknown, sources) if not all(inside[slice(*d.span)])]
    return Grounded(answer=resolved.text, evidence=tuple(dict.fromkeys(evidence)), doubts=tuple(sorted(doubts, key=lambda d: d.span)))


def _without_value(text: str, markers: Sequence[str]) -> Iterator[Doubt]:
    """Markers that lead to no number, where the text now says so."""
    at = 0
    for marker in markers:
        at = text.find(NO_VALUE, at)
        yield Doubt(kind=DoubtKind.NUMBER, text=marker, span=(at, at + len(NO_VALUE)))
        at += len(NO_VALUE)


def _references(text: str, sources: Sources) -> Iterator[Doubt]:
    return (_doubt(DoubtKind.CLAUSE, text, span) for span in unsupported_clauses(text, sources.clauses))


def _names(text: str, sources: Sources, values: Sequence[Span], *, free: bool) -> Iterator[Doubt]:
    """Our own sentences name elements of the grid, as examples or to choose from; a language model has them from results or the person."""
    resolved = covered(len(text), values)
    found = sorted([*sources.invented_names(text), *(sources.unheard_names(text) if free else ())])
    return (_doubt(DoubtKind.NAME, text, span) for span in found if not any(resolved[slice(*span)]))


def _number(text: str, span: Span) -> Doubt:
    """A number without support; behind a kind of element, "line 999", it is a name that does not exist."""
    named = any(short == span for short, _ in short_names(text))
    return _doubt(DoubtKind.NAME if named else DoubtKind.NUMBER, text, span)


def _doubt(kind: DoubtKind, text: str, span: Span) -> Doubt:
    return Doubt(kind=kind, text=text[slice(*span)], span=span)


def _not_quoted(text: str, doubts: Sequence[Doubt], sources: Sources) -> list[Doubt]:
    """Those that stand in no sentence repeated word for word from a result, nor in quotation marks from the person's own."""
    if not doubts:
        return []
    own = {phrase for phrase in _IN_QUOTES.findall(text) if phrase.casefold() in sources.asked.casefold()}
    quoted = covered(len(text), quoted_spans(text, sources.quotable | own))
    return [doubt for doubt in doubts if not all(quoted[slice(*doubt.span)])]
