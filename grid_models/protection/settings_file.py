"""Settings of single elements from a YAML file. Entries that cannot be read are told, the others are used."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import process

from grid_models.protection.curves import InvalidRelay
from grid_models.protection.element_settings import ElementSettings


@dataclass(frozen=True)
class SettingsFile:
    """The entries that could be read, in the file's order, and one sentence for each thing that could not."""

    settings: tuple[ElementSettings, ...]
    errors: tuple[str, ...]


def read_settings(path: Path) -> SettingsFile:
    """A YAML list of mappings, such as `- {element: HV1 Line 54, pickup_pu: 1.2}`. Raises InvalidRelay where it is no such list."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError) as error:
        said = " ".join(str(error).split())
        raise InvalidRelay(f"'{path.name}' cannot be read ({said[:150]}); a YAML list of settings would work.") from error
    if not isinstance(found, list):
        raise InvalidRelay(f"'{path.name}' holds no list; a YAML list with one mapping for each element would work.")
    settings: list[ElementSettings] = []
    errors: list[str] = []
    for number, entry in enumerate(found, start=1):
        try:
            settings.append(ElementSettings.model_validate(entry))
        except ValidationError as error:
            errors += [f"{path.name}, entry {number}: {said}." for said in _faults(error)]
    return SettingsFile(tuple(settings), tuple(errors))


def _faults(error: ValidationError) -> Iterator[str]:
    for each in error.errors(include_url=False):
        if not each["loc"]:
            yield f"it is '{str(each['input'])[:40]}'; a mapping such as {{element: HV1 Line 54, pickup_pu: 1.2}} would work"
        elif each["type"] == "extra_forbidden":
            yield _unknown(str(each["loc"][0]))
        elif each["type"] == "missing":
            yield f"{each['loc'][0]} is missing; the name of an element would work"
        else:
            yield f"{each['loc'][0]} is '{str(each['input'])[:40]}': {_would_work(each)}"


def _unknown(name: str) -> str:
    near = process.extractOne(name, list(ElementSettings.model_fields))
    return f"'{name}' is no setting, so the entry is not used; {near[0] if near else 'element'} may be meant"


def _would_work(each: ErrorDetails) -> str:
    """pydantic's own words, in the form of our sentences."""
    said = each["msg"].removeprefix("Input should be ")
    return said if said == each["msg"] else f"{said} would work"
