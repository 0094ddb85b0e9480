"""What an answer rests on, in one short paragraph: each saying word for word, so that its numbers keep their source."""

from collections.abc import Iterable


def said(words: str, sayings: Iterable[str]) -> list[str]:
    """'Assumed: a; b.' Each saying once; nothing where there is none."""
    kept = list(dict.fromkeys(s.rstrip(".") for s in sayings if s))
    return [f"{words}: {'; '.join(kept)}."] if kept else []


def paragraph(sentences: list[str]) -> list[str]:
    return [f"What this rests on: {' '.join(sentences)}"] if sentences else []
