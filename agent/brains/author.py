"""Which brain made a message, and why it was not the one that was asked: kept with the message, so that no brain keeps state."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from langchain_core.messages import AIMessage, BaseMessage
from pydantic import TypeAdapter, ValidationError

KEY = "aeip_brain"  # in a message's additional_kwargs
REWRITE = "aeip_rewrite"  # in the additional_kwargs of an instruction to a language model to say its last text again


@dataclass(frozen=True)
class Author:
    """`note`: one sentence for the person where another brain stepped in. `strikes`: unusable replies of the turn so far.

    `seconds`: spent on the message. `free`: the text is a language model's own words, not those of results.
    """

    name: str
    note: str = ""
    strikes: int = 0
    seconds: float = 0.0
    free: bool = False


_AUTHOR = TypeAdapter(Author)


def author_of(message: BaseMessage) -> Author | None:
    """None for a message that no brain has signed: there is one brain only, then."""
    try:
        return _AUTHOR.validate_python(message.additional_kwargs.get(KEY))
    except ValidationError:
        return None


def signed(message: AIMessage, author: Author) -> AIMessage:
    """The same message with its author's name."""
    return message.model_copy(update={"additional_kwargs": {**message.additional_kwargs, KEY: asdict(author)}})


def last_author(messages: Iterable[BaseMessage]) -> Author | None:
    """Who made the last signed message of a turn."""
    return next((a for m in reversed(list(messages)) if isinstance(m, AIMessage) and (a := author_of(m)) is not None), None)
