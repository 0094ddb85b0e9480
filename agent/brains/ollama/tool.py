"""A tool as a language model is shown it. The wiring fills this from the toolbox: a brain imports no tool."""

from dataclasses import dataclass

from pydantic import BaseModel


@dataclass(frozen=True)
class Tool:
    """`args`: the model that validates the arguments; `writes`: it asks for a change of the grid."""

    name: str
    purpose: str
    args: type[BaseModel]
    writes: bool = False
