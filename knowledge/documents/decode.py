"""In which encoding is a text written? As it declares, else UTF-8, else the likeliest, which is then said."""

import codecs
import re

from knowledge.errors import UnreadableDocument

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w.:-]{3,40})""", re.IGNORECASE)
_LOST = "\N{REPLACEMENT CHARACTER}"
_SAMPLE = 200_000  # bytes that the guess looks at


def decoded(data: bytes, *, declares: bool = False) -> tuple[str, tuple[str, ...]]:
    """The text, and a note where its encoding was guessed. `declares`: the first bytes may name it (HTML). Raises UnreadableDocument."""
    for encoding in (_marked(data), _declared(data) if declares else None, "utf-8"):
        if encoding and (text := _attempt(data, encoding)) is not None:
            return text, ()
    if (text := _mended(data)) is not None:
        return text, (f"It has letters that are broken: {text.count(_LOST)}, shown as {_LOST}; a fresh copy in UTF-8 would work.",)
    from charset_normalizer import from_bytes  # seldom needed

    guess = from_bytes(data[:_SAMPLE]).best()
    encoding = guess.encoding if guess else ""
    text = _attempt(data, encoding) if encoding else None
    if text is None or _binary(text):
        raise UnreadableDocument("it is neither UTF-8 nor text in an encoding that can be recognised; saved as UTF-8 it would work")
    return text, (f"It is not UTF-8; read as {encoding}, the likeliest: look whether its letters are right.",)


def _mended(data: bytes) -> str | None:
    """UTF-8 with some broken letters: most of what is no ASCII in it is whole."""
    text = data.decode("utf-8", "replace")
    lost = text.count(_LOST)
    whole = sum(not c.isascii() for c in text) - lost
    return None if whole <= lost or _binary(text) else text


def _marked(data: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(data[:4096])
    return found[1].decode("ascii") if found else None


def _attempt(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        return None
    return None if "\0" in text else text


def _binary(text: str) -> bool:
    """More than a stray control character."""
    return sum(ord(c) < 32 and c not in "\t\n\r\f\x0b\x1b" for c in text) > len(text) / 1_000
