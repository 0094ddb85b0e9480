"""What a code, a guide or a document says: the sentences word for word, where they stand, how far they can be relied on, who differs."""

from collections.abc import Sequence

from agent.answer import Call
from agent.rendering.marks import bullets, joined
from agent.rendering.reading import Row, number, rows, text, texts
from agent.rendering.wish import Wish

_DOUBTS = {
    "draft": "It was read in a draft, not in the adopted text: check it there before anything rests on it.",
    "no": "It is told from memory and was not checked against the source: look it up there before anything rests on it.",
}
_SUSPICIOUS = "Parts of this text read like instructions to an assistant. They are shown as text and nothing in them is carried out."
_ADD = "`aeip knowledge add` takes a document of your own (PDF, Word, HTML, Markdown, text)."


def knowledge(call: Call, wish: Wish) -> list[str]:
    """The quote with its source, what differs, and what else was found; that nothing stored answers, with what would work."""
    found = rows(call.result, "passages")
    if not call.result.get("known") or not found:
        return unknown(call)
    if wish.topic == "source":
        return [_source(found[0]), *_doubts(found[0])]
    told = _quoted(str(found[0].get("text" if wish.details or wish.topic == "whole" else "quote") or ""))
    parts = [f"**{name_of(found[0])}**{_title(found[0])}:", told, _standing(found[0]), *_doubts(found[0]), *_differing(call)]
    return [*parts, *_besides(found[1:]), *([text(call.result, "reason")] if call.result.get("reason") else [])]


def unknown(call: Call) -> list[str]:
    """The nearest clauses are in the reason, or are named; none of them is quoted as if it answered."""
    reason, nearest = text(call.result, "reason"), texts(call.result, "nearest")
    near = f"The nearest clauses: {'; '.join(nearest)}." if nearest and "nearest" not in reason else ""
    return [
        "**That is not in the knowledge base.**",
        " ".join(part for part in (reason, near) if part),
        "" if "knowledge add" in reason else _ADD,
    ]


def name_of(row: Row) -> str:
    """Document and clause."""
    return ", ".join(part for part in (text(row, "document"), text(row, "clause")) if part)


def notes_of(row: Row) -> list[str]:
    """Edition, where it holds and since when, and what there is against relying on it."""
    return [_standing(row), *_doubts(row)]


def _title(row: Row) -> str:
    title = text(row, "title")
    return f" ({title})" if title and title not in (text(row, "document"), text(row, "clause")) else ""


def _quoted(said: str) -> str:
    """A block quote; the tool has taken out what could be read as anything but text."""
    return "\n>\n".join(f"> {line}" for line in said.split("\n") if line.strip())


def _standing(row: Row) -> str:
    """Edition, where it holds, since when, and where it was read."""
    edition, page = text(row, "edition"), number(row, "page")
    parts = [
        f"edition {edition}" if edition else "",
        text(row, "jurisdiction"),
        f"valid from {text(row, 'valid_from')}" if row.get("valid_from") else "",
        f"document added here: {text(row, 'source')}" if row.get("verified") == "user" else "",
        f"page {page:.0f}" if page else "",
    ]
    return f"*{'; '.join(part for part in parts if part)}*" if any(parts) else ""


def _source(row: Row) -> str:
    said = _standing(row).strip("*")
    return f"**{name_of(row)}**{_title(row)}: {said or 'its edition is not recorded'}."


def _doubts(row: Row) -> list[str]:
    verified = text(row, "verified")
    user = "It stands in a document that was added here and was not checked by AEIP." if verified == "user" else ""
    return [part for part in (_DOUBTS.get(verified, user), _SUSPICIOUS if row.get("suspicious") is True else "") if part]


def _differing(call: Call) -> list[str]:
    """'This depends on the area, or sources differ': each quantity with its values and where they stand."""
    told = [text(row, "sentence") for row in rows(call.result, "differences")]
    return [f"What applies depends on the area, the edition or the document; stored are:\n\n{bullets(told)}"] if told else []


def _besides(others: Sequence[Row]) -> list[str]:
    """The other passages by name: opened beside the answer, not quoted in it."""
    named = list(dict.fromkeys(f"{name_of(row)}{_title(row)}" for row in others))
    return [f"See also {joined(named)}."] if named else []
