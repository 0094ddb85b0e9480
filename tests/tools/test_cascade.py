"""`cascade` as a study: what it answers, what it cannot be asked, and what it says while it runs."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grid_models.actions import Action
from grid_models.errors import AeipError, NotOnline, StudyCancelled, UnknownElement
from grid_models.limits import OperatingLimits
from grid_models.twin.profiles import Grid
from grid_models.twin.source import load_grid
from tools.cascade_result import CascadeResult
from tools.context import StudyContext
from tools.registry import run_study
from tools.result import InvalidArguments

LIMITS = OperatingLimits((), 100.0, "test")
Ask = Callable[..., CascadeResult]


@pytest.fixture
def ask(default_grid: Grid) -> Ask:
    """`ask(*outages, ctx=, **args)`, on the default grid unless the context says otherwise."""
    usual = StudyContext(default_grid.state_at(), LIMITS, grid=default_grid)

    def asked(*outages: str, ctx: StudyContext = usual, **args: object) -> CascadeResult:
        found = run_study("cascade", {"outages": outages, **args}, ctx)
        assert isinstance(found, CascadeResult)
        return found

    return asked


def test_line_54_spreads(ask: Ask) -> None:
    """Its twin trips by its curve after 11.7 s at 156 %; 20.3 MW are dark; the pathway leads from the one to the other."""
    found = ask("HV1 Line 54")
    assert (found.events[1].element, found.events[1].cause) == ("HV1 Line 75", "overcurrent IEC SI")
    assert (found.first_trip_s, found.lost_load_mw) == (pytest.approx(11.66, abs=0.01), pytest.approx(20.32, abs=0.01))
    assert [(p.lost, p.loaded) for p in found.pathway] == [("HV1 Line 54", "HV1 Line 75")]
    assert found.lost_energy_mwh == pytest.approx(20.32 * (3600 - 11.66) / 3600, abs=0.01)
    assert "HV1 Line 75 trips after 11.7 s" in found.headline()


def test_a_pathway_leads_from_what_was_lost_to_what_tripped(default_grid: Grid, ask: Ask) -> None:
    """Of the deepest of some cascades: every edge begins at an outage or trip and ends at a later trip."""
    found = ask("HV1 Line 54", "HV1 Line 68", "HV1 Trafo 3", relay="instant", rating_factor=0.7, top=200)
    lost = {e.element: e.step for e in found.events if e.kind in ("outage", "trip")}
    tripped = {e.element: e.step for e in found.events if e.kind == "trip"}
    assert len(found.pathway) > 2
    assert all(p.loaded in tripped and lost[p.lost] < tripped[p.loaded] for p in found.pathway)
    assert all(p.after_percent > max(p.before_percent, 100.0) for p in found.pathway)


def test_a_radial_line_loses_its_load_and_does_not_spread(ask: Ask) -> None:
    """10.0 MW are lost at once; no relay acts, and no action is claimed to help."""
    found = ask("HV1 Line 12")
    assert (found.trips, found.first_trip_s, found.stops) == (0, None, ())
    assert found.lost_load_mw == pytest.approx(9.96, abs=0.01)
    assert "does not spread" in found.headline()


def test_where_all_has_happened_before_anybody_can_act_help_is_told_as_automatic(ask: Ask) -> None:
    """Reaction after a day: each remedy is done at once and is not in time; a reaction at once is."""
    late, quick = ask("HV1 Line 54", reaction_minutes=1440), ask("HV1 Line 54", reaction_minutes=0)
    assert {(s.at_s, s.in_time) for s in late.stops} == {(0.0, False)}
    assert {(s.at_s, s.in_time) for s in quick.stops} == {(0.0, True)}
    assert "which no operator could" in late.headline()


@pytest.mark.parametrize("top", [1, 3])
def test_the_first_trip_is_told_though_the_list_is_short(ask: Ask, top: int) -> None:
    """A list of one event ends before the first trip; the sentence still says when it comes."""
    found = ask("HV1 Line 54", top=top)
    assert len(found.events) == top
    assert "11.7 s" in found.headline()


def test_it_survives_json(ask: Ask) -> None:
    """To text and back, with samples, an outage of two and changes."""
    found = ask("HV1 Line 54", "HV1 Line 12", samples=3, seed=1, changes=[{"kind": "shed_load", "element": "HV1 Load 10", "p_mw": 0.4}])
    assert CascadeResult.model_validate_json(found.model_dump_json()) == found
    assert len(found.changes) == 1


WRONG = [
    ({"outages": []}, "outages"),
    ({"outages": ["HV1 Line 54"] * 21}, "outages"),
    ({"horizon_minutes": 0}, "horizon_minutes=0"),
    ({"horizon_minutes": float("nan")}, "horizon_minutes=nan"),
    ({"reaction_minutes": -1}, "reaction_minutes=-1"),
    ({"relay": "slow"}, "'instant', 'inverse' or 'thermal'"),
    ({"method": "fast"}, "'ac' or 'dc'"),
    ({"rating_factor": 0}, "rating_factor=0"),
    ({"samples": 0}, "samples=0"),
    ({"hidden_failure_probability": 1.1}, "hidden_failure_probability=1.1"),
    ({"hidden_failure_probability": 0.5}, "samples of 2 or more would work"),
    ({"seed": -1}, "seed=-1"),
    ({"top": 0}, "top=0"),
    ({"outages": ["HV1 Load 10"]}, "'HV1 Load 10' is a load; lines, transformers, generators, infeeds and buses can fail"),
]


@pytest.mark.parametrize(("args", "says"), WRONG)
def test_what_cannot_be_asked_is_said(default_grid: Grid, args: dict[str, object], says: str) -> None:
    """One sentence that names what was wrong, and what would work."""
    with pytest.raises(InvalidArguments, match=says.replace("(", r"\(")):
        run_study("cascade", {"outages": ["HV1 Line 54"], **args}, StudyContext(default_grid.state_at(), LIMITS))


def test_an_unknown_name_is_answered_with_the_nearest(ask: Ask) -> None:
    """Nothing is simulated."""
    with pytest.raises(UnknownElement, match="HV1 Line 54"):
        ask("HV1 Lime 54")


def test_what_is_out_already_cannot_fail(default_grid: Grid, ask: Ask) -> None:
    """Opened before by a change; a line whose breakers are open, a generator, and an infeed."""
    for name in ("HV1 Line 54", "HV1 Sgen 70", default_grid.model.infeeds.name[0]):
        with pytest.raises(InvalidArguments, match=f"{name} is out of service"):
            ask(name, changes=[{"kind": "open", "element": name}])


def test_an_element_named_twice_fails_once(ask: Ask) -> None:
    """The same answer as named once."""
    assert ask("HV1 Line 12", "HV1 Line 12") == ask("HV1 Line 12")


def test_without_ratings_no_relay_acts_and_it_says_why(grid_cache: Path, ask: Ask) -> None:
    """case14 has no usable ratings: quiet, with the note; its voltages stay good too."""
    grid = load_grid("case14", grid_cache)
    found = ask("Line 1-2 (1)", ctx=StudyContext(grid.state_at(), LIMITS))
    assert (found.trips, found.lost_load_mw, found.ends) == (0, 0.0, "quiet")
    assert "Ratings are not usable" in found.ratings_note


def test_the_only_infeed_is_lost(case39: Grid, ask: Ask) -> None:
    """Machines hold what is left, with reserve and shedding; without any supply before there is nothing to ask."""
    ctx = StudyContext(case39.state_at(), LIMITS)
    found = ask("Infeed at Bus 31", ctx=ctx)
    assert 0.0 < found.lost_load_mw < found.load_mw
    assert found.islands[0].held_by.endswith("alone")
    row = found.islands[0]
    assert found.losses_mw is not None
    assert row.generation_mw + row.infeed_mw == pytest.approx(row.load_mw + found.losses_mw, rel=1e-6)
    with pytest.raises(NotOnline, match="No infeed"):
        ask("Line 1-2 (1)", ctx=replace(ctx, state=ctx.state.with_arrays(infeed_on=ctx.state.infeed_on & False)))


def test_changes_without_an_ac_solution_are_answered_by_dc_and_that_is_told(grid_cache: Path, ask: Ask) -> None:
    """Thirty times the load: the collapse is an event, once, and losses are unknown."""
    state = load_grid("case14", grid_cache).state_at()
    found = ask("Line 1-2 (1)", ctx=StudyContext(state, LIMITS), changes=[{"kind": "scale", "group": "loads", "factor": 30.0}])
    assert found.dc_steps == found.steps == 1
    assert [e.kind for e in found.events].count("collapse") == 1
    assert found.losses_mw is None


def test_samples_tell_a_risk_their_progress_and_can_be_stopped(default_grid: Grid, ask: Ask) -> None:
    """Same seed, same risk; the probability's source is said; stopped after the second sample it raises."""
    told: list[tuple[int, int]] = []
    ctx = StudyContext(default_grid.state_at(), LIMITS, progress=lambda done, total: told.append((done, total)))
    found = ask("HV1 Line 54", ctx=ctx, samples=4, seed=3)
    assert found.risk is not None
    assert found.risk == ask("HV1 Line 54", samples=4, seed=3).risk
    assert (found.risk.samples, found.risk.hidden_failure_probability) == (4, 0.01)
    assert "engineering judgement" in found.risk.probability_source
    assert told[0] == (0, 4)
    assert told[-1] == (4, 4)
    assert ask("HV1 Line 54").risk is None
    with pytest.raises(StudyCancelled):
        ask("HV1 Line 54", ctx=replace(ctx, cancelled=lambda: len(told) > 6), samples=50)


