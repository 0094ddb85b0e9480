"""What is being controlled: the protocol every plant (simulated or real) fulfils towards those who command it."""

from typing import Protocol

from grid_models.actions import Action
from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState


class Plant(Protocol):
    """Only the plant's owner holds one. What it is like is known through measurements alone."""

    @property
    def model(self) -> GridModel: ...

    def observe(self) -> GridState:
        """The state concluded from measurements of this moment. Raises NotOnline where none come or none can be believed."""
        ...

    def execute(self, action: Action, key: str) -> None:
        """Carry out one command. A key that was carried out before does nothing (exactly once). Raises AeipError if refused."""
        ...
