"""A state without a power flow is explained, and every share and remedy named really solves."""

import time

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.errors import PowerFlowDiverged
from grid_models.steady.boundary import solve
from grid_models.steady.divergence import Divergence, explain_divergence
from grid_models.steady.remedies import undoing
from grid_models.steady.solvable_share import at_share, largest_share, solved
from grid_models.twin.profiles import Grid
from grid_models.twin.state import ARRAY_FIELDS, GridState
from grid_models.twin.topology import topology_of


def changed(grid: Grid, *actions: dict[str, object]) -> GridState:
    return grid.state_at().apply([Action.model_validate(a) for a in actions])


def scaling(factor: float, group: str = "loads") -> dict[str, object]:
    return {"kind": "scale", "group": group, "factor": factor}


def explained(state: GridState) -> Divergence:
    """The explanation of a state that really has no solution."""
    with pytest.raises(PowerFlowDiverged):
        solve(state)
    return explain_divergence(state)


OVERLOADED = [("case39", 3.0), ("case39", 9.0), ("default_grid", 80.0), ("case118", 5.0)]


@pytest.mark.parametrize(("name", "factor"), OVERLOADED)
def test_the_share_solves_and_one_percent_more_does_not(name: str, factor: float, request: pytest.FixtureRequest) -> None:
    """Whole percentages with a witness on both sides, for all injections and for the load alone."""
    state = changed(request.getfixturevalue(name), scaling(factor))
    why = explained(state)
    assert why.solvable_share_percent is not None
    assert why.solvable_load_percent is not None
    for percent, generation in ((why.solvable_share_percent, True), (why.solvable_load_percent, False)):
        assert solved(at_share(state, percent / 100, generation=generation)) is not None
        assert solved(at_share(state, (percent + 1) / 100, generation=generation)) is None
    assert f"Reducing the load alone by {100 - why.solvable_load_percent} %" in why.remedy


def test_the_load_share_contains_the_published_load(case39: Grid) -> None:
    """Three times the load of case39: a third of it is the published case, so at least 33 % must be found."""
    assert (explained(changed(case39, scaling(3.0))).solvable_load_percent or 0) >= 33


def test_the_weak_point_is_named(case39: Grid) -> None:
    """The voltages near buses 4 to 8 of case39 fall first (load pocket far from machines); Bus 39 carries the largest load, 1104 MW."""
    why = explained(changed(case39, scaling(3.0)))
    assert {b.element for b in why.stressed_buses} & {"Bus 5", "Bus 6", "Bus 7", "Bus 8"}
    assert why.stressed_area == "area 1"
    assert why.worst_mismatch_element == "Bus 39"
    share = (why.solvable_share_percent or 0) / 100
    injection = 1000.0 - 3 * 1104.0  # its machine less its tripled load; the machine holds the voltage, so Mvar do not count
    assert why.worst_mismatch_mva == pytest.approx((1 - share) * abs(injection), rel=0.01)


def test_stressed_buses_are_distinct_nodes(default_grid: Grid) -> None:
    """On a node-breaker grid the busbars of one node are named once."""
    state = changed(default_grid, scaling(80.0))
    why = explained(state)
    rows = [state.model.buses.name.index(b.element) for b in why.stressed_buses]
    nodes = topology_of(state).node_of_bus[rows]
    assert len(set(nodes.tolist())) == len(rows) == 5


@pytest.mark.parametrize("name", ["training", "case39", "default_grid"])
def test_total_loss_of_supply(name: str, request: pytest.FixtureRequest) -> None:
    """Without an infeed there is nothing to scale; closing one is the remedy."""
    grid = request.getfixturevalue(name)
    state = changed(grid, *({"kind": "open", "element": n} for n in grid.model.infeeds.name))
    why = explained(state)
    assert (why.no_supply, why.solvable_share_percent, why.stressed_buses) == (True, None, ())
    assert "total loss of supply" in why.sentence
    assert "Closing" in why.remedy


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ({"kind": "set_p", "element": "Generator at Bus 10", "p_mw": 50000.0}, "Releasing Generator at Bus 10 would restore it"),
        ({"kind": "set_voltage", "element": "Generator at Bus 10", "vm_pu": 5.0}, "normal voltage set-point of Generator at Bus 10"),
    ],
)
def test_an_absurd_set_point_is_found_and_named(case118: Grid, action: dict[str, object], says: str) -> None:
    """Scaling alone would hide the real cause."""
    assert says in explained(changed(case118, action)).remedy


def test_set_points_that_fight_each_other(case118: Grid) -> None:
    """Every second machine at 0.6 and 1.4 pu: no share of the load solves, going back to normal does."""
    state = changed(case118)
    state = state.with_arrays(generator_vm_pu=np.where(np.arange(len(state.generator_vm_pu)) % 2, 0.6, 1.4))
    why = explained(state)
    assert (why.solvable_share_percent, why.solvable_load_percent) == (None, None)
    assert "normal voltage set-point" in why.remedy


def test_switching_is_undone_first(case39: Grid) -> None:
    """120 % of the load needs the machine at Bus 32: closing its transformer is the first remedy, less load the other."""
    heavy, opened = scaling(1.2), {"kind": "open", "element": "Transformer 10-32 (1)"}
    assert solved(changed(case39, heavy)) is not None
    remedy = explained(changed(case39, heavy, opened)).remedy
    assert remedy.startswith("Going back to the normal switching of Transformer 10-32 (1) would restore it")
    assert "so would reducing the load alone by" in remedy


def test_a_remedy_that_does_not_restore_is_not_named(case39: Grid) -> None:
    """Nine times the load and one line open: closing the line is no remedy."""
    assert undoing(changed(case39, scaling(9.0), {"kind": "open", "element": "Line 1-2 (1)"})) == ""


def test_a_share_is_found_where_solvability_begins_above_zero(case39: Grid) -> None:
    """Without load all the generation has nowhere to go: the balanced share leads into the narrow range."""
    state = changed(case39, scaling(9.0))
    assert solved(at_share(state, 0.0, generation=False)) is None
    share = largest_share(lambda part: at_share(state, part, generation=False), guess=11)
    assert share is not None
    assert 11 <= share.percent < 25


def test_an_explanation_is_quick(case118: Grid) -> None:
    """Some twenty power flows: well below 0.3 s on a grid of this size."""
    state = changed(case118, scaling(5.0))
    explain_divergence(state)
    best = min(_seconds(state) for _ in range(3))
    assert best < 0.3


def _seconds(state: GridState) -> float:
    began = time.perf_counter()
    explain_divergence(state)
    return time.perf_counter() - began


def test_the_state_is_not_touched(case39: Grid) -> None:
    """Every scaled and mended state is a new one."""
    state = changed(case39, scaling(3.0))
    kept = {name: getattr(state, name).copy() for name in ARRAY_FIELDS}
    explain_divergence(state)
    assert all(np.array_equal(getattr(state, name), kept[name], equal_nan=kept[name].dtype.kind == "f") for name in ARRAY_FIELDS)
