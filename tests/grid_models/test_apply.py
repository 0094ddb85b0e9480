"""Each kind of action moves the solved state the way physics says; nothing is modified in place."""

from dataclasses import replace

import numpy as np
import pytest

from grid_models.actions import Action, ActionKind
from grid_models.errors import InvalidAction, UnknownElement
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.apply import breakers_of, switched_by
from grid_models.twin.profiles import Grid
from grid_models.twin.state import ARRAY_FIELDS, GridState
from grid_models.twin.topology import topology_of

MOVES = [
    ("training", {"kind": "open", "element": "T Line 1"}),
    ("training", {"kind": "open", "element": "A Coupler"}),
    ("training", {"kind": "open", "element": "T Load 1"}),
    ("training", {"kind": "open", "element": "T Machine 1"}),
    ("training", {"kind": "set_p", "element": "T Machine 1", "p_mw": 12.0}),
    ("training", {"kind": "set_p", "element": "T Wind 1", "p_mw": 3.0}),
    ("default_grid", {"kind": "set_q", "element": "HV1 Sgen 47", "q_mvar": 20.0}),
    ("training", {"kind": "set_voltage", "element": "T Machine 1", "vm_pu": 1.02}),
    ("training", {"kind": "set_voltage", "element": "T Infeed", "vm_pu": 1.02}),
    ("training", {"kind": "set_tap", "element": "T Trafo 1", "position": 2}),
    ("training", {"kind": "set_shunt", "element": "T Shunt 1", "step": 2}),
    ("training", {"kind": "shed_load", "element": "T Load 1", "p_mw": 5.0}),
    ("training", {"kind": "scale", "group": "loads", "factor": 1.2}),
    ("training", {"kind": "scale", "group": "wind", "factor": 0.5}),
    ("training", {"kind": "scale", "group": "pv", "factor": 0.5}),
    ("training", {"kind": "scale", "group": "generation", "factor": 0.5}),
    ("training", {"kind": "scale", "group": "area:training", "factor": 0.5}),
    ("case118", {"kind": "set_voltage", "element": "Generator at Bus 10", "vm_pu": 1.03}),
    ("case118", {"kind": "set_shunt", "element": "Shunt at Bus 44", "step": 0}),
    ("case39", {"kind": "open", "element": "Line 16-17 (1)"}),
]


def _movement(before: Solution, after: Solution) -> float:
    voltage = np.nanmax(np.abs(before.vm_pu - after.vm_pu))
    return max(float(voltage), float(np.nanmax(np.abs(before.p_from_mw - after.p_from_mw))))


@pytest.mark.parametrize(("grid_name", "action"), MOVES)
def test_every_kind_of_action_moves_the_solved_state(grid_name: str, action: dict[str, object], request: pytest.FixtureRequest) -> None:
    """A change without an effect on voltages or flows would be a change nobody can check."""
    state = request.getfixturevalue(grid_name).state_at()
    kept = {name: getattr(state, name).copy() for name in ARRAY_FIELDS}
    after = state.apply([Action.model_validate(action)])
    assert _movement(solve(state), solve(after)) > 1e-4
    assert after.state_id != state.state_id
    assert all(np.array_equal(getattr(state, name), kept[name], equal_nan=kept[name].dtype.kind == "f") for name in ARRAY_FIELDS)


def test_close_and_release_undo_open_and_set_points(training: Grid) -> None:
    """The inverse actions lead back to the very same state."""
    start = training.state_at()
    there = start.apply(
        [
            Action(kind="open", element="T Line 1"),
            Action(kind="set_p", element="T Wind 1", p_mw=3.0),
            Action(kind="shed_load", element="T Load 1", p_mw=4.0),
        ]
    )
    back = there.apply(
        [
            Action(kind="close", element="T Line 1"),
            Action(kind="release", element="T Wind 1"),
            Action(kind="shed_load", element="T Load 1", p_mw=0.0),
        ]
    )
    assert back.state_id == start.state_id


def test_all_kinds_are_tried() -> None:
    """No kind of action is left out of the table above or of the inverse test."""
    tried = {a["kind"] for _, a in MOVES} | {"close", "release"}
    assert tried == {k.value for k in ActionKind}


