"""Shares and confusions of judged answers, as JSON and as text."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from evals.understanding.judge import Judged


def counted(judged: Sequence[Judged]) -> dict[str, JsonValue]:
    """Shares of right tools and of wholly right answers, in all and by tag; confusions as wanted → found → count."""
    by_tag: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        for tag in one.question.tags:
            by_tag[tag].append(one)
    confused = Counter((one.wanted_name, one.found_name) for one in judged if not one.tool)
    return {
        **_shares(judged),
        "by_tag": {tag: _shares(found) for tag, found in sorted(by_tag.items())},
        "confusions": [{"wanted": w, "found": f, "count": n} for (w, f), n in confused.most_common()],
    }


def _shares(judged: Sequence[Judged]) -> dict[str, JsonValue]:
    total = len(judged)
    tools, args = sum(one.tool for one in judged), sum(one.args for one in judged)
    return {"questions": total, "tool_percent": _percent(tools, total), "args_percent": _percent(args, total)}


def _percent(part: int, whole: int) -> float | None:
    return round(100.0 * part / whole, 1) if whole else None


def lines(name: str, found: dict[str, JsonValue]) -> Iterator[str]:
    """The same for people."""
    yield f"{name}: {found['questions']} questions, right tool {found['tool_percent']} %, all of it right {found['args_percent']} %"
    tags = found["by_tag"]
    assert isinstance(tags, dict)
    for tag, shares in tags.items():
        assert isinstance(shares, dict)
        yield f"  {tag:14} {shares['questions']:>4}  {shares['tool_percent']:>5} %  {shares['args_percent']:>5} %"
    confusions = found["confusions"]
    assert isinstance(confusions, list)
    for row in confusions:
        assert isinstance(row, dict)
        yield f"  wanted {row['wanted']}, found {row['found']}: {row['count']}"
