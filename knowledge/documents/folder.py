"""Which files of a folder are documents? Those with a document's suffix; what leads out of the folder is left out, and said."""

import os
from collections.abc import Iterator
from pathlib import Path

from knowledge.documents.legible import legible_path
from knowledge.documents.outcome import Outcome
from knowledge.documents.reading import Limits

SUFFIXES = (
    ".pdf",
    ".docx",
    ".docm",
    ".doc",
    ".rtf",
    ".odt",
    ".html",
    ".htm",
    ".xhtml",
    ".md",
    ".markdown",
    ".mdown",
    ".txt",
    ".text",
    ".rst",
)


def documents_in(folder: Path, limits: Limits) -> tuple[tuple[Path, ...], tuple[Outcome, ...]]:
    """(files to add, by name; what is left out). Hidden files and folders are passed over in silence."""
    root = folder.resolve()
    files: list[Path] = []
    left_out: list[Outcome] = []
    for path in _walk(folder, left_out):
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            left_out.append(_left_out(path, "it is a link that leads out of the folder; the path of the file itself works"))
        elif path.suffix.lower() not in SUFFIXES:
            left_out.append(_left_out(path, "its name is none of a document; named itself, it is read as what its content says"))
        elif len(files) >= limits.files:
            left_out.append(_left_out(path, f"the limit is {limits.files:,} files at once; its own folder, added alone, works"))
        else:
            files.append(path)
    return tuple(files), tuple(left_out)


def _walk(folder: Path, left_out: list[Outcome]) -> Iterator[Path]:
    """Links to folders are not followed."""

    def unreadable(error: OSError) -> None:
        left_out.append(
            _left_out(Path(error.filename or folder), f"the folder cannot be read ({error.strerror}); with permission it would work")
        )

    for place, folders, names in os.walk(folder, onerror=unreadable, followlinks=False):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in links)
        yield from (Path(place) / name for name in sorted([*names, *links]) if not name.startswith("."))


def _left_out(path: Path, why: str) -> Outcome:
    named = Path(legible_path(path))
    return Outcome(path=str(named), status="left out", sentence=f"'{named.name}' was left out: {why}.")
