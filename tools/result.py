"""What every tool's arguments and results have in common."""

from pydantic import BaseModel, ConfigDict


class Args(BaseModel):
    """Arguments of a tool; an unknown argument is an error, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Result(BaseModel):
    """A frozen result: typed values for pictures, audit and evals, and one sentence for people."""

    model_config = ConfigDict(frozen=True)

    def headline(self) -> str:
        """The point of the result in one sentence."""
        raise NotImplementedError