def test_changes_are_made_first(ask: Ask) -> None:
    """With its twin opened before, Line 54 leaves its end dark at once; actions that cannot be done are said."""
    found = ask("HV1 Line 54", changes=[Action.model_validate({"kind": "open", "element": "HV1 Line 75"}).model_dump()])
    assert found.trips == 0 or found.events[1].element != "HV1 Line 75"
    assert found.lost_load_mw == pytest.approx(20.32, abs=0.01)
    with pytest.raises(AeipError, match="HV1 Line 54"):
        ask("HV1 Line 54", changes=[{"kind": "set_p", "element": "HV1 Line 54", "p_mw": 1.0}])


def test_an_outage_is_not_blamed_for_what_would_trip_anyway(ask: Ask) -> None:
    """With half the ratings some relays would act before anything fails: those branches are told, and none at the ratings themselves."""
    tight = ask("HV1 Line 54", rating_factor=0.5)
    assert tight.tripping_before
    assert "would trip without this outage too" in tight.headline()
    assert ask("HV1 Line 54").tripping_before == ()


def test_an_infeed_is_lost_with_what_it_brings(default_grid: Grid, case39: Grid, ask: Ask) -> None:
    """One that takes an export brings nothing; that of case39 brings the 678 MW of its power flow, alone or with its busbar."""
    assert ask(default_grid.model.infeeds.name[0], relay="instant").events[0].lost_generation_mw == 0.0
    ctx = StudyContext(case39.state_at(), LIMITS)
    brought = [ask(name, relay="instant", ctx=ctx).events[0].lost_generation_mw for name in ("Infeed at Bus 31", "Bus 31")]
    assert brought == pytest.approx([677.87, 677.87], abs=0.01)


def test_customers_are_counted_where_the_grid_names_them(ask: Ask, default_grid: Grid) -> None:
    """Line 54 darkens one load: with 5,000 customers behind it they are lost; where no load names any, nothing is said of them."""
    assert ask("HV1 Line 54").lost_customers is None
    model, dark = default_grid.model, default_grid.model.registry.find("HV1 Bus 21").index
    customers = np.where(model.loads.bus == dark, 5000.0, np.nan)
    customers[np.flatnonzero(model.loads.bus != dark)[0]] = 70.0
    known = replace(model, loads=replace(model.loads, customers=customers))
    assert known.content_hash == model.content_hash
    state = replace(default_grid.state_at(), model=known)
    assert ask("HV1 Line 54", ctx=StudyContext(state, LIMITS, grid=default_grid)).lost_customers == 5000 * int(
        (model.loads.bus == dark).sum()
    )
