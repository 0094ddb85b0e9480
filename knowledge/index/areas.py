"""Where is asked about, and which passages hold there? "in GB", "for Ireland", "US": areas lie within one another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.passage import Passage
from knowledge.strict_yaml import load_strict

_FILE = Path(__file__).parent.parent / "data" / "areas.yaml"
_TWO_LETTERS = 2


def areas_in(text: str) -> frozenset[str]:
    """The areas that a text names, by their first names; the longest name counts: "Northern Ireland" is no Ireland besides."""
    return frozenset(_area_of()[_key(match[0])] for match in _any_name().finditer(text))


def without_areas(text: str) -> str:
    """What else a question asks."""
    return _in_an_area().sub(" ", text)


@dataclass(frozen=True)
class Place:
    """Where a passage holds, by its jurisdiction; empty: everywhere. `mentioned`: areas that it speaks of besides."""

    own: frozenset[str]
    mentioned: frozenset[str]

    def holds_in(self, asked: str) -> bool:
        """Whether it may be told for an area: it holds there, around it, in a part of it or everywhere, or speaks of it."""
        return not self.own or self.is_about(asked)

    def is_about(self, asked: str) -> bool:
        """Whether the area is meant in particular; what holds everywhere is about none."""
        return asked in self.mentioned or any(_related(area, asked) for area in self.own)


def place_of(passage: Passage) -> Place:
    """Its text is read for names of areas: slow, to be remembered."""
    told = " ".join([passage.title, *passage.tags, passage.text, *(fact.area or "" for fact in passage.facts.values())])
    return Place(areas_in(passage.jurisdiction), areas_in(told))


def reaches(where: str, asked: str) -> bool:
    """Whether words for a place name the area, one around it or one in it; words that name none reach everywhere."""
    own = areas_in(where)
    return not own or any(_related(area, asked) for area in own)


def _related(one: str, other: str) -> bool:
    return one in around(other) or other in around(one)


@lru_cache(maxsize=512)
def around(area: str) -> tuple[str, ...]:
    """The area and those that it lies within, from the inside."""
    outer = _areas()[area].get("within")
    return (area, *around(str(outer))) if outer else (area,)


@lru_cache(maxsize=1)
def _areas() -> Mapping[str, Mapping[str, object]]:
    rows = load_strict(_FILE.read_text(encoding="utf-8"))
    assert isinstance(rows, dict)
    return rows


@lru_cache(maxsize=1)
def _area_of() -> Mapping[str, str]:
    """Area by each of its names as `_key` writes them."""
    return {_key(name): area for area, row in _areas().items() for name in (area, *_named(row))}


@lru_cache(maxsize=1)
def _any_name() -> re.Pattern[str]:
    names = sorted((name for area, row in _areas().items() for name in (area, *_named(row))), key=len, reverse=True)
    short, long = ([re.escape(n) for n in names if (len(n) <= _TWO_LETTERS) == of_two] for of_two in (True, False))
    return re.compile(rf"(?<![\w-])(?:(?i:{'|'.join(long)})|{'|'.join(short)})(?![\w-])")


@lru_cache(maxsize=1)
def _in_an_area() -> re.Pattern[str]:
    return re.compile(rf"(?:\b(?i:in|for|of|at|under)\s+)?(?:\b(?i:the)\s+)?{_any_name().pattern}")


def _named(row: Mapping[str, object]) -> list[str]:
    names = row.get("names", [])
    assert isinstance(names, list)
    return [str(name) for name in names]


def _key(name: str) -> str:
    return name if len(name) <= _TWO_LETTERS else name.casefold()
