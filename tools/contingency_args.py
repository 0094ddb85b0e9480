"""What can be asked of a contingency analysis?"""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from grid_models.actions import Action
from tools.result import Args

Group = Annotated[tuple[str, ...], Field(min_length=1)]


class ContingencyArgs(Args):
    level: Literal[1, 2] = Field(
        default=1, description="how many elements fail at once: 1 = every outage alone (N-1), 2 = every pair of branches (N-2)"
    )
    elements: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="what may fail: names of elements, or the words lines, transformers, three-winding transformers, generators, infeeds, "
        "busbars, double circuits, all; left out: lines, transformers and infeeds (level 2: lines and transformers)",
    )
    outages: tuple[Group, ...] | None = Field(
        default=None,
        min_length=1,
        description='the caller\'s own outages instead of elements: a list of groups of names that fail together, as [["A", "B"], ["C"]]',
    )
    changes: tuple[Action, ...] = Field(
        default=(), description="what-if changes before the outages; the same outages without them are compared (`comparison`)"
    )
    top: int = Field(default=10, ge=1, le=1000, description="how many rows each table lists; totals are always complete")
    method: Literal["ac", "dc"] = Field(
        default="ac",
        description="ac = full solution; dc = linear approximation of the flows, without voltages; its currents are at nominal voltage",
    )

    @field_validator("outages", mode="before")
    @classmethod
    def _groups_are_lists(cls, outages: object) -> object:
        if isinstance(outages, list | tuple) and any(isinstance(group, str) for group in outages):
            raise ValueError('each outage is a list of the names that fail together, as [["A", "B"], ["C"]]; a bare name is not one')
        return outages

    @model_validator(mode="after")
    def _one_choice_of_outages(self) -> Self:
        if self.outages is not None and self.elements is not None:
            raise ValueError("'outages' and 'elements' exclude each other: give the groups that fail together, or what may fail on its own")
        if self.outages is not None and self.level == 2:
            raise ValueError("'outages' are studied as they are given, so level 2 does not fit them: leave one of the two out")
        return self
