"""`aeip eval understanding [SET…]`: counts, never a threshold; what must hold is asserted by the tests of this folder."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from agent.app import App
from evals.doubles.fresh_app import fresh_app
from evals.understanding.asked import asked
from evals.understanding.judge import Judged
from evals.understanding.perturbed import perturbed
from evals.understanding.question import Question, load_questions, sets
from evals.understanding.repeated import differing
from evals.understanding.report import counted, lines
from evals.understanding.speed import understanding_ms


def run(args: list[str]) -> int:
    """Entry point of the suite; `args` is the rest of the command line. Raises InvalidScenario for a set that cannot be read."""
    try:
        wanted = _parser().parse_args(args)
    except SystemExit as end:
        return int(end.code or 0)
    chosen = {name: _kept(load_questions(name), wanted.tag) for name in wanted.set or sets()}
    with tempfile.TemporaryDirectory(prefix="aeip-eval-") as work, fresh_app(Path(work) / "data", Path(work) / "grids", owned=False) as app:
        found = {name: _measured(questions, app, wanted) for name, questions in chosen.items()}
    if wanted.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="aeip eval understanding", description="Does a sentence reach the right study?")
    parser.add_argument("set", nargs="*", help="sets of questions; all when left out")
    parser.add_argument("--tag", action="append", default=[], help="only questions with one of these tags, or whose id begins with it")
    parser.add_argument("--repeats", type=int, default=1, help="ask everything so often and compare the answers")
    parser.add_argument("--perturbed", type=int, default=0, help="ask so many once more with typos, fillers, other case and order")
    parser.add_argument("--wrong", action="store_true", help="show what was understood wrongly (not for a set that is only counted)")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout and nothing else")
    return parser


def _kept(questions: Sequence[Question], tags: Sequence[str]) -> list[Question]:
    """Those with a wanted tag or id, and what the same dialogue asked before them."""
    wanted = [q for q in questions if not tags or not {*q.tags}.isdisjoint(tags) or q.id.startswith(tuple(tags))]
    sessions = {q.session for q in wanted if q.session}
    return [q for q in questions if q in wanted or q.session in sessions]


def _measured(questions: Sequence[Question], app: App, wanted: argparse.Namespace) -> dict[str, JsonValue]:
    runs = [list(asked(questions, app, f"run{n}")) for n in range(max(wanted.repeats, 1))]
    found: dict[str, JsonValue] = {**counted(runs[0]), **understanding_ms(questions, app)}
    if wanted.repeats > 1:
        found["not_repeated"] = list(differing(runs))
    if wanted.perturbed:
        found["perturbed"] = _perturbed(questions[: wanted.perturbed], runs[0], app)
    if not wanted.json:
        _show(questions[0].id.partition("-")[0], found, runs[0] if wanted.wrong else ())
    return found


def _perturbed(questions: Sequence[Question], plain: Sequence[Judged], app: App) -> dict[str, JsonValue]:
    """The same shares, plain and perturbed, of the same questions."""
    registries = {q.grid: app.study_context(q.grid, None).state.model.registry for q in questions}
    other = [q.model_copy(update={"question": perturbed(q.question, registries[q.grid], i)}) for i, q in enumerate(questions)]
    return {"plain": counted(plain[: len(questions)]), "perturbed": counted(list(asked(other, app, "perturbed")))}


def _show(name: str, found: dict[str, JsonValue], wrong: Sequence[Judged]) -> None:
    for line in lines(name, found):
        print(line)
    for key in ("p50_ms", "p95_ms", "not_repeated"):
        if key in found:
            print(f"  {key}: {found[key]}")
    perturbed_too = found.get("perturbed")
    if isinstance(perturbed_too, dict):
        for key, shares in perturbed_too.items():
            assert isinstance(shares, dict)
            print(f"  {key}: right tool {shares['tool_percent']} %, all of it right {shares['args_percent']} %")
    for one in wrong:
        if not one.args:
            _tell(one)


def _tell(one: Judged) -> None:
    question, answer = one.question, one.answer
    wanted = {"tools": question.tools, "args": question.args, "status": [s.value for s in question.status]}
    called = [(c.tool, dict(c.args), "" if c.ok else c.error) for c in answer.tool_calls]
    print(f"\n[{question.id}] {question.grid} {question.session or ''} {'args' if one.tool else 'TOOL'}: {question.question}")
    print(f"  wanted {json.dumps(wanted, ensure_ascii=False, default=dict)}\n  found  {answer.status.value} {called}")
    print(f"  said   {' '.join(answer.answer.split())[:200]}")
