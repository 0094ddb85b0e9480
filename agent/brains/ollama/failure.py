"""Why a language model gave no usable answer, in words for the person who waits."""

from grid_models.errors import AeipError

_LONGEST = 160  # characters of what a server says


class ModelFailed(AeipError):
    """The model cannot finish this question. The text is the reason alone: it goes into brackets."""


def reason(error: Exception, model: str, url: str, chunk_s: float) -> str:
    """The reason behind an error of the client library; whatever a server does has one."""
    import httpx
    import ollama

    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol | ConnectionError):
        return f"no server is reachable at {url.partition('//')[2]}"
    if isinstance(error, httpx.TimeoutException):
        return f"nothing came for {chunk_s:g} s"
    if isinstance(error, ollama.ResponseError):
        return _told(error.status_code, error.error, model)
    if isinstance(error, httpx.HTTPError | httpx.StreamError):
        return "the connection broke off"
    return "the server sent what cannot be read"


def _told(status: int, words: str, model: str) -> str:
    words = " ".join(words.split())[:_LONGEST].rstrip(".")
    if status == 404:
        return f"the server does not have it; `ollama pull {model}` brings it"
    if "memory" in words.casefold():
        return f"the server is out of memory: {words}"
    return f"the server says: {words}" if words else f"the server answers with status {status}"