def test_a_cap_never_lifts_a_park_above_what_is_available(training: Grid) -> None:
    """A wind cap above the wind changes nothing; below it, it holds."""
    state = training.state_at()
    row = training.model.generators.name.index("T Wind 1")
    assert state.apply([Action(kind="set_p", element="T Wind 1", p_mw=12.0)]).generator_injected_mw[row] == pytest.approx(9.0)
    assert state.apply([Action(kind="set_p", element="T Wind 1", p_mw=2.0)]).generator_injected_mw[row] == pytest.approx(2.0)


def test_scaling_scales_what_is_injected(training: Grid) -> None:
    """A machine on a set-point, a capped park (3 of 9 MW) and an uncapped one (4 MW) all inject half of what they did."""
    before = training.state_at().apply(
        [Action(kind="set_p", element="T Machine 1", p_mw=12.0), Action(kind="set_p", element="T Wind 1", p_mw=3.0)]
    )
    after = before.apply([Action(kind="scale", group="generation", factor=0.5)])
    assert after.generator_injected_mw == pytest.approx(before.generator_injected_mw / 2)
    assert sorted(after.generator_injected_mw.tolist()) == pytest.approx([1.5, 2.0, 6.0])


def test_shedding_then_scaling(training: Grid) -> None:
    """22 MW less 5 MW shed, doubled: 34 MW are drawn; what is shed is still an absolute value that can be set anew."""
    row = training.model.loads.name.index("T Load 1")
    doubled = training.state_at().apply(
        [Action(kind="shed_load", element="T Load 1", p_mw=5.0), Action(kind="scale", group="loads", factor=2.0)]
    )
    assert doubled.load_drawn_mw[row] == pytest.approx(34.0)
    assert doubled.apply([Action(kind="shed_load", element="T Load 1", p_mw=5.0)]).load_drawn_mw[row] == pytest.approx(39.0)


def test_several_infeeds_share_what_scaling_changes(default_grid: Grid) -> None:
    """Infeeds are not scaled: all three take part of the generation that is gone."""
    state = default_grid.state_at()
    before, after = solve(state), solve(state.apply([Action(kind="scale", group="generation", factor=0.5)]))
    assert after.infeed_p_mw.sum() - before.infeed_p_mw.sum() > 0.4 * state.generator_injected_mw.sum()
    assert (np.abs(after.infeed_p_mw - before.infeed_p_mw) > 1.0).all()


def test_an_area_is_found_in_any_case(default_grid: Grid) -> None:
    """'area:hv1' is 'area:HV1'."""
    state = default_grid.state_at()
    ids = {state.apply([Action(kind="scale", group=f"area:{name}", factor=0.5)]).state_id for name in ("hv1", "HV1")}
    assert len(ids) == 1
    assert state.state_id not in ids


def test_releasing_an_infeed_gives_back_its_voltage(training: Grid) -> None:
    """As for a machine, the source's set-point is the normal one."""
    state = training.state_at()
    moved = state.apply([Action(kind="set_voltage", element="T Infeed", vm_pu=1.05)])
    assert moved.apply([Action(kind="release", element="T Infeed")]).state_id == state.state_id


def _normally_open(grid: Grid, branch: str) -> GridState:
    """The grid as if its source had all breakers of the branch open."""
    model = grid.model
    switch_closed = model.start.switch_closed.copy()
    switch_closed[list(breakers_of(model, model.branches.name.index(branch)))] = False
    state = GridState.at_start(replace(model, start=replace(model.start, switch_closed=switch_closed)))
    assert not topology_of(state).branch_live[model.branches.name.index(branch)]
    return state


def test_closing_what_is_normally_open_connects_it(training: Grid) -> None:
    """A line whose breakers are open in the source itself is closed at its only breaker of each end, and carries then."""
    closed = _normally_open(training, "T Line 1").apply([Action(kind="close", element="T Line 1")])
    assert topology_of(closed).branch_live[training.model.branches.name.index("T Line 1")]


def test_which_of_two_busbars_is_not_ours_to_choose(default_grid: Grid) -> None:
    """A normally open bay with a breaker to each busbar: the breakers are named instead."""
    with pytest.raises(InvalidAction, match=r"several breakers .*HV1 Switch 55, HV1 Switch 56.*one by one"):
        _normally_open(default_grid, "HV1 Line 14").apply([Action(kind="close", element="HV1 Line 14")])


