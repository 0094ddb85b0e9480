"""The knowledge base of a data folder, one for a process: settings in, something to search and somewhere to add documents out."""

from functools import lru_cache
from pathlib import Path

from agent.settings import Settings
from knowledge.documents.reading import Limits
from knowledge.documents.store import Store
from knowledge.library import Library


def library(settings: Settings) -> Library:
    """Shared by everybody who has the same data folder and server; nothing is read before it is asked."""
    return _shared(_folder(settings), settings.chroma_url)


def documents(settings: Settings) -> Store:
    """What users added to the library; the next search finds a change, in whichever process it was made."""
    return Store(_folder(settings) / "documents", Limits(pages=settings.knowledge_pages, megabytes=settings.knowledge_megabytes))


def _folder(settings: Settings) -> Path:
    return settings.data_dir.resolve() / "knowledge"


@lru_cache(maxsize=8)
def _shared(folder: Path, server: str) -> Library:
    return Library(folder, server=server or None, added=Store(folder / "documents"))
