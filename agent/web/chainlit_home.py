"""A home for Chainlit in the data folder: its root is copied there, its environment set, and its page freed of outside links.

Everything here must happen before the first import of chainlit, which is why the imports are inside the functions.
"""

import importlib.util
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from agent.identity import derive_key
from agent.web.core import Core
from agent.web.sign_ins import COOKIE, COOKIE_KEY

_PACKAGED = Path(__file__).parent / "chainlit_root"
_LABELS = Path(__file__).parent / "labels.json"
_LANGUAGE = "en-US"
_OUTSIDE_LINK = re.compile(r"<link\b[^>]*https?://[^>]*>")
# Start integrations that call out when another application on this machine left its keys in the environment.
_UNWANTED = ("LITERAL_API_KEY", "SLACK_BOT_TOKEN", "SLACK_WEBSOCKET_TOKEN", "DISCORD_BOT_TOKEN", "TEAMS_APP_ID", "DATABASE_URL")


def prepare(core: Core) -> Path:
    """Copy the packaged root, write our labels and set the environment. Returns the root."""
    root = core.settings.data_dir.resolve() / "chainlit"
    _copy(_PACKAGED, root)
    _write_labels(root / ".chainlit" / "translations" / f"{_LANGUAGE}.json")
    for name in _UNWANTED:
        os.environ.pop(name, None)
    os.environ["CHAINLIT_APP_ROOT"] = str(root)
    os.environ["CHAINLIT_ROOT_PATH"] = "/chat"
    os.environ["CHAINLIT_AUTH_COOKIE_NAME"] = COOKIE
    os.environ["CHAINLIT_AUTH_SECRET"] = derive_key(core.secret, COOKIE_KEY)
    return root


def chainlit_app(core: Core) -> ASGIApp:
    """Chainlit's application, to be mounted at /chat: without its lifespan, and without `mount_chainlit`'s noisy middleware."""
    import chainlit.server as server
    from chainlit.config import config

    config.project.user_session_timeout = int(core.settings.session_hours * 3600)
    if not getattr(server.get_html_template, "without_links", False):
        server.get_html_template = _without_outside_links(server.get_html_template)
    app: ASGIApp = server.app
    return app


def chat_page() -> str:
    """The chat's HTML as it will be served, once `chainlit_app` was made."""
    import chainlit.server as server

    return str(server.get_html_template("/chat"))  # type: ignore[no-untyped-call]


def _without_outside_links(template: Any) -> Any:
    """Drops the preconnects and the render-blocking KaTeX stylesheet, which no setting removes."""

    def page(root_path: str) -> str:
        return _OUTSIDE_LINK.sub("", template(root_path))

    page.without_links = True  # type: ignore[attr-defined]  # marks the page, so that a second host does not wrap it again
    return page


def _copy(source: Path, target: Path) -> None:
    """File by file and without permissions: an installed package may be read-only, the copy must not be."""
    for path in source.rglob("*"):
        if path.is_file():
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


def _write_labels(place: Path) -> None:
    """Chainlit's own labels with ours on top, so that a newer Chainlit never lacks one."""
    package = importlib.util.find_spec("chainlit")
    assert package is not None
    assert package.origin is not None
    theirs = json.loads((Path(package.origin).parent / "translations" / f"{_LANGUAGE}.json").read_text(encoding="utf-8"))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(_merged(theirs, json.loads(_LABELS.read_text(encoding="utf-8"))), indent=1), encoding="utf-8")


def _merged(base: Any, top: Any) -> Any:
    if not (isinstance(base, dict) and isinstance(top, dict)):
        return top
    return {**base, **{key: _merged(base.get(key), value) for key, value in top.items()}}
