"""Compile every loop once and keep the code on disk; the installation runs this file, so that no first answer waits for it."""

from grid_models.contingency.warm_up import warm_up
from grid_models.estimation.diagnosis import diagnose
from grid_models.steady.boundary import solve
from grid_models.telemetry.instruments import instruments_of
from grid_models.telemetry.readings import measured
from grid_models.twin.source import load_grid


def compile_everything() -> None:
    """The screenings, and one estimation with its search for bad data."""
    warm_up()
    state = load_grid("case9").state_at()
    diagnose(state.model, measured(solve(state), instruments_of(state.model), None), threshold=3.0, known=state)


if __name__ == "__main__":
    compile_everything()
