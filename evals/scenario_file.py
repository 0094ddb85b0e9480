"""Read scenario files. A file that cannot be read as a scenario is one clear sentence, and nothing runs."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import ValidationError

from evals.scenario import Scenario
from grid_models.errors import AeipError
from knowledge.strict_yaml import load_strict

SCENARIOS = Path(__file__).parent / "scenarios"


class InvalidScenario(AeipError):
    """A scenario file is malformed; that is not a failed scenario."""


class UnknownSuite(AeipError):
    """No suite and no scenario has this name."""


def load_scenario(path: Path) -> Scenario:
    """The scenario in a file; its id is the file's name. Raises InvalidScenario."""
    try:
        scenario = Scenario.model_validate(load_strict(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidScenario(f"Scenario file '{path.name}' cannot be read: {' '.join(str(error).split())}.") from error
    except ValidationError as error:
        raise InvalidScenario(f"Scenario file '{path.name}', {_first(error)}.") from error
    if scenario.id != path.stem:
        raise InvalidScenario(f"Scenario file '{path.name}' holds the id '{scenario.id}'; the id '{path.stem}' would fit.")
    return scenario


def load_scenarios(folder: Path = SCENARIOS) -> tuple[Scenario, ...]:
    """All scenarios of a folder, by suite and name. Raises InvalidScenario."""
    found = tuple(sorted((load_scenario(path) for path in folder.glob("*.yaml")), key=lambda s: (s.suite, s.id)))
    if not found:
        raise InvalidScenario(f"There is no scenario file in '{folder}'; *.yaml files would be read.")
    return found


def choose(scenarios: Sequence[Scenario], names: Sequence[str]) -> tuple[Scenario, ...]:
    """Those whose suite or id is named; all without a name. Raises UnknownSuite."""
    suites = sorted({s.suite for s in scenarios})
    for name in names:
        if name not in suites and name not in {s.id for s in scenarios}:
            raise UnknownSuite(f"There is no suite or scenario '{name}'; suites are {', '.join(suites)}.")
    return tuple(s for s in scenarios if not names or s.suite in names or s.id in names)


def _first(error: ValidationError) -> str:
    """The first problem: where, what, and the value found."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "the whole file"
    found = "" if first["type"] == "missing" else f", found {str(first['input'])[:80]!r}"
    return f"at {where}: {first['msg'].removeprefix('Value error, ')}{found}"
