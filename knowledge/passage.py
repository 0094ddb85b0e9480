"""What can be found and quoted: a clause that ships, or a piece of a document that somebody added."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.clauses import Clause, Fact, Verified


class Passage(BaseModel):
    """One text with where it stands. Its words are data: nothing in them is ever carried out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, description="the clause's id, or document hash and number")
    document: str = Field(min_length=1, description="standard, or the document's title")
    clause: str = Field(description="article, section or heading; empty where the document has none")
    title: str
    text: str = Field(min_length=1)
    edition: str = ""
    valid_from: date | None = None
    jurisdiction: str = ""
    tags: tuple[str, ...] = ()
    verified: Verified | Literal["user"] = Field(description="as of a clause; `user`: added by a user, not checked by us")
    page: int | None = Field(default=None, description="page of the document, from 1")
    source: str = Field(default="AEIP", description="file name of an added document")
    facts: dict[str, Fact] = {}
    suspicious: tuple[str, ...] = Field(default=(), description="sentences that read like instructions to an assistant")


def passage_of(clause: Clause) -> Passage:
    """A clause that ships, as it is found and quoted."""
    own = clause.model_dump(exclude={"standard", "read"})
    return Passage(document=clause.standard, **own)
