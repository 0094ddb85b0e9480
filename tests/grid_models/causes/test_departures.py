"""What differs from normal is found, told in words, and undone exactly; its effect is what a solved flow says."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grid_models.actions import Action
from grid_models.causes.branch_end import loaded_end, loading_percent
from grid_models.causes.departures import departures, undone, untouched
from grid_models.causes.effects import change_effects, departure_effects, load_of, together
from grid_models.errors import AeipError
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid
from grid_models.twin.registry import ElementKind
from grid_models.twin.state import GridState


def random_action(state: GridState, data: st.DataObject) -> Action:
    """Any switching, set-point, voltage, tap, step or shedding; not always one that makes sense."""
    element = data.draw(st.sampled_from([e for e in state.model.registry.elements if e.kind is not ElementKind.BUS]))
    kind, extra = data.draw(
        st.sampled_from(
            [
                ("open", {}),
                ("close", {}),
                ("set_p", {"p_mw": 3.0}),
                ("set_q", {"q_mvar": 1.0}),
                ("set_voltage", {"vm_pu": 1.01}),
                ("set_tap", {"position": 1}),
                ("set_shunt", {"step": 0}),
                ("shed_load", {"p_mw": 0.2}),
            ]
        )
    )
    return Action.model_validate({"kind": kind, "element": element.name, **extra})


@pytest.mark.parametrize("name", ["default_grid", "case118", "training"])
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_undoing_every_departure_gives_back_the_normal_state(name: str, request: pytest.FixtureRequest, data: st.DataObject) -> None:
    """Whatever was done, in any order: injections, switching and set-points are those of the normal state again."""
    grid: Grid = request.getfixturevalue(name)
    normal = grid.state_at()
    state = normal
    for _ in range(data.draw(st.integers(1, 8))):
        try:
            state = state.apply([random_action(state, data)])
        except AeipError:
            continue
    found = departures(state)
    assert departures(undone(state, found)) == ()
    back = undone(state, found)
    for column in ("switch_closed", "branch_on", "load_on", "generator_on", "infeed_on", "tap", "shunt_step", "infeed_vm_pu"):
        assert np.array_equal(getattr(back, column), getattr(normal, column))
    assert np.allclose(back.generator_injected_mw, normal.generator_injected_mw)
    assert np.allclose(back.load_drawn_mw, normal.load_drawn_mw)
    assert len({(column, row) for d in found for column, row, _ in d.undo}) == sum(len(d.undo) for d in found)


def test_the_normal_state_has_no_departures(default_grid: Grid, case118: Grid) -> None:
    """At any plant time: a profile's value is the schedule itself."""
    assert departures(case118.state_at()) == ()
    assert departures(default_grid.state_at()) == departures(default_grid.state_at(100)) == ()


def test_an_opened_line_is_one_departure_told_by_its_name(default_grid: Grid) -> None:
    """Its breakers at both ends are undone with it, and the effect is the difference of two solved flows."""
    normal = default_grid.state_at()
    state = normal.apply([Action(kind="open", element="HV1 Line 75")])
    (found,) = departures(state)
    assert found.words == "HV1 Line 75 is out of service, normally in service"
    solution, before = solve(state), solve(normal)
    branch = state.model.branches.name.index("HV1 Line 54")
    end = loaded_end(solution, branch)
    ((_, effect),) = departure_effects(solution, end, (found,))
    assert effect.effect_mw == pytest.approx(end.flow_mw(solution) - end.flow_mw(before), abs=1e-6)
    assert effect.effect_percent == pytest.approx(155.6 - 78.6, abs=0.1)
    assert effect.other.percent == pytest.approx(loading_percent(before, branch))


