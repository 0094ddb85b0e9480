"""How is Markdown read? Its headings divide it; listings and tables stay lines; marks of emphasis and addresses of links are left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.documents.decode import decoded
from knowledge.documents.reading import Block, Limits, Progress, Reading, unwatched

_ATX = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_SETEXT = re.compile(r" {0,3}(=+|-{2,})\s*$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[*+-]|\d{1,3}[.)])\s+")
_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?)?\s*$|\s*(?:(?:\*\s*){3,}|(?:_\s*){3,}|(?:-\s*){3,})$")
_QUOTED = re.compile(r"\s*>\s?")
_MARKS = ((re.compile(r"!?\[([^\]\n]*)\]\([^()\n]*\)"), r"\1"), (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
          (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"), (re.compile(r"`([^`\n]+)`"), r"\1"))  # fmt: skip
_FRONT = re.compile(r"---\s*\n(.*?\n)---\s*\n", re.DOTALL)
_TITLE = re.compile(r"(?m)^title:\s*(.+?)\s*$")


@dataclass
class _Page:
    """What is being read: `held` are the lines of the paragraph at hand."""

    blocks: list[Block] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    fence: str = ""

    def flush(self, level: int | None = None) -> None:
        text = "\n".join(self.held) if self.fence or any(_is_row(line) for line in self.held) else " ".join(self.held)
        if text.strip():
            self.blocks.append(Block(text if self.fence else _unmarked(text), level))
        self.held.clear()


def read_markdown(data: bytes, limits: Limits, progress: Progress = unwatched) -> Reading:
    """Raises UnreadableDocument."""
    text, notes = decoded(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    page = _Page()
    for line in text[front.end() if front else 0 :].split("\n"):
        _read_line(page, line)
    page.flush()
    named = _TITLE.search(front[1]) if front else None
    title = named[1].strip("\"'") if named else next((block.text for block in page.blocks if block.level is not None), "")
    facts = _TITLE.sub("", front[1]).strip() if front else ""
    head = (Block(facts),) if facts else ()
    return Reading((*head, *page.blocks), title=title, notes=notes)


def _read_line(page: _Page, line: str) -> None:
    if page.fence or _FENCE.match(line):
        _read_listing(page, line)
    elif heading := _ATX.match(line):
        page.flush()
        page.held.append(heading[2])
        page.flush(len(heading[1]))
    elif _SETEXT.match(line) and len(page.held) == 1 and not _is_row(page.held[0]):
        page.flush(1 if "=" in line else 2)
    elif not line.strip() or _RULE.match(line):
        if not (page.held and _is_row(page.held[-1]) and line.strip()):  # the rule below a table's first row
            page.flush()
    else:
        if _ITEM.match(line):
            page.flush()
        page.held.append(_QUOTED.sub("", line, count=1).strip() if _QUOTED.match(line) else line.strip())


def _read_listing(page: _Page, line: str) -> None:
    """Lines between fences are kept as they are."""
    if not page.fence:
        page.flush()
        page.fence = _FENCE.match(line)[1]  # type: ignore[index]  # the caller saw it match
    elif line.strip().startswith(page.fence) and not line.strip().strip(page.fence[0]):
        page.flush()
        page.fence = ""
    else:
        page.held.append(line.rstrip())


def _is_row(line: str) -> bool:
    return line.startswith("|")


def _unmarked(text: str) -> str:
    for pattern, kept in _MARKS:
        text = pattern.sub(kept, text)
    return "\n".join(" | ".join(cells(line)) if _is_row(line) else line for line in text.split("\n"))


def cells(row: str) -> Iterator[str]:
    return (cell.strip() for cell in row.strip().strip("|").split("|"))
