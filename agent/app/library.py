"""What may be quoted? The passages that ship, and the documents that users added to the data folder."""

from agent.settings import Settings
from knowledge.documents.reading import Limits
from knowledge.documents.store import Store
from knowledge.library import Library


def documents_of(settings: Settings) -> Store:
    """The documents of the data folder, for every face and process."""
    limits = Limits(pages=settings.knowledge_pages, megabytes=settings.knowledge_megabytes)
    return Store(settings.data_dir / "knowledge" / "documents", limits)


def library_of(settings: Settings) -> Library:
    """What is added later is found by its next search."""
    return Library(settings.data_dir / "knowledge", added=documents_of(settings))
