"""The prompts and word lists of this brain, which people extend without touching code."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"


@lru_cache
def yaml_file(name: str) -> Any:
    """One of the YAML files beside this module."""
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@lru_cache
def prompt(name: str) -> str:
    """One of the prompts, without the blank lines at its ends."""
    return (DATA / f"{name}.md").read_text(encoding="utf-8").strip()
