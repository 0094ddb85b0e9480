"""Conversations: kept in their own file, given to their author only, and never deleted."""

import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from agent.web.chainlit_home import prepare

SignIn = Callable[[str], TestClient]


@pytest.fixture
def history(core: Any, tmp_path: Path) -> Any:
    """A fresh file of conversations."""
    prepare(core)
    from agent.web.history import History, prepare_history
    from agent.web.history_files import HistoryFiles

    prepare_history(tmp_path / "conversations.db")
    return History(tmp_path / "conversations.db", HistoryFiles(tmp_path / "files"))


async def conversation_of(history: Any, name: str) -> str:
    """A stored thread of this person; returns its number."""
    import chainlit as cl

    user = await history.create_user(cl.User(identifier=name, metadata={"role": "operator"}))
    thread_id = str(uuid.uuid4())
    await history.update_thread(thread_id, name="a question", user_id=user.id, tags=["one", "two"], metadata={"grid": "case14"})
    return thread_id


async def test_a_conversation_is_found_again_by_its_author(history: Any) -> None:
    """With the tags that plain Chainlit cannot store in SQLite."""
    from chainlit.types import Pagination, ThreadFilter

    thread_id = await conversation_of(history, "olga")
    await conversation_of(history, "sven")
    user = await history.get_user("olga")
    found = await history.list_threads(Pagination(first=10), ThreadFilter(userId=user.id))
    assert [t["id"] for t in found.data] == [thread_id]
    assert await history.get_thread_author(thread_id) == "olga"


async def test_conversations_are_not_deleted(history: Any) -> None:
    thread_id = await conversation_of(history, "olga")
    with pytest.raises(Exception, match="part of the record"):
        await history.delete_thread(thread_id)
    assert await history.get_thread(thread_id) is not None


@pytest.mark.parametrize("thread_id", ["x') UNION SELECT 1 --", "", "../x"])
async def test_only_real_numbers_name_a_conversation(history: Any, thread_id: str) -> None:
    """Chainlit pastes the number into SQL later; what the browser sends is not pasted."""
    with pytest.raises(ValueError, match="badly formed"):
        await history.update_thread(thread_id, name="evil")


async def test_card_properties_come_back_as_documents(history: Any) -> None:
    """A resumed conversation gets its cards with properties it can read."""
    thread_id = await conversation_of(history, "olga")
    query = (
        'INSERT INTO elements ("id", "threadId", "type", "name", "display", "props") VALUES (:id, :thread, :type, :name, :display, :props)'
    )
    values = {"id": "e1", "thread": thread_id, "type": "custom", "name": "ProposalCard", "display": "inline", "props": {"id": 7}}
    await history.execute_sql(query, values)
    thread = await history.get_thread(thread_id)
    assert thread["elements"][0]["props"] == {"id": 7}


def test_a_damaged_file_is_explained(core: Any, tmp_path: Path) -> None:
    """One sentence that says what would work."""
    prepare(core)
    from agent.web.history import HistoryUnreadable, prepare_history

    path = tmp_path / "conversations.db"
    path.write_bytes(b"this is no database at all, but long enough to be read as one" * 20)
    with pytest.raises(HistoryUnreadable, match=r"cannot be used: .* Move the file away"):
        prepare_history(path)


async def test_pictures_are_given_to_their_author_only(core: Any, host: FastAPI, sign_in: SignIn) -> None:
    """And as the type they were stored with."""
    from agent.web.history_files import HistoryFiles

    folder = core.settings.data_dir.resolve()
    element, thread = str(uuid.uuid4()), str(uuid.uuid4())
    key = f"user-1/{element}/../../etc/passwd"
    stored = await HistoryFiles(folder / "conversation-files").upload_file(key, '{"data": []}', "application/json")
    assert stored["url"] == f"/chat-files/{element}"
    with sqlite3.connect(folder / "conversations.db") as connection:
        connection.execute('INSERT INTO threads ("id", "userIdentifier") VALUES (?, \'olga\')', (thread,))
        row = (element, thread, key, "application/json")
        connection.execute('INSERT INTO elements ("id", "threadId", "objectKey", "mime") VALUES (?, ?, ?, ?)', row)
    connection.close()
    response = sign_in("olga").get(f"/chat-files/{element}")
    assert (response.status_code, response.json()) == (200, {"data": []})
    assert response.headers["content-type"] == "application/json"
    assert sign_in("sven").get(f"/chat-files/{element}").status_code == 404
    assert sign_in("olga").get("/chat-files/another").status_code == 404
