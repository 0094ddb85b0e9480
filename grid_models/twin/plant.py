"""What is being controlled: the protocols that every plant (simulated, recorded or real) fulfils, and those who command it rely on."""

from datetime import datetime
from typing import Protocol

from grid_models.actions import Action
from grid_models.telemetry.measurement_set import Telemetry
from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState


class MeasuredPlant(Protocol):
    """What a control centre is connected to: measurements come, commands go."""

    @property
    def model(self) -> GridModel: ...

    def plant_time(self) -> datetime:
        """The plant's own clock."""
        ...

    def telemetry(self) -> Telemetry:
        """What the meters say at this moment. Raises NotOnline while nothing comes."""
        ...

    def execute(self, action: Action, key: str) -> None:
        """As for `Plant`."""
        ...

    def save(self) -> None:
        """Keep whatever a restart needs."""
        ...


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
