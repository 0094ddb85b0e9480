"""What became of a file that somebody wanted to add?"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["pdf", "word", "html", "markdown", "text"]


class Document(BaseModel):
    """One stored document. Its title, name and path are its author's words: data."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1, description="first 16 hex of the SHA-256 of the file's content")
    name: str = Field(min_length=1, description="file name")
    path: str = Field(description="where it was read from; a file there with other content replaces it")
    copies: tuple[str, ...] = Field(default=(), description="other files of the same content; it is searched once")
    title: str
    kind: Kind
    pages: int | None = Field(description="None where the format has none")
    words: int
    passages: int
    suspicious: int = Field(description="passages with sentences that read like instructions to an assistant")
    notes: tuple[str, ...] = Field(default=(), description="what the reader noticed")
    added_at: datetime
    reader: int = Field(description="version of reading and splitting; what an older one read is read again when it is added again")


class Outcome(BaseModel):
    """`refused` leaves what was stored before as it was. `sentence`: what was asked, what was found and, refused, what would work."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    status: Literal["added", "replaced", "unchanged", "duplicate", "refused", "left out"]
    sentence: str
    document: Document | None = None
    elapsed_s: float = 0.0
