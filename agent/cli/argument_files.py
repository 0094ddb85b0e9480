"""Which arguments name a file on the person's side? A study reads no files; it gets their text."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import JsonValue

from grid_models.errors import AeipError

_MARK = "@"  # before any file's name, as curl has it
_ENDING = ".csv"
_MOST_BYTES = 20_000_000  # twenty times a year of quarters of an hour


def with_texts(args: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Each value that ends in .csv or begins with @ becomes the text of that file. Raises AeipError."""
    return {name: _text(name, value) if isinstance(value, str) and _is_file(value) else value for name, value in args.items()}


def _is_file(value: str) -> bool:
    return value.startswith(_MARK) or ("\n" not in value and value.lower().endswith(_ENDING))


def _text(name: str, value: str) -> str:
    path = Path(value.removeprefix(_MARK))
    try:
        if (size := path.stat().st_size) > _MOST_BYTES:
            raise AeipError(f"The file '{path}' for '{name}' has {size / 1e6:.0f} MB; up to {_MOST_BYTES / 1e6:.0f} MB work.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise AeipError(f"The file '{path}' for '{name}' cannot be read ({error.strerror}); the path of a text file works.") from error
    except ValueError as error:  # no UTF-8, or a name that no file can have
        raise AeipError(f"The file '{path}' for '{name}' is no text in UTF-8; a CSV file saved as UTF-8 works.") from error
    if "\0" in text:
        raise AeipError(f"The file '{path}' for '{name}' is no text; a CSV file saved as UTF-8 works.")
    return text