def test_each_kind_of_departure_is_told_in_words(default_grid: Grid) -> None:
    """A person reads what is different, with both values."""
    model = default_grid.model
    trafo = model.branches.name[-1]
    state = default_grid.state_at().apply(
        [
            Action(kind="open", element="HV1 Load 3"),
            Action(kind="set_tap", element=trafo, position=2),
            Action(kind="set_voltage", element=model.infeeds.name[0], vm_pu=1.05),
            Action(kind="shed_load", element="HV1 Load 5", p_mw=0.3),
            Action(kind="set_p", element="HV1 Sgen 65", p_mw=50),
        ]
    )
    words = [d.words for d in departures(state)]
    assert words[:2] == ["HV1 Load 3 is switched off, normally on", f"{trafo} is at tap position 2, normally 0"]
    assert words[2].startswith(f"{model.infeeds.name[0]} holds 1.05 pu, normally ")
    assert words[3:] == ["0.3 MW of 0.5 MW are shed at HV1 Load 5", "HV1 Sgen 65 is set to 50.0 MW instead of 133.6 MW"]


def test_a_cap_above_what_the_wind_gives_is_no_departure(default_grid: Grid) -> None:
    """It changes nothing now, so it explains nothing."""
    assert departures(default_grid.state_at().apply([Action(kind="set_p", element="HV1 Sgen 65", p_mw=500)])) == ()


def test_of_more_than_fifty_departures_the_twenty_nearest_are_solved(default_grid: Grid) -> None:
    """Half of every load shed and every park capped: what stands at the branch's own ends is among the twenty; together all are undone."""
    normal = default_grid.state_at()
    state = normal.with_arrays(load_shed_mw=normal.load_p_mw * 0.5, generator_p_setpoint_mw=normal.generator_p_mw * 0.5)
    found = departures(state)
    assert len(found) == np.sum(normal.load_p_mw > 0) + np.sum(normal.generator_p_mw > 0) > 50
    solution = solve(state)
    shed = int(np.argmax(normal.load_p_mw))
    load = state.model.loads.bus[shed]
    nodes = solution.topology.node_of_bus
    near = np.flatnonzero((solution.topology.from_node == nodes[load]) | (solution.topology.to_node == nodes[load]))
    end = loaded_end(solution, int(near[0]))
    effects = departure_effects(solution, end, found)
    assert len(effects) == 20
    assert state.model.loads.name[shed] in [d.element.name for d, _ in effects]
    sizes = [abs(e.effect_mw or 0.0) for _, e in effects]
    assert sizes == sorted(sizes, reverse=True)
    assert together(solution, end, found).other.flow_mw == pytest.approx(end.flow_mw(solve(normal)), abs=1e-6)


def test_what_a_change_has_touched_is_no_longer_a_departure(default_grid: Grid) -> None:
    """A what-if that sets the same cap again takes it over; the other departure stays."""
    state = default_grid.state_at().apply([Action(kind="set_p", element="HV1 Sgen 65", p_mw=50), Action(kind="open", element="HV1 Load 3")])
    after = state.apply([Action(kind="set_p", element="HV1 Sgen 65", p_mw=20)])
    assert [d.element.name for d in untouched(departures(state), state, after)] == ["HV1 Load 3"]


def test_effects_of_changes_add_up_and_a_step_without_solution_is_told(case39: Grid) -> None:
    """Without any infeed there is no solution: that step and the next have no effect, and the reason stands beside it."""
    normal = case39.state_at()
    opened = normal.apply([Action(kind="open", element="Line 16-17 (1)")])
    dark = opened.apply([Action(kind="open", element="Infeed at Bus 31")])
    solution = solve(opened)
    end = loaded_end(solution, normal.model.branches.name.index("Line 16-19 (1)"))
    (first,) = change_effects((normal, opened), end)
    assert first.effect_mw == pytest.approx(end.flow_mw(solution) - end.flow_mw(solve(normal)), abs=1e-9)
    steps = change_effects((normal, opened, dark, opened), end)
    assert [s.effect_mw is None for s in steps] == [False, True, True]
    assert "infeed" in (steps[1].other.reason or "")
    assert load_of(dark, end).flow_mw is None
