"""`aeip eval knowledge [SET…]`: words only, meaning only and both, side by side; counts, never a threshold."""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from evals.knowledge.measured import Judged, counted, judged
from evals.knowledge.question import Question, load_questions, sets
from evals.knowledge.ways import ways
from knowledge.index.search import Search

_WIDTH = 24


def run(args: list[str]) -> int:
    """Entry point of the suite; `args` is the rest of the command line. Raises InvalidScenario for a set that cannot be read."""
    try:
        wanted = _parser().parse_args(args)
    except SystemExit as end:
        return int(end.code or 0)
    chosen = {name: load_questions(name) for name in wanted.set or sets()}
    with tempfile.TemporaryDirectory(prefix="aeip-eval-") as work:
        searches = ways(wanted.folder or Path(work))
        found = {name: _measured(name, questions, searches, wanted) for name, questions in chosen.items()}
    if wanted.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="aeip eval knowledge", description="Does a question find its passages, and only then an answer?")
    parser.add_argument("set", nargs="*", help="sets of questions, by name or file; all when left out")
    parser.add_argument("--folder", type=Path, help="where vectors and index are kept for the next time; nowhere when left out")
    parser.add_argument("--tags", action="store_true", help="what the product does, by tag")
    parser.add_argument("--wrong", action="store_true", help="show what the product gets wrong (not for a set that is only counted)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout and nothing else")
    return parser


def _measured(name: str, questions: Sequence[Question], searches: Mapping[str, Search], wanted: argparse.Namespace) -> dict[str, JsonValue]:
    today = datetime.now(UTC).date()
    answers = {way: judged(questions, search, today) for way, search in searches.items()}
    found: dict[str, JsonValue] = {way: counted(one) for way, one in answers.items()}
    if wanted.tags:
        found["by_tag"] = _by_tag(answers["fused"])
    if not wanted.json:
        _show(name, found)
        for one in answers["fused"] if wanted.wrong else ():
            _tell(one)
    return found


def _by_tag(answers: Sequence[Judged]) -> dict[str, JsonValue]:
    tags = sorted({tag for one in answers for tag in one.question.tags})
    return {tag: counted([one for one in answers if tag in one.question.tags]) for tag in tags}


def _show(name: str, found: Mapping[str, JsonValue]) -> None:
    columns = {key: shares for key, shares in found.items() if key != "by_tag"}
    print(f"{name:{_WIDTH}}" + "".join(f"{way:>10}" for way in columns))
    for figure in counted([]):
        print(f"  {figure:{_WIDTH - 2}}" + "".join(f"{_told(shares, figure):>10}" for shares in columns.values()))
    tags = found.get("by_tag")
    for tag, shares in tags.items() if isinstance(tags, dict) else ():
        print(f"  {tag:{_WIDTH - 2}}" + "  ".join(f"{figure} {_told(shares, figure)}" for figure in ("questions", "recall_at_5", "mrr")))


def _told(shares: JsonValue, figure: str) -> str:
    value = shares.get(figure) if isinstance(shares, dict) else None
    return "-" if value is None else f"{value}"


def _tell(one: Judged) -> None:
    if one.right:
        return
    wanted = " and ".join(" or ".join(group) for group in one.question.wanted) or "nothing"
    found = f"{'' if one.found.known else 'NOTHING, near: '}{one.ids}"
    print(f"\n[{one.question.id}] {one.question.question}\n  wanted {wanted}\n  found  {found}")
