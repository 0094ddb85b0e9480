"""What do some passages answer to a question? Named clauses first, then words and meaning; or that nothing stored answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from types import MappingProxyType
from typing import Literal

from knowledge.found import Found, Hit
from knowledge.index.answered import answers
from knowledge.index.asked import Asked, read_question
from knowledge.index.clauses_found import nearest, stored
from knowledge.index.differences import differences, quantities_of
from knowledge.index.filters import Filters
from knowledge.index.meaning import Meaning
from knowledge.index.narrowed import Beside, Narrowed, narrowed, not_stored
from knowledge.index.quoting import quote
from knowledge.index.ranked import Ranked, ranked
from knowledge.index.words import Words
from knowledge.passage import Passage
from knowledge.vectors import Progress, no_progress

_ALIKE: Mapping[int, float] = MappingProxyType({})
_JUDGED = 3  # places of the ranking among which an answer is looked for


class Search:
    """Answers from one fixed set of passages: the same question always gets the same answer. `by_words` false: by meaning only."""

    def __init__(self, passages: Sequence[Passage], meaning: Meaning | None = None, *, by_words: bool = True) -> None:
        self.passages, self.meaning, self._words_rank = tuple(passages), meaning, by_words

    @cached_property
    def words(self) -> Words:
        return Words(self.passages)

    @cached_property
    def filters(self) -> Filters:
        return Filters(self.passages)

    @cached_property
    def documents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(passage.document for passage in self.passages))

    def prepare(self, progress: Progress = no_progress) -> None:
        """Do now what a question would wait for, or would do without."""
        self.words.scores("")
        self.filters.places  # noqa: B018
        if self.meaning is not None:
            self.meaning.prepare(progress)

    def found(self, question: str, document: str | None, jurisdiction: str | None, on: date, top: int) -> Found:
        """As `Searchable.search`."""
        asked = read_question(question, self.documents)
        among = narrowed(self.passages, self.filters, asked, Beside(document, jurisdiction, on))
        if refusal := among.refusal or not_stored(self.filters, self.words, asked):
            return self._unknown(refusal, asked, among, self._nearest(asked, among.pool), top)
        if asked.references:
            return self._clauses(asked, among, top)
        if asked.concepts:
            return self._by_words(asked, among, top)
        if asked.documents or asked.areas or document is not None:
            return self._known(self._hits(among.inside[:top], "words", asked), asked, among)
        return self._unknown("Nothing is asked for; a topic, a clause or a document's name works.", asked, among, [], top)

    def _clauses(self, asked: Asked, among: Narrowed, top: int) -> Found:
        """The named clauses, those first that the other words fit best."""
        named = stored(asked.references, self.passages, among.inside)
        missing = " and ".join(reference.words for reference in named.missing or asked.references)
        documents = [*sorted(asked.documents), *(code.upper() for code in asked.codes)]
        of = f" of {' or '.join(documents)}" if documents else ""
        not_there = f"{missing}{of} is not in the knowledge base."
        if not named.at:
            close = nearest(asked.references, self.passages, among.inside, top) or nearest(asked.references, self.passages, among.pool, top)
            return self._unknown(not_there, asked, among, close or self._nearest(asked, among.pool), top)
        scores = self.words.scores(asked.words)
        order = sorted(named.at, key=lambda at: (-scores[at], at))
        reason = not_there if named.missing else ""
        if len(order) > top:
            reason = f"{reason} {len(order)} stored passages are meant; a document's name says which.".strip()
        return self._known(self._hits(order[:top], "clause", asked), asked, among, reason)

    def _by_words(self, asked: Asked, among: Narrowed, top: int) -> Found:
        """What answers before what is only near; unknown where nothing among the first places answers."""
        order = self._ranked(asked, among.inside)
        if not any(answers(one) for one in order[:_JUDGED]):
            where = f" in {' and '.join(sorted(asked.documents))}" if asked.documents else ""
            nearest_at = [one.at for one in order] or self._nearest(asked, among.pool)
            why = f"Nothing that is stored{where} answers this. {self._by_words_alone}".strip()
            return self._unknown(why, asked, among, nearest_at, top)
        first = sorted(order[:_JUDGED], key=lambda one: not answers(one))
        scores = {one.at: one.score for one in order}
        hits = self._answering([one.at for one in [*first, *order[_JUDGED:]]][:top], asked, scores)
        return self._known(hits, asked, among, self._by_words_alone)

    @property
    def _by_words_alone(self) -> str:
        silence = self.meaning.silence if self.meaning is not None else ""
        return f"Only words were compared: {silence}." if silence else ""

    def _ranked(self, asked: Asked, pool: Sequence[int]) -> list[Ranked]:
        return ranked(asked, pool, self.words, self.meaning, by_words=self._words_rank)

    def _nearest(self, asked: Asked, pool: Sequence[int]) -> list[int]:
        return [one.at for one in self._ranked(asked, pool)]

    def _hits(
        self, positions: Iterable[int], by: Literal["clause", "words"], asked: Asked, scores: Mapping[int, float] = _ALIKE
    ) -> list[Hit]:
        return [
            Hit(passage=self.passages[at], quote=quote(self.passages[at].text, asked.topic, self.words), score=scores.get(at, 1.0), by=by)
            for at in positions
        ]

    def _answering(self, positions: Sequence[int], asked: Asked, scores: Mapping[int, float]) -> list[Hit]:
        """The first of them is the answer: there the meaning chooses the sentence where words do not. Elsewhere it would take its time."""
        first, *rest = self._hits(positions, "words", asked, scores)
        if self.meaning is not None:
            told = quote(first.passage.text, asked.topic, self.words, partial(self.meaning.likeness, asked.whole))
            first = first.model_copy(update={"quote": told})
        return [first, *rest]

    def _known(self, hits: Sequence[Hit], asked: Asked, among: Narrowed, reason: str = "") -> Found:
        """With what other clauses say of the quantities of the passage quoted first."""
        if not hits:
            return self._unknown("Nothing that is stored fits these filters.", asked, among, [], 0)
        quantities = quantities_of(hits[0].passage, asked.words)
        others = differences(quantities, [self.passages[at] for at in among.pool if self.passages[at].facts], asked.areas)
        return Found(known=True, hits=tuple(hits), differences=others, reason=reason, total=len(among.inside))

    def _unknown(self, why: str, asked: Asked, among: Narrowed, positions: Sequence[int], top: int) -> Found:
        hits = self._hits(positions[:top], "words", asked)
        near = "; ".join(f"{hit.passage.document}, {hit.passage.clause}: {hit.passage.title}" for hit in hits[:2])
        reason = f"{why} The nearest: {near}." if near else why
        return Found(known=False, hits=tuple(hits), reason=reason, total=len(among.inside))
