"""A question with what a competent colleague would do with it."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from agent.answer import Status
from evals.scenario_file import InvalidScenario
from grid_models.twin.source import DEFAULT_GRID
from knowledge.strict_yaml import load_strict

SETS = Path(__file__).parent / "questions"


class Question(BaseModel):
    """`tools`: acceptable alternatives, each the tools whose results a right answer needs. `args`: by tool, what the question
    itself determines.

    Questions of one `session` follow each other in their order; without one each is a conversation of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    grid: str = DEFAULT_GRID
    session: str | None = None
    tags: tuple[str, ...] = ()
    status: tuple[Status, ...] = ()
    tools: tuple[tuple[str, ...], ...]
    args: Mapping[str, Mapping[str, JsonValue]] = {}


_SET = TypeAdapter(list[Question])


def load_questions(name: str) -> list[Question]:
    """The questions of a set. Raises InvalidScenario where there is no such set or it cannot be read."""
    file = SETS / f"{name}.yaml"
    if not file.is_file():
        raise InvalidScenario(f"There is no question set '{name}'; {', '.join(sets())} exist.")
    try:
        return _SET.validate_python(load_strict(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise InvalidScenario(f"The question set '{name}' cannot be read: {' '.join(str(error).split())[:300]}.") from error


def sets() -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in SETS.glob("*.yaml")))
