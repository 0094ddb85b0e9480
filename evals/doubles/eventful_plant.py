"""A plant at which one thing goes wrong when told: the process dies, a command is refused, its answer is lost, somebody presses stop."""

from collections.abc import Callable
from dataclasses import dataclass

from evals.doubles.observer import Known
from grid_models.actions import Action
from grid_models.twin.model import GridModel
from grid_models.twin.state import GridState


class PowerCut(BaseException):
    """The owner's process dies."""


@dataclass
class EventfulPlant:
    """The true state, and what goes wrong with the next command or check."""

    state: GridState
    commanded: Callable[[Action, str], Known]
    mishap: str = "none"
    at: int = 0
    press_stop: Callable[[], object] = lambda: None

    @property
    def model(self) -> GridModel:
        return self.state.model

    def observe(self) -> GridState:
        return self.state

    def operate(self, action: Action) -> bool:
        """By hand, past the ledger."""
        self.state = self.state.apply([action])
        return True

    def execute(self, action: Action, key: str) -> None:
        mishap = self.mishap if int(key.split("-")[1]) == self.at else "none"
        known = self.commanded(action, key)
        if mishap == "stop":
            self.press_stop()
        if mishap == "dies before the plant":
            raise PowerCut
        if mishap == "refused":
            raise RuntimeError("the relay does not answer")
        after = self.state.apply([action])
        if mishap != "deaf" or after.state_id == self.state.state_id:  # nobody can tell whether what changes nothing was done
            self.state = after
            known.carried_out += 1
        if mishap == "dies after the plant":
            raise PowerCut
        if mishap == "answer lost":
            raise TimeoutError("no answer")
