"""`aeip eval [SUITE…] [--model embedded|ollama:NAME] [--json]`: 0 when every scenario passes, 1 when one fails, 2 for a usage error."""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.console import Console

from agent.app.model_server import checked_brain
from agent.settings import InvalidSettings, read_settings
from evals.checks.lies import LIE
from evals.knowledge import command as knowledge
from evals.runner import Outcome, run_scenarios
from evals.scenario import Scenario
from evals.scenario_file import InvalidScenario, UnknownSuite, choose, load_scenarios
from evals.stage import STEPPED_IN
from evals.understanding import command as understanding
from grid_models.errors import AeipError

FAILED, USAGE = 1, 2
_COUNTED: dict[str, Callable[[list[str]], int]] = {
    "understanding": understanding.run,
    "knowledge": knowledge.run,
}  # suites that count instead of telling a story


def run(args: list[str]) -> int:
    """Entry point of the command; `args` is the rest of the command line."""
    if args and args[0] in _COUNTED:
        return _COUNTED[args[0]](args[1:])
    try:
        asked = _parser().parse_args(args)
        scenarios = choose(load_scenarios(), asked.suite)
    except SystemExit as end:  # argparse has said what is wrong, or shown the help
        return int(end.code or 0)
    except UnknownSuite as error:
        return _say(str(error), USAGE)
    except InvalidScenario as error:
        return _say(str(error), FAILED)
    try:
        settings = model_settings(asked.model)
    except InvalidSettings as error:
        return _say(str(error), USAGE)
    except AeipError as error:
        return _say(f"'{asked.model}' cannot be evaluated: {error}.", FAILED)
    with tempfile.TemporaryDirectory(prefix="aeip-eval-") as work:
        outcomes = run_scenarios(scenarios, Path(work), settings)
        found = list(outcomes) if asked.json else list(_shown(outcomes))
    _report(found, asked.model, as_json=asked.json)
    return 0 if all(outcome.passed for outcome in found) else FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="aeip eval", description="Run scripted scenarios through the same wiring as the chat.")
    parser.add_argument("suite", nargs="*", help="suites or scenario ids; all when left out")
    parser.add_argument("--model", default="embedded", help="embedded, or ollama:NAME")
    parser.add_argument("--json", action="store_true", help="one JSON document on stdout and nothing else")
    return parser


def model_settings(model: str) -> dict[str, object]:
    """What the scenarios' apps need to know of a model; where its server is and how long to wait come from the environment.

    Raises AeipError where the model could not answer: the embedded brain would step in, and pass in its name.
    """
    settings = read_settings(brain=model)
    checked_brain(settings)
    return settings.model_dump(include={"brain", "ollama_url", "ollama_context_tokens", "ollama_total_s", "ollama_chunk_s"})


def _say(sentence: str, status: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status


def _shown(outcomes: Iterable[Outcome]) -> Iterable[Outcome]:
    """Each outcome as soon as it is known."""
    console = Console(highlight=False, soft_wrap=True)
    for outcome in outcomes:
        word = "[green]pass[/]" if outcome.passed else "[red]FAIL[/]"
        console.print(f"{word}  {outcome.scenario.suite:9}  {outcome.scenario.id:24} {outcome.seconds:5.1f} s  {outcome.scenario.title}")
        for failure in outcome.failures:
            console.print(f"      {failure}", markup=False)
        yield outcome


def _report(outcomes: Sequence[Outcome], model: str, *, as_json: bool) -> None:
    passed = sum(outcome.passed for outcome in outcomes)
    stepped_in = sum(score.check == STEPPED_IN for outcome in outcomes for _, score in outcome.scores)
    if as_json:
        counts = {"passed": passed, "total": len(outcomes), "stepped_in": stepped_in}
        found = {"model": model, **counts, "scenarios": [_facts(o) for o in outcomes]}
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        for line in _lies_by_kind(outcomes):
            print(line)
        instead = f" {stepped_in} answers are the embedded brain's." if stepped_in else ""
        print(f"{passed} of {len(outcomes)} scenarios pass.{instead}")


def _lies_by_kind(outcomes: Sequence[Outcome]) -> list[str]:
    """How many lies of each kind a model told, and how many of them got through."""
    told = [score for outcome in outcomes for _, score in outcome.scores if score.check.startswith(f"{LIE} ")]
    kinds = dict.fromkeys(score.check for score in told)
    counts = {kind: [score.failed for score in told if score.check == kind] for kind in kinds}
    return [f"{kind.removeprefix(f'{LIE} '):40} {len(found):3} told {sum(found):3} got through" for kind, found in counts.items()]


def _facts(outcome: Outcome) -> dict[str, object]:
    scenario: Scenario = outcome.scenario
    scores = [{"step": step, "check": s.check, "value": s.value, "explanation": s.explanation} for step, s in outcome.scores]
    told = {"id": scenario.id, "suite": scenario.suite, "title": scenario.title}
    return {**told, "passed": outcome.passed, "seconds": outcome.seconds, "scores": scores}
