"""The stored clauses: what a rule may cite. One Markdown file each, in our own words, with its facts in the front matter.

A fact is a number with an id of ours: the rule that uses it names the same id, so that the two cannot drift apart.
"""

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from knowledge.errors import InvalidClause, UnknownClause
from knowledge.strict_yaml import load_strict

PASSAGES = Path(__file__).parent / "passages"

Verified = Literal["yes", "draft", "no"]


class Fact(BaseModel):
    """Numbers of a clause in `unit`: a lower and an upper limit, and further ones by their names (units in these).

    Facts of one `quantity` may be compared: they differ by `area`, edition or document, and an answer says so.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    unit: str = Field(min_length=1)
    min: float | None = Field(default=None, allow_inf_nan=False)
    max: float | None = Field(default=None, allow_inf_nan=False)
    parameters: dict[str, float] = {}
    quantity: str | None = Field(default=None, description="what is limited, in words that other clauses use, too")
    area: str | None = Field(default=None, description="where it holds, if narrower than the clause's jurisdiction")


class Clause(BaseModel):
    """One passage of a grid code or procedure, retold."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str = Field(min_length=1, description="stable id that rules and answers cite; equals the file's name")
    title: str = Field(min_length=1)
    standard: str = Field(min_length=1, description="document, e.g. Regulation (EU) 2017/1485")
    clause: str = Field(min_length=1, description="article, annex or section")
    edition: str = Field(min_length=1)
    valid_from: date
    jurisdiction: str = Field(min_length=1)
    verified: Verified = Field(description="yes: number and content were read in the source named; draft: in a draft only; no: from memory")
    read: str = Field(min_length=1, description="what was read to verify it")
    tags: tuple[str, ...] = Field(default=(), description="topics, in the words that people ask with")
    facts: dict[str, Fact] = Field(default={}, description="by an id that no other clause uses")
    text: str = Field(min_length=1)

    @property
    def citation(self) -> str:
        """How a person would cite it."""
        return f"{self.standard}, {self.clause}"


def clause(clause_id: str) -> Clause:
    """The stored clause of this id. Raises UnknownClause with the nearest ids."""
    stored = load_clauses()
    if clause_id not in stored:
        raise UnknownClause(clause_id, get_close_matches(clause_id, stored, n=3))
    return stored[clause_id]


@lru_cache(maxsize=4)
def load_clauses(folder: Path = PASSAGES) -> Mapping[str, Clause]:
    """Every clause of a folder by its id, in the order of the file names. Raises InvalidClause naming file and field."""
    found = MappingProxyType({clause.id: clause for clause in (_read(path) for path in sorted(folder.glob("*.md")))})
    clauses_of_facts(found)
    return found


def clauses_of_facts(clauses: Mapping[str, Clause]) -> Mapping[str, Clause]:
    """The clause of each fact by the fact's id. Raises InvalidClause for an id that stands in two of them."""
    owners: dict[str, Clause] = {}
    for found in clauses.values():
        for fact in found.facts:
            if fact in owners:
                raise InvalidClause(f"Passage '{found.id}.md', field 'facts': '{fact}' already stands in '{owners[fact].id}.md'.")
            owners[fact] = found
    return MappingProxyType(owners)


def _read(path: Path) -> Clause:
    front, text = _split(path)
    try:
        found = Clause.model_validate({**front, "text": text})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InvalidClause(f"Passage '{path.name}', field '{field}': {first['msg']}.") from error
    if found.id != path.stem:
        raise InvalidClause(f"Passage '{path.name}', field 'id': it says '{found.id}'; the file's name '{path.stem}' would work.")
    return found


def _split(path: Path) -> tuple[dict[str, object], str]:
    """Front matter and body."""
    try:
        opening, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        facts = load_strict(front)
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise InvalidClause(f"Passage '{path.name}' cannot be read ({reason}); YAML between two '---' lines, then text, works.") from error
    if opening.strip() or not isinstance(facts, dict):
        raise InvalidClause(f"Passage '{path.name}' does not start with YAML fields between two lines '---'.")
    return facts, body
