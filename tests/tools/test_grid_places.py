"""Areas and substations are counted and named when they are asked for."""

import pytest

from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from tools.context import StudyContext
from tools.grid_data import GridDataArgs, GridDataResult, run
from tools.result import InvalidArguments


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


def test_a_name_of_another_kind_is_refused(case39: Grid) -> None:
    """A bus among the lines would be a row without a loading."""
    with pytest.raises(InvalidArguments, match="'Bus 3' is a bus, not a line"):
        _ask(case39, kind="line", elements=["Bus 3"])
