"""What is being controlled: the protocol every plant (simulated or real) fulfils."""

from typing import Protocol

from grid_models.actions import Action
from grid_models.twin.measurements import Measurements, state_from
from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState


class Plant(Protocol):
    """Only the plant's owner holds one. The twin sees it through `measure` alone."""

    @property
    def model(self) -> GridModel: ...

    def measure(self) -> Measurements:
        """The latest telemetry. Raises NotOnline when the source is dead."""
        ...

    def execute(self, action: Action, key: str) -> None:
        """Carry out one command. A key that was carried out before does nothing (exactly once). Raises AeipError if refused."""
        ...


def observe(plant: Plant) -> GridState:
    """The state the twin concludes from the plant's latest telemetry."""
    return state_from(plant.model, plant.measure())
