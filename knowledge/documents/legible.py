"""How does an odd name or text become one that can be stored? Bytes that are no Unicode are told as such; zeros go."""

from pathlib import Path


def legible_text(text: str) -> str:
    """Halves of characters, which broken fonts give, become question marks."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")


def legible_path(path: Path) -> str:
    """Two paths stay two."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
