"""What may a page load and run? One Content-Security-Policy for our pages, one for Chainlit's, one for stored content.

What Chainlit's page needs beyond ours was found by leaving it out in a browser:
* 'unsafe-eval': custom elements (our proposal card) are compiled in the page and do not appear without it; the rest works.
* inline style elements: its toasts and charts write some while they run; without them no chart appears. Style attributes need none.
* two fixed inline scripts: allowed by their hashes alone, so that a script smuggled into the page does not run.
"""

import base64
import hashlib
import re
from collections.abc import Iterable

_COMMON = (
    "default-src 'self'; script-src-attr 'none'; style-src-attr 'none'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self' data:; media-src 'none'; frame-src 'none'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_OURS = f"{_COMMON}; script-src 'self'; style-src 'self'"
_STORED = f"{_OURS}; sandbox"  # a conversation's content, opened as a page of its own, is a page without rights
_CHAT = re.compile(r"/chat(/|$)")
_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


class ContentPolicy:
    """`chat_page`: the chat's HTML, whose inline scripts are the only ones that may run there."""

    def __init__(self, chat_page: str = "") -> None:
        allowed = " ".join(["'self'", *script_hashes(chat_page), "'unsafe-eval'"])
        self._chat = f"{_COMMON}; script-src {allowed}; style-src 'self' 'unsafe-inline'"

    def of(self, path: str) -> str:
        """The header's value for an answer at this path."""
        if _CHAT.match(path):
            return self._chat
        return _STORED if path.startswith("/chat-files/") else _OURS


def script_hashes(page: str) -> Iterable[str]:
    """Sources, in quotes, that allow the inline scripts of a page and no others."""
    for script in _INLINE_SCRIPT.findall(page):
        yield f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
