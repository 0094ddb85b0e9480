"""Ratings a company supplies: one YAML file a grid, each with its source."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from grid_models.errors import AeipError
from grid_models.intake.supplied_ratings import SuppliedRating, with_ratings
from grid_models.twin.model import GridModel
from guardrails.errors import InvalidRule
from guardrails.rule import Source
from guardrails.yaml_file import read_as

# Rules that let a branch carry its temporary rating for a while count on so many minutes; a rating for fewer would be overstayed.
LEAST_TEMPORARY_MINUTES = 15.0


class _Rating(BaseModel):
    """Permanent rating in one unit, and perhaps a temporary one with the minutes it holds; what fits which element is the grid's matter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rating_a: float | None = None
    rating_mva: float | None = None
    temporary_a: float | None = None
    temporary_mva: float | None = None
    temporary_minutes: float | None = Field(default=None, ge=LEAST_TEMPORARY_MINUTES, allow_inf_nan=False)

    @model_validator(mode="after")
    def _with_its_time(self) -> "_Rating":
        if (self.temporary_minutes is None) != (self.temporary_a is None and self.temporary_mva is None):
            raise ValueError("a temporary rating and temporary_minutes belong together")
        return self


class RatingsFile(BaseModel):
    """The content of one file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grid: str = Field(min_length=1, description="name of the grid, as `aeip grid show` prints it")
    source: Source
    ratings: dict[str, _Rating] = Field(min_length=1, description="by name or alias of the branch")


@dataclass(frozen=True)
class CompanyRatings:
    """The ratings of one grid; `file`: where they stand."""

    file: str
    content: RatingsFile

    def on(self, model: GridModel) -> GridModel:
        """The model with these ratings. Raises InvalidRule naming file and field."""
        supplied = {name: SuppliedRating(**dict(rating)) for name, rating in self.content.ratings.items()}
        try:
            return with_ratings(model, supplied, self.content.source.document)
        except AeipError as error:
            raise InvalidRule(f"Ratings file '{self.file}', field 'ratings': {error}") from error


def read_ratings(folder: Path) -> dict[str, CompanyRatings]:
    """The files of a folder by the grid they are for; empty where there is no folder. Raises InvalidRule naming file and field."""
    found: dict[str, CompanyRatings] = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        content = _read(path)
        if content.grid in found:
            raise InvalidRule(f"Ratings file '{path.name}', field 'grid': '{found[content.grid].file}' is for '{content.grid}' already.")
        found[content.grid] = CompanyRatings(path.name, content)
    return found


def _read(path: Path) -> RatingsFile:
    if path.suffix != ".yaml":
        raise InvalidRule(f"The folder of ratings holds '{path.name}'; only names that end in .yaml are read.")
    found = read_as(RatingsFile, path, "Ratings file")
    if found.source.verified != "yes":
        raise InvalidRule(
            f"Ratings file '{path.name}', field 'source.verified': only ratings that were read in their source (yes) are used."
        )
    return found
