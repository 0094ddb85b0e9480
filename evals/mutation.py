"""One break made on purpose, and the tests of which at least one must notice it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """One replacement in one file. `old` must occur exactly once, so that a break which no longer applies is noticed."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutation:
    """`tests`: files or single tests, relative to the repository; at least one must fail."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]