def test_a_branch_is_expanded_to_its_breakers(default_grid: Grid) -> None:
    """The card names the switches that really move."""
    assert switched_by(default_grid.state_at(), Action(kind="open", element="HV1 Line 14")) == ("HV1 Switch 55", "HV1 Switch 57")


def test_a_disconnector_moves_alone_and_a_branch_moves_breakers_only(training: Grid) -> None:
    """The line is switched by its breakers; its disconnector is opened by name and nothing else moves with it."""
    state = training.state_at()
    switches = training.model.switches
    assert switched_by(state, Action(kind="open", element="T Line 1")) == ("A Line 1 breaker", "B Line 1 breaker")
    after = state.apply([Action(kind="open", element="A Line 1 disconnector 1")])
    assert [switches.name[i] for i in np.flatnonzero(after.switch_closed != state.switch_closed)] == ["A Line 1 disconnector 1"]
    assert after.apply([Action(kind="close", element="A Line 1 disconnector 1")]).state_id == state.state_id


@pytest.mark.parametrize(
    ("action", "says"),
    [
        ({"kind": "open", "element": "A Busbar 1"}, "cannot be opened"),
        ({"kind": "close", "element": "T Line 1"}, "already in service"),
        ({"kind": "close", "element": "A Line 1 disconnector 1"}, "already closed"),
        ({"kind": "set_tap", "element": "T Line 1", "position": 1}, "no tap changer"),
        ({"kind": "set_tap", "element": "T Trafo 1", "position": 10}, "positions -9 to 9"),
        ({"kind": "set_shunt", "element": "T Shunt 1", "step": 3}, "steps 0 to 2"),
        ({"kind": "shed_load", "element": "T Load 1", "p_mw": 23.0}, "its demand is 22.00 MW"),
        ({"kind": "set_q", "element": "T Machine 1", "q_mvar": 1.0}, "holds its voltage"),
        ({"kind": "set_voltage", "element": "T Wind 1", "vm_pu": 1.0}, "does not hold a voltage"),
        ({"kind": "release", "element": "T Line 1"}, "no profile"),
        ({"kind": "scale", "group": "area:nowhere", "factor": 2.0}, "no area 'nowhere' to scale; training exist"),
        ({"kind": "scale", "group": "coal", "factor": 2.0}, "nothing in the group 'coal' to scale; loads or generation or wind or pv"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_would(training: Grid, action: dict[str, object], says: str) -> None:
    """One sentence names the element, what was found and what works."""
    with pytest.raises(InvalidAction, match=says):
        training.state_at().apply([Action.model_validate(action)])


def test_an_unknown_element_names_the_nearest(training: Grid) -> None:
    """A name is never substituted."""
    with pytest.raises(UnknownElement, match="T Line 1"):
        training.state_at().apply([Action(kind="open", element="T Lin 1")])


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "open"},
        {"kind": "open", "element": "x", "p_mw": 1},
        {"kind": "set_p", "element": "x"},
        {"kind": "set_p", "element": "x", "p_mw": float("nan")},
        {"kind": "set_voltage", "element": "x", "vm_pu": 0.0},
        {"kind": "scale", "element": "x", "factor": 2},
        {"kind": "explode", "element": "x"},
        {"kind": "open", "element": "x", "by": 3},
    ],
)
def test_a_malformed_action_is_no_action(bad: dict[str, object]) -> None:
    """Missing, surplus, infinite or unknown values never become a command."""
    with pytest.raises(ValueError, match="validation error"):
        Action.model_validate(bad)


def test_the_state_id_is_the_same_in_every_process(training: Grid, default_grid: Grid) -> None:
    """Golden values: an approval is bound to such an id, so it must not change by accident."""
    assert GridState.at_start(training.model).state_id == GOLDEN_TRAINING
    assert default_grid.state_at().state_id == GOLDEN_DEFAULT


GOLDEN_TRAINING = "aac897e7388c3a75"
GOLDEN_DEFAULT = "20e87c8116e205f1"
