"""What do grid codes, equipment guides, procedures and documents that users added say?"""

import re
from datetime import date

from pydantic import Field

from knowledge.clauses import load_clauses
from knowledge.found import Difference, Found, Hit
from tools.context import StudyContext
from tools.knowledge_result import DifferenceRow, KnowledgeResult, PassageRow
from tools.result import Args

_PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)]|\|)\s)")
_BARE = re.compile(r"(?:at (?:most|least) )?[-\d.]+(?: to [-\d.]+)?")
_SYMBOLS = {"celsius": "°C", "percent": "%", "hz": "Hz", "hz_per_s": "Hz/s", "kv": "kV", "mw": "MW", "k": "K", "hours": "h"}
_LONGEST = 500  # characters of a question; a longer one is a document
_NOTHING_HERE = "no knowledge base is open here; `aeip knowledge list` shows what a running one holds."


class KnowledgeArgs(Args):
    query: str = Field(min_length=1, max_length=_LONGEST, description="the question as the person put it, with what it is about")
    document: str | None = Field(default=None, description="only this standard or document, e.g. SO GL; none: all")
    jurisdiction: str | None = Field(default=None, description="only what holds there, e.g. GB, Ireland, Nordic; none: everywhere")
    on: date | None = Field(default=None, description="as it was in force on this day; none: today")
    top: int = Field(default=3, ge=1, le=10, description="how many passages at most")


def run(args: KnowledgeArgs, ctx: StudyContext) -> KnowledgeResult:
    """The passages that answer, best first, each with the sentences to quote."""
    if ctx.knowledge is None:
        return KnowledgeResult(query=args.query, known=False, reason=_NOTHING_HERE, total=0)
    found = ctx.knowledge.search(args.query, document=args.document, jurisdiction=args.jurisdiction, on=args.on, top=args.top)
    if not found.known:
        nearest = tuple(dict.fromkeys(_cited(hit) for hit in found.hits))
        return KnowledgeResult(query=args.query, known=False, nearest=nearest, reason=found.reason, total=found.total)
    return KnowledgeResult(
        query=args.query,
        known=True,
        passages=tuple(_row(hit) for hit in found.hits),
        reason=found.reason,
        differences=tuple(_difference(d, found) for d in found.differences),
        total=found.total,
    )


def _row(hit: Hit) -> PassageRow:
    """Every text on one line, the passage with a line for each of its paragraphs; nothing in it can be read as anything but text."""
    told = hit.passage.model_dump(exclude={"tags", "facts", "suspicious", "text"})
    plain = {key: _plain(value) if isinstance(value, str) else value for key, value in told.items()}
    paragraphs = (_plain(part) for part in _PARAGRAPH.split(hit.passage.text))
    text = "\n".join(part for part in paragraphs if part)
    return PassageRow.model_validate({**plain, "quote": _plain(hit.quote), "text": text, "suspicious": bool(hit.passage.suspicious)})


def _plain(text: str) -> str:
    """On one line, without signs that show nothing, and without the brackets by which answers point to numbers."""
    line = " ".join(text.split()).replace("⟦", "[").replace("⟧", "]")
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)


def _cited(hit: Hit) -> str:
    return _row(hit).cited


def _difference(difference: Difference, found: Found) -> DifferenceRow:
    """'voltage: 0.90 to 1.118 pu (Continental Europe; Annex II), 0.90 to 1.10 pu (Great Britain; Annex II).'"""
    valued = [(area, _with_unit(value, difference.unit), passage) for area, value, passage in difference.values]
    told = [f"{value} ({'; '.join(part for part in (area, _where(passage, found)) if part)})" for area, value, passage in valued]
    return DifferenceRow(
        quantity=difference.quantity,
        unit=difference.unit,
        values=tuple(f"{area}: {value}" if area else value for area, value, _ in valued),
        passages=tuple(passage for _, _, passage in difference.values),
        sentence=f"{difference.quantity}: {', '.join(told)}.",
    )


def _with_unit(value: str, unit: str) -> str:
    """'0.90 to 1.10 pu', 'at most 120 °C'; a value in words already says its units."""
    return f"{value} {_SYMBOLS.get(unit, unit)}" if _BARE.fullmatch(value) else value


def _where(passage: str, found: Found) -> str:
    """Document and clause of a passage that was found, or of one that ships."""
    hit = next((h.passage for h in found.hits if h.passage.id == passage), None)
    if hit is not None:
        return ", ".join(part for part in (hit.document, hit.clause) if part)
    stored = load_clauses().get(passage)
    return stored.citation if stored else ""
