"""The host: chat, approvals, API and health in one FastAPI application."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles

from agent.web import chainlit_home, failures
from agent.web.api import api_routes
from agent.web.approvals import pages
from agent.web.chat_cookie import ChatCookie
from agent.web.core import Core
from agent.web.door import Door
from agent.web.fence import Fence
from agent.web.live import Live
from agent.web.serving import serve as _serve
from agent.web.sign_ins import SignIns
from grid_models.errors import AeipError


def create_host(core: Core) -> FastAPI:
    """The application for one core; `core.start` and `core.stop` are the server's business (see `serve`).

    Raises HistoryUnreadable. A process has one Chainlit: a second host takes the chat over from the first.
    """
    root = chainlit_home.prepare(core)
    live = Live(core.proposals_version)
    sign_ins = SignIns(core.identity, core.secret, core.settings.session_hours)
    door = Door(core.identity, core.secret, sign_ins)
    app = FastAPI(title="AEIP", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json", lifespan=_lifespan)
    app.state.live = live
    failures.install(app)
    app.include_router(_small_routes(core, root))
    app.include_router(api_routes(core, door, live))
    app.include_router(pages(core, door))
    _add_chat(app, core, door, live, sign_ins)
    app.mount("/public", StaticFiles(directory=root / "public"))
    app.mount("/chat", chainlit_home.chainlit_app(core))
    app.add_middleware(ChatCookie, sign_ins=sign_ins)
    app.add_middleware(Fence, chat_page=chainlit_home.chat_page())  # the last one is the outermost
    return app


def serve(core: Core) -> None:
    """Start the plant's owner and serve until stopped. Raises AeipError: port in use, plant owned elsewhere, data unreadable."""
    _serve(core, create_host)


def _add_chat(app: FastAPI, core: Core, door: Door, live: Live, sign_ins: SignIns) -> None:
    """These import chainlit, which must find its home prepared."""
    from agent.web.chat import Chat
    from agent.web.history import History, prepare_history
    from agent.web.history_files import HistoryFiles, file_routes
    from agent.web.notices import Notices

    folder = core.settings.data_dir.resolve()
    database, files = folder / "conversations.db", HistoryFiles(folder / "conversation-files")
    prepare_history(database)
    notices = Notices(core, live)
    Chat(core, notices, History(database, files), sign_ins).register()
    app.include_router(file_routes(database, files, door))
    app.state.notices = notices


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(app.state.live.watch()), asyncio.create_task(app.state.notices.run())]
    try:
        yield
    finally:
        app.state.live.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _small_routes(core: Core, root: Path) -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def home() -> RedirectResponse:
        return RedirectResponse("/chat/")

    @routes.get("/favicon.ico")
    def favicon() -> FileResponse:
        return FileResponse(root / "public" / "favicon.svg")

    @routes.get("/healthz")
    def health() -> JSONResponse:
        """200 while the host answers and its core is well, 503 otherwise."""
        try:
            found = core.health()
        except AeipError as error:
            return JSONResponse({"status": "failing", "error": str(error)}, status_code=503)
        return JSONResponse(found, status_code=200 if found.get("status", "ok") == "ok" else 503)

    return routes
