"""Remedies: the obvious one is found, none goes farther than it must, none claims what a power flow does not show."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grid_models.actions import Action, ActionKind
from grid_models.life.constants import Limits
from grid_models.life.course import Course
from grid_models.life.helps import helps
from grid_models.life.outlook import Outlook, outlook_of
from grid_models.life.trial import Help, Trial
from grid_models.limits import OperatingLimits
from grid_models.steady.boundary import solve
from grid_models.twin.profiles import Grid

Look = Callable[..., Outlook]
Station = Callable[..., Grid]


@pytest.fixture
def trial(expected_course: Callable[[Outlook, int], Course], limits: OperatingLimits) -> Callable[..., Trial]:
    """`trial(outlook, u, too_hot_k)`: the expected course with a hot-spot limit so far below its peak."""

    def tried(outlook: Outlook, u: int, too_hot_k: float) -> Trial:
        course = expected_course(outlook, u)
        hot = outlook.temperatures(outlook.loads(outlook.ahead.expected)).hot_spot_celsius[u]
        own = tuple(Limits(200.0, float(hot.max()) - too_hot_k) for _ in outlook.cases)
        return Trial(replace(outlook, limits=own), u, course, int(hot.argmax()), limits)

    return tried


def recalculated(trial: Trial, found: Help) -> float:
    """The peak of the course by a look ahead of its own, from the same start [°C]."""
    assume = trial.outlook.assumptions
    after = outlook_of(replace(assume, state=assume.state.apply(found.actions)), trial.outlook.cases)
    same = replace(after, start=trial.outlook.start)
    return float(same.temperatures(same.loads(trial.course.values)).hot_spot_celsius[trial.u].max())


def flows(trial: Trial, found: Help) -> tuple[float, float]:
    """Loads at the hottest moment before and after, by power flows of their own [pu]."""
    state = trial.outlook.state_with(trial.course.values[:, trial.at_step])
    legs = list(trial.outlook.cases[trial.u].unit.branches)
    after = state.apply(found.actions)
    return tuple(float(np.nan_to_num(solve(s).loading_percent[legs]).max()) / 100.0 for s in (state, after))  # type: ignore[return-value]


def test_the_opened_twin_is_closed(look: Look, station: Station, trial: Callable[..., Trial]) -> None:
    """The first remedy for a transformer that carries its twin's load is the twin; not where its outage is only imagined."""
    imagined = look(grid=station(45.0), state=lambda s: s.apply([Action(kind="open", element="T2")]))
    assert all(a.kind is not ActionKind.CLOSE for h in helps(trial(imagined, 0, 10.0), 3) for a in h.actions)
    outlook = look(grid=imagined.assumptions.grid, state=lambda s: imagined.assumptions.state, before=imagined.assumptions.state)
    first = helps(trial(outlook, 0, 10.0), 3)[0]
    assert [(a.kind, a.element) for a in first.actions] == [(ActionKind.CLOSE, "T2")]
    assert first.within_limits
    assert first.load_after_pu < 0.55 * first.load_before_pu


def test_a_cap_goes_no_farther_than_it_must(look: Look, station: Station, trial: Callable[..., Trial]) -> None:
    """The set-point keeps the limit, and 1.5 MW more would not."""
    tried = trial(look(grid=station(5.0, wind_mw=95.0)), 0, 6.0)
    (found,) = [h for h in helps(tried, 5) if h.actions[0].element == "Park"]
    cap = found.actions[0].p_mw
    assert cap is not None
    assert found.within_limits
    assert tried.suffices((Action(kind="set_p", element="Park", p_mw=cap),))
    assert not tried.suffices((Action(kind="set_p", element="Park", p_mw=cap + 1.5),))


def test_a_machine_runs_no_more_than_it_must(look: Look, station: Station, trial: Callable[..., Trial]) -> None:
    """One that has to inject more does so to the megawatt that suffices."""
    tried = trial(look(grid=station(75.0, gas_mw=5.0)), 0, 6.0)
    (found,) = [h for h in helps(tried, 5) if h.actions[0].element == "Gas"]
    power = found.actions[0].p_mw
    assert power is not None
    assert 5.0 < power < 59.0
    assert found.within_limits
    assert not tried.suffices((Action(kind="set_p", element="Gas", p_mw=power - 1.5),))


@pytest.mark.slow
def test_caps_of_the_default_grid_are_gentle(look: Look, trial: Callable[..., Trial]) -> None:
    """Also where wind blows hardest at another hour than the transformer is hottest."""
    tried = trial(look(), 3, 0.7)
    caps = [h for h in helps(tried, 10) if len(h.actions) == 1 and h.actions[0].kind is ActionKind.SET_P]
    assert caps
    for found in (h for h in caps if h.within_limits):
        action = found.actions[0]
        assert action.p_mw is not None
        assert not tried.suffices((action.model_copy(update={"p_mw": action.p_mw + 1.5}),))


@pytest.mark.slow
@pytest.mark.parametrize("too_hot_k", [0.7, 6.0])
def test_every_effect_is_recalculated(look: Look, trial: Callable[..., Trial], too_hot_k: float) -> None:
    """Loads before and after are those of power flows, peaks those of a look ahead, and each told remedy relieves."""
    tried = trial(look(state=lambda s: s.apply([Action(kind="open", element="HV1 Trafo 4")])), 2, too_hot_k)
    found = helps(tried, 10)
    assert found
    for each in found:
        assert (each.load_before_pu, each.load_after_pu) == pytest.approx(flows(tried, each), abs=1e-9)
        peak = recalculated(tried, each)
        assert each.peak_after_celsius == pytest.approx(peak, abs=1e-6)
        assert each.peak_before_celsius - peak > 0.2
        assert each.within_limits == (peak <= tried.outlook.limits[2].hot_spot_celsius)
    ranks = [(not h.within_limits, h.new_violations, h.peak_after_celsius) for h in found]
    assert ranks == sorted(ranks)


def test_what_cannot_be_done_is_no_help(look: Look, station: Station, trial: Callable[..., Trial]) -> None:
    """Opening what is open, or a state without a solution, is dropped and breaks nothing."""
    tried = trial(look(grid=station(45.0)), 0, 5.0)
    assert tried.help((Action(kind="close", element="T1"),)) is None
    assert tried.help((Action(kind="scale", group="loads", factor=40.0),)) is None


def test_there_may_be_no_remedy(look: Look, station: Station, trial: Callable[..., Trial]) -> None:
    """Without anything to close or to set nothing is invented."""
    assert helps(trial(look(grid=station(45.0, max_gas_mw=0.0)), 0, 5.0), 5) == ()


def test_a_new_overload_is_counted(look: Look, station: Station, trial: Callable[..., Trial]) -> None:
    """A change that overloads something else says so; one that does not has none."""
    tried = trial(look(grid=station(45.0)), 0, 5.0)
    worse = tried.help((Action(kind="open", element="T1"),))
    better = tried.help((Action(kind="set_p", element="Gas", p_mw=20.0),))
    assert worse is not None
    assert better is not None
    assert worse.new_violations == 1
    assert better.new_violations == 0
