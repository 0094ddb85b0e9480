"""Pictures and cards of past conversations: files in the data folder, given only to the person whose conversation it is."""

import hashlib
import sqlite3
from pathlib import Path
from typing import Annotated, Any

from chainlit.data.storage_clients.base import BaseStorageClient
from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from agent.web.door import Door, Visitor

_OWNED = """SELECT e."objectKey", e."mime" FROM elements e JOIN threads t ON t."id" = e."threadId"
            WHERE e."id" = ? AND t."userIdentifier" = ?"""


class HistoryFiles(BaseStorageClient):
    """Content by key. Keys hold names that people chose, so a file is called by the key's hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, object_key: str) -> Path:
        return self.folder / hashlib.sha256(object_key.encode()).hexdigest()

    async def upload_file(
        self,
        object_key: str,
        data: bytes | str,
        mime: str = "application/octet-stream",
        overwrite: bool = True,
        content_disposition: str | None = None,
    ) -> dict[str, Any]:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path(object_key).write_bytes(data.encode() if isinstance(data, str) else data)
        return {"object_key": object_key, "url": await self.get_read_url(object_key)}

    async def delete_file(self, object_key: str) -> bool:
        """Conversations stay, and so do their pictures."""
        return False

    async def get_read_url(self, object_key: str) -> str:
        """Chainlit's keys are user/element/name."""
        return f"/chat-files/{object_key.split('/')[1]}"

    async def close(self) -> None:
        return None


def file_routes(database: Path, files: HistoryFiles, door: Door) -> APIRouter:
    """/chat-files: one element's content."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/chat-files/{element_id}")
    def element(element_id: str, visitor: Annotated[Visitor, Depends(door.visitor)]) -> FileResponse:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)
        try:
            row = connection.execute(_OWNED, (element_id, visitor.person.name)).fetchone()
        finally:
            connection.close()
        if row is None or not row[0] or not files.path(row[0]).is_file():
            raise HTTPException(404, "There is no such picture in your conversations.")
        return FileResponse(files.path(row[0]), media_type=row[1] or "application/octet-stream")

    return routes
