"""What every tool's arguments and results have in common."""

from abc import ABC, abstractmethod

from pydantic import BaseModel, ConfigDict

from grid_models.errors import AeipError


class InvalidArguments(AeipError):
    """A tool was called with arguments it does not have or that do not fit."""


class Args(BaseModel):
    """Arguments of a tool; an unknown argument is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(BaseModel):
    """One line of a result's table."""

    model_config = ConfigDict(frozen=True)


class Result(Row, ABC):
    """A frozen result: typed values for pictures, audit and evals, and one sentence for people."""

    @abstractmethod
    def headline(self) -> str:
        """The point of the result in one sentence."""
