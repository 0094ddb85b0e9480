"""Areas and substations are counted and named when they are asked for."""

from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from tools.context import StudyContext
from tools.grid_data import GridDataArgs, GridDataResult, run


def _ask(grid: Grid, **args: object) -> GridDataResult:
    return run(GridDataArgs.model_validate(args), StudyContext(grid.state_at(), OperatingLimits((), 100.0, "loading")))


def test_areas_are_told_by_name(case39: Grid) -> None:
    """case39 has three areas; a table of areas is no table of nothing."""
    asked = _ask(case39, kind="area")
    assert (asked.total, asked.headline()) == (3, "case39 has 3 areas: 1, 2, 3.")


def test_many_substations_are_counted_and_the_sentence_stays_short(default_grid: Grid) -> None:
    """All names are in `substations`, the sentence names twelve."""
    asked = _ask(default_grid, kind="substation")
    assert asked.total == len(asked.substations) == 18
    assert asked.headline().endswith("...")
    assert asked.substations[-1] not in asked.headline()
