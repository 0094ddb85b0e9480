"""One YAML file as one value, or a refusal that names file and field."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from guardrails.errors import InvalidRule
from knowledge.strict_yaml import load_strict

T = TypeVar("T", bound=BaseModel)


def read_as(kind: type[T], path: Path, what: str, prepared: Callable[[object], object] = lambda content: content) -> T:
    """what: 'Rule file', for the refusal; prepared: the content as it is validated. Raises InvalidRule."""
    try:
        return kind.model_validate(prepared(load_strict(path.read_text(encoding="utf-8"))))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "(whole file)"
        raise InvalidRule(f"{what} '{path.name}', field '{field}': {first['msg']}.") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise InvalidRule(f"{what} '{path.name}' cannot be read: {' '.join(str(error).split())}.") from error
