"""What somebody asked of the approvals page in its address, and the addresses of the pages beside it."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from guardrails.proposal_search import Wanted
from guardrails.transitions import Status

PAGE = 30


class Asked(BaseModel):
    """The filter form. Every field may be left empty; `status` concerns decided proposals only, so that it never hides what waits."""

    model_config = ConfigDict(frozen=True)

    status: Status | Literal[""] = ""
    grid: str = Field(default="", max_length=200)
    person: str = Field(default="", max_length=200)
    text: str = Field(default="", max_length=200)
    page: int = Field(default=1, ge=1, le=10**6)

    @property
    def narrowed(self) -> bool:
        """Whether proposals may be left out of the list of waiting ones."""
        return bool(self.grid or self.person or self.text)

    def wanted(self, statuses: tuple[Status, ...]) -> Wanted:
        return Wanted(statuses=statuses, grid=self.grid, person=self.person, text=self.text)

    def address(self, page: int) -> str:
        """The same list at another page."""
        told = {name: value for name, value in self.model_dump(mode="json").items() if value != "" and name != "page"}
        return f"/approvals?{urlencode({**told, 'page': page})}"


@dataclass(frozen=True)
class Pager:
    """Which page of how many, and the addresses of those before (newer) and after (older)."""

    page: int
    pages: int
    newer: str | None
    older: str | None


def pager(asked: Asked, total: int) -> Pager:
    """A page beyond the last one is empty and leads back to the last one."""
    pages = max(-(-total // PAGE), 1)
    newer = asked.address(min(asked.page - 1, pages)) if asked.page > 1 else None
    return Pager(asked.page, pages, newer, asked.address(asked.page + 1) if asked.page < pages else None)
