"""What is on an Ollama server? Its version, its models, and which of them can call tools. For `aeip doctor`; nothing is loaded."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from grid_models.errors import AeipError

_PATIENCE_S = 2.0
_MOST_MODELS = 30


class ServerUnreachable(AeipError):
    """Nothing that speaks Ollama's protocol answers there."""


@dataclass(frozen=True)
class Model:
    name: str
    tools: bool

    @property
    def words(self) -> str:
        return f"{self.name} ({'tools' if self.tools else 'no tools'})"


@dataclass(frozen=True)
class Server:
    version: str
    models: tuple[Model, ...]

    def model(self, name: str) -> Model | None:
        """By the name as it is asked for; without a tag the latest is meant."""
        wanted = {name, f"{name}:latest"}
        return next((m for m in self.models if m.name in wanted), None)


def look(url: str) -> Server:
    """Raises ServerUnreachable with the address."""
    try:
        version = str(_get(url, "/api/version")["version"])
        names = [str(row["name"]) for row in _get(url, "/api/tags").get("models", [])][:_MOST_MODELS]
        return Server(version, tuple(Model(name, _has_tools(url, name)) for name in names))
    except (URLError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ServerUnreachable(f"no Ollama server is reachable at {url.partition('//')[2]}") from error


def _has_tools(url: str, name: str) -> bool:
    try:
        return "tools" in (_get(url, "/api/show", {"model": name}).get("capabilities") or ())
    except HTTPError:
        return False  # a model that cannot be shown cannot be used


def _get(url: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    """Proxies of the environment are left aside: the server is at hand."""
    data = json.dumps(body).encode() if body else None
    request = Request(f"{url.rstrip('/')}{path}", data=data, headers={"Content-Type": "application/json"})
    with build_opener(ProxyHandler({})).open(request, timeout=_PATIENCE_S) as response:
        return dict(json.loads(response.read()))
