"""Does a text conceal something from whoever reads it? Letters without a shape, look-alikes of another script, encoded runs."""

import base64
import binascii
import re
import unicodedata

_LAID_OUT = "\n\r\t\f\v\u00ad"  # breaks, and the soft hyphen that typesetting leaves behind
_BLANK = "\u115f\u1160\u3164\uffa0"  # letters that look like nothing
_RUN = re.compile(r"[A-Za-z0-9+/_-]{48,}={0,2}")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]+")


def conceals(text: str) -> bool:
    """One such thing is enough: none belongs into the text of a procedure."""
    return (
        any(_unseen(character) for character in text)
        or any(_of_two_scripts(word) for word in text.split())
        or any(_encoded(run) for run in _RUN.findall(text))
    )


def _unseen(character: str) -> bool:
    """Characters that control or format, tags, variation selectors but that of an emoji, and blank letters."""
    if (character.isprintable() and character.isascii()) or character in _LAID_OUT:
        return False
    code = ord(character)
    return unicodedata.category(character) in ("Cc", "Cf") or 0xFE00 <= code <= 0xFE0E or 0xE0000 <= code <= 0xE01EF or character in _BLANK


def _of_two_scripts(word: str) -> bool:
    """Latin and Cyrillic letters in one word; Greek ones are units and symbols (µA, ΔU)."""
    if word.isascii():
        return False
    return any("a" <= c.lower() <= "z" for c in word) and any("\u0400" <= c <= "\u04ff" for c in word)


def _encoded(run: str) -> bool:
    """A long run that no word is: of all kinds of characters, or hexadecimal, or text once it is decoded."""
    if all(any(test(c) for c in run) for test in (str.islower, str.isupper, str.isdigit)) or _HEXADECIMAL.fullmatch(run):
        return True
    try:
        return base64.b64decode(run + "=" * (-len(run) % 4)).decode("ascii").isprintable()
    except (binascii.Error, ValueError):
        return False
