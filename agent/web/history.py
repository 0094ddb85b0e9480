"""Where conversations are kept: a SQLite file of their own, so that chatting never holds the ledger's lock."""

import json
import sqlite3
import uuid
from pathlib import Path
from typing import Any

from chainlit.data.sql_alchemy import SQLAlchemyDataLayer
from chainlit.types import ThreadDict
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import NullPool

from agent.web.history_files import HistoryFiles
from grid_models.errors import AeipError

_SCHEMA = Path(__file__).parent / "history_schema.sql"
_THREADS_SHOWN = 200


class HistoryUnreadable(AeipError):
    """The conversations cannot be opened."""


class HistoryKept(AeipError):
    """A conversation is part of the record and stays."""


def prepare_history(path: Path) -> None:
    """Make the file and its tables where they are missing. Raises HistoryUnreadable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(path, timeout=10) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
        connection.close()
    except (sqlite3.Error, OSError) as error:
        raise HistoryUnreadable(
            f"The conversations in {path} cannot be used: {error}. Move the file away; a new one is made then."
        ) from error


class History(SQLAlchemyDataLayer):
    """Chainlit's own layer with SQLite's gaps filled and two doors closed."""

    def __init__(self, path: Path, files: HistoryFiles) -> None:
        url = f"sqlite+aiosqlite:///{path}"
        super().__init__(url, storage_provider=files, user_thread_limit=_THREADS_SHOWN)
        self.engine = create_async_engine(url, poolclass=NullPool)  # a pooled connection belongs to the loop that opened it
        self.async_session = sessionmaker(bind=self.engine, expire_on_commit=False, class_=AsyncSession)  # type: ignore[call-overload]  # as Chainlit does

    async def execute_sql(self, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]] | int | None:
        """SQLite knows neither lists nor documents: they are stored as JSON."""
        plain = {key: json.dumps(value) if isinstance(value, list | dict) else value for key, value in parameters.items()}
        result: list[dict[str, Any]] | int | None = await super().execute_sql(query, plain)
        return result

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """With the elements' props as documents again."""
        thread = await super().get_thread(thread_id)
        for element in (thread and thread["elements"]) or ():
            props: object = element.get("props")
            if isinstance(props, str):
                element["props"] = json.loads(props)
        return thread

    async def update_thread(self, thread_id: str, *args: Any, **kwargs: Any) -> None:
        """The browser chooses the number and Chainlit later pastes it into SQL: only a real UUID gets in."""
        uuid.UUID(thread_id)
        await super().update_thread(thread_id, *args, **kwargs)

    async def delete_thread(self, thread_id: str) -> None:
        raise HistoryKept(f"The conversation {thread_id} is part of the record and is not deleted.")
