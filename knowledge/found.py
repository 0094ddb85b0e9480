"""What does a search answer? Passages with the sentences to quote, or that nothing stored answers the question."""

from datetime import date
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from knowledge.passage import Passage


class Hit(BaseModel):
    """One passage that answers, best first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    passage: Passage
    quote: str = Field(description="at most two sentences of the passage, word for word")
    score: float = Field(description="fused rank score; comparable within one search only")
    by: Literal["clause", "words"] = Field(description="`clause`: the clause that was named; `words`: words and meaning")


class Difference(BaseModel):
    """One quantity that stored clauses put differently, each with its own area, edition or document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quantity: str
    unit: str
    values: tuple[tuple[str, str, str], ...] = Field(description="area, range or value as text, id of the passage")


class Found(BaseModel):
    """`known` false: nothing stored answers; `hits` then hold the nearest, which are not to be quoted as the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    known: bool
    hits: tuple[Hit, ...]
    differences: tuple[Difference, ...] = ()
    reason: str = Field(default="", description="why not known: what was looked for and what would work")
    total: int = Field(description="passages that were searched, after the filters")


class Searchable(Protocol):
    """What a study may ask of the knowledge base."""

    def search(
        self, query: str, *, document: str | None = None, jurisdiction: str | None = None, on: date | None = None, top: int = 5
    ) -> Found:
        """The passages that answer, at most `top`, of clauses valid on the day `on` (today where None). An odd query is no error."""
        ...
