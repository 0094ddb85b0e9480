"""What the web faces need of the application. `agent.app.App` is one; the tests' double is another."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from agent.answer import Answer
from agent.identity import Identity
from guardrails.acknowledgements import Acknowledgement
from guardrails.people import Person
from guardrails.proposal_search import Listing, Wanted
from guardrails.proposals import Choice, Proposal

Event = dict[str, JsonValue]


class WebSettings(Protocol):
    """Where to listen, where to write, and how long a login lasts."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def data_dir(self) -> Path: ...
    @property
    def session_hours(self) -> float: ...


class Core(Protocol):
    """Thread-safe; every method may block, so the faces call it from worker threads."""

    @property
    def settings(self) -> WebSettings: ...
    @property
    def identity(self) -> Identity: ...
    @property
    def secret(self) -> str: ...

    def ask(
        self, question: str, *, session: str, person: Person, on_event: Callable[[Event], None], cancelled: Callable[[], bool]
    ) -> Answer: ...
    def proposals(self, person: Person, status: str | None = None) -> list[Proposal]: ...
    def proposal_page(self, person: Person, wanted: Wanted, limit: int, offset: int = 0) -> Listing: ...
    def proposal(self, proposal_id: int, person: Person) -> Proposal: ...
    def decide(
        self, proposal_id: int, person: Person, decision: Choice, *, verdict_hash: str, reason: str, typed_name: str = ""
    ) -> Proposal: ...
    def withdraw(self, proposal_id: int, person: Person) -> Proposal: ...

    def acknowledge(self, key: str, person: Person, note: str = "") -> Acknowledgement: ...

    def proposals_version(self) -> str:
        """Cheap; changes whenever any proposal does."""
        ...

    def health(self) -> dict[str, JsonValue]: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
