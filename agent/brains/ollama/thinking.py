"""What a model thinks aloud is no answer: it is taken off before anybody reads it."""

import re

_WHOLE = re.compile(r"<(think|thinking|reasoning|thought)>.*?</\1>", re.DOTALL | re.IGNORECASE)
_ENDED = re.compile(r"^.*?</(?:think|thinking|reasoning|thought)>", re.DOTALL | re.IGNORECASE)
_BEGUN = re.compile(r"<(?:think|thinking|reasoning|thought)>.*$", re.DOTALL | re.IGNORECASE)
_TOKENS = re.compile(r"<\|[^|<>]{1,40}\|>|</?s>")


def spoken(text: str) -> str:
    """The text without thoughts: closed ones, one whose beginning the template has eaten, and one that never ended."""
    for pattern in (_WHOLE, _ENDED, _BEGUN, _TOKENS):
        text = pattern.sub("", text)
    return text.strip()
