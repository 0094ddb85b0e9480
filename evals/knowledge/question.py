"""One question to the knowledge base and the passages that would do; one YAML list a set."""

from collections.abc import Collection
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from evals.scenario_file import InvalidScenario
from knowledge.strict_yaml import load_strict

FOLDER = Path(__file__).parent / "questions"


class Question(BaseModel):
    """`wanted`: groups of passage ids, of each of which one has to be found; empty where nothing stored answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    question: str
    wanted: tuple[tuple[str, ...], ...]
    document: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        return bool(self.wanted)

    def recall(self, found: Collection[str]) -> float:
        """Share of the groups of which a passage was found; only of an answerable question."""
        return sum(any(one in found for one in group) for group in self.wanted) / len(self.wanted)


def sets() -> list[str]:
    """Names of the sets that exist."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_questions(name: str) -> list[Question]:
    """A set by its name, or of any other file. Raises InvalidScenario."""
    path = FOLDER / f"{name}.yaml" if name in sets() else Path(name)
    try:
        questions = TypeAdapter(list[Question]).validate_python(load_strict(path.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        reason = " ".join(str(error).split())
        raise InvalidScenario(f"The questions '{name}' cannot be read ({reason}); {', '.join(sets())} exist.") from error
    if len({q.id for q in questions}) < len(questions):
        raise InvalidScenario(f"The questions '{name}' have an id twice.")
    return questions
