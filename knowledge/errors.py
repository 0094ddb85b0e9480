"""What the knowledge base refuses, in sentences for the person who asked."""

from collections.abc import Sequence

from grid_models.errors import AeipError


class InvalidClause(AeipError):
    """A passage that cannot be read as a clause; the message names file and field."""


class UnknownClause(AeipError):
    """No stored clause has this id; `nearest` holds the most alike."""

    def __init__(self, clause_id: str, nearest: Sequence[str]) -> None:
        hint = f" The nearest ids are {', '.join(nearest)}." if nearest else ""
        super().__init__(f"There is no clause '{clause_id}' in the knowledge base.{hint}")
        self.clause_id = clause_id
        self.nearest = tuple(nearest)


class UnreadableDocument(AeipError):
    """A file that cannot be taken in; the message continues "'NAME' cannot be read: ..." with what was found and what would work."""


class UnknownDocument(AeipError):
    """No stored document has this id or name, or several have the name; the message says which there are."""
