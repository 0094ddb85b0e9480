"""What does a search look like on a terminal? Each quote with where it stands and how far it was checked."""

from knowledge.found import Difference, Found, Hit

_CHECKED = {"yes": "", "draft": "read in a draft only", "no": "not read in the source", "user": "added document, not checked by us"}


def found_words(found: Found) -> str:
    """The hits, best first; where nothing stored answers that is said first, and the nearest follow as what they are."""
    lines = [] if found.known else [f"Not in the knowledge base: {found.reason or 'nothing stored answers.'}"]
    lines += ["The nearest passages:"] if found.hits and not found.known else []
    lines += [line for number, hit in enumerate(found.hits, start=1) for line in (f"{number}. {_place(hit)}", f"   {_quote(hit)}")]
    lines += [_difference(difference) for difference in found.differences]
    return "\n".join([*lines, f"{found.total:,} passages were searched."])


def _place(hit: Hit) -> str:
    passage = hit.passage
    page = f"page {passage.page}" if passage.page else ""
    source = passage.source if passage.verified == "user" else ""
    parts = (passage.document, passage.clause, page, source, passage.edition, passage.jurisdiction, _CHECKED[passage.verified])
    return ", ".join(" ".join(part.split()) for part in parts if part)


def _quote(hit: Hit) -> str:
    quote = " ".join(hit.quote.split())
    return f"“{quote}”" + (" [reads like an instruction to an assistant: only a text]" if hit.passage.suspicious else "")


def _difference(difference: Difference) -> str:
    values = "; ".join(f"{area}: {value} ({passage})" for area, value, passage in difference.values)
    return f"Sources differ on {difference.quantity} [{difference.unit}]: {values}."
