"""What the plant itself shows, read from its telemetry and not from anything the assistant said."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from agent.app import App
from evals.checks.answer import same
from evals.checks.score import Score, judged
from grid_models.errors import AeipError
from tools.context import StudyContext
from tools.registry import run_study


class NoPlant(AeipError):
    """The scenario asks about a plant that nobody runs."""


def check_plant(app: App, expected: Mapping[str, Mapping[str, JsonValue]], tolerance: float) -> Iterator[Score]:
    """Each field of each element. Raises NoPlant, UnknownElement."""
    if app.owner is None:
        raise NoPlant("No plant runs here; a scenario's own grid has one.")
    study = StudyContext(app.owner.plant.observe(), app.limits(), "live")
    result = run_study("grid_data", {"elements": list(expected)}, study).model_dump(mode="json")
    rows = {row["element"]: row for row in result["rows"]}
    for element, fields in expected.items():
        for field, wanted in fields.items():
            found = rows[element].get(field)
            yield judged("plant", same(found, wanted, tolerance), f"{element} {field} is {found!r} on the plant, expected {wanted!r}")
