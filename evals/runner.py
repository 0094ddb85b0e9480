"""Run scenarios, each on a fresh app with its own people, plant and clock."""

import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from evals.checks.promises import check_audit
from evals.checks.score import Score, Value, judged
from evals.doubles.clock import Clock
from evals.doubles.fresh_app import fresh_app
from evals.doubles.scripted_people import ScriptedPeople
from evals.scenario import Scenario
from evals.scenario_file import InvalidScenario
from evals.stage import Stage
from grid_models.errors import AeipError

_TRAINING = Path(__file__).parents[1] / "grid_models" / "data" / "training.json"


@dataclass(frozen=True)
class Outcome:
    """One scenario's result. `scores` names the step (from 1) of each score; step 0 is the end of the story."""

    scenario: Scenario
    scores: tuple[tuple[int, Score], ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Nothing failed, and something was judged."""
        return not self.failures and any(score.value is Value.PASS for _, score in self.scores)

    @property
    def failures(self) -> tuple[str, ...]:
        """One sentence for each failed check."""
        return tuple(f"step {step}, {score.check}: {score.explanation}" for step, score in self.scores if score.failed)


def run_scenarios(scenarios: Iterable[Scenario], work: Path, settings: Mapping[str, object] = MappingProxyType({})) -> Iterator[Outcome]:
    """One after the other; `work` is an empty folder that outlives none of them, `settings` those that differ."""
    for scenario in scenarios:
        yield run_scenario(scenario, work / scenario.id, work / "grids", settings)
        shutil.rmtree(work / scenario.id, ignore_errors=True)


def run_scenario(scenario: Scenario, folder: Path, grids: Path, settings: Mapping[str, object] = MappingProxyType({})) -> Outcome:
    """Play every step up to the first error. Whatever goes wrong is a failed score, so that the other scenarios still run."""
    began = time.perf_counter()
    try:
        scores = tuple(_play(scenario, folder, grids, settings))
    except Exception as error:  # an evaluation reports the failures of what it evaluates
        scores = ((0, _broken(error)),)
    return Outcome(scenario, scores, round(time.perf_counter() - began, 3))


def _play(scenario: Scenario, folder: Path, grids: Path, settings: Mapping[str, object]) -> Iterator[tuple[int, Score]]:
    clock, grid = Clock(), _grid(scenario, folder.with_suffix(".json"))
    with fresh_app(folder, grids, grid=grid, now=clock, owned=scenario.owned, settings=settings) as app:
        people = ScriptedPeople(app)
        people.hire()
        stage = Stage(app, clock, people)
        for number, step in enumerate(scenario.steps, 1):
            try:
                yield from ((number, score) for score in stage.play(step))
            except Exception as error:  # as above; what was scored before it is kept
                yield number, _broken(error)
                break
        yield 0, check_audit(app.engine)


def _broken(error: Exception) -> Score:
    known = isinstance(error, AeipError)
    return judged("ran", False, str(error) if known else f"{type(error).__name__}: {error}")


def _grid(scenario: Scenario, file: Path) -> str:
    """The grid's name, or a copy of the training grid with other names in it."""
    if not scenario.rename:
        return scenario.grid
    text = _TRAINING.read_text(encoding="utf-8")
    for name, other in scenario.rename.items():
        quoted = f'\\"{name}\\"'
        if quoted not in text:
            raise InvalidScenario(f"Scenario '{scenario.id}' renames '{name}', which the training grid does not have.")
        text = text.replace(quoted, f'\\"{other}\\"')
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return str(file)
