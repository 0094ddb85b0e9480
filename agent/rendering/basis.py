"""What an answer rests on, in one short paragraph: each saying word for word, so that its numbers keep their source."""

from collections.abc import Iterable


def said(words: str, sayings: Iterable[str]) -> list[str]:
    """'Assumed: a; b.' Each saying once; whole sentences keep their full stop. Nothing where there is none."""
    kept = list(dict.fromkeys(s for s in sayings if s))
    joined = " ".join(s if s.endswith(".") else f"{s};" for s in kept)
    return [f"{words}: {f'{joined[:-1]}.' if joined.endswith(';') else joined}"] if kept else []


def paragraph(sentences: list[str]) -> list[str]:
    """One paragraph of them; nothing where there is none."""
    return [f"What this rests on: {' '.join(sentences)}"] if sentences else []
