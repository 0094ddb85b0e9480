"""What can names and typed words do to those who read them? Nothing: the invisible is marked, and nothing loads, runs or leads away.

Answers are markdown that we write around words which others wrote: names from grid files, reasons, file names, a pasted mail.
"""

import re

MARK = "\N{REPLACEMENT CHARACTER}"
_IMAGE = re.compile(r"!\[")
_LINK = re.compile(r"\](?=\((?!/[A-Za-z0-9]))")  # only paths of this host stay links
_LINK_ELSEWHERE = re.compile(r"\](?=\[|:)")  # [text][1] with [1]: target
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ADDRESS = re.compile(r"(?i)(?<=://)(?=\S)|(?<=\bwww\.)(?=\S)|(?<=\bmailto:)(?=\S)|(?<=\bjavascript:)(?=\S)")


def visible(text: str) -> str:
    """The text with every character that shows nothing, or steers the terminal or the direction of writing, replaced by a mark.

    Line breaks and tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(c if c in "\n\t" or c.isprintable() or c == "\N{NO-BREAK SPACE}" else MARK for c in text)


def harmless(markdown: str) -> str:
    """An answer in which only links to pages of this host are links: no image, no HTML, no address that a click would open."""
    text = _TAG.sub("‹", visible(markdown))
    text = _LINK_ELSEWHERE.sub("] ", _LINK.sub("] ", _IMAGE.sub("[", text)))
    return _ADDRESS.sub(" ", text)
