"""The alarm engine: each alarm new once, gone only as cleared, never flapping with noise, grouped by what caused it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grid_models.actions import Action
from grid_models.alarms import (
    KIND_RULES,
    Alarm,
    AlarmChange,
    AlarmKind,
    AlarmRules,
    AlarmsUnreadable,
    Reading,
    Severity,
    Watched,
    acknowledged,
    alarms,
    grouped,
    restored,
    stored,
)
from grid_models.alerting.judge import judged
from grid_models.alerting.moved import moved
from grid_models.limits import OperatingLimits, VoltageBand
from grid_models.steady.boundary import solve
from grid_models.steady.solution import Solution
from grid_models.twin.profiles import Grid

START = datetime(2016, 8, 12, 9, 45, tzinfo=UTC)
LIMITS = OperatingLimits((VoltageBand("voltage-110", 100.0, 150.0, 0.9, 1.2),), 100.0, "branch-loading")
RULES = AlarmRules()
EVENTS = (AlarmKind.POSITION, AlarmKind.RISING, AlarmKind.VOLTAGE_MOVES)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def loading(percent: float, element: str = "Line 1") -> Reading:
    """An overload reading against 100 percent."""
    return Reading(kind=AlarmKind.OVERLOAD, table="branches", element=element, value=percent, limit=100.0, unit="percent")


def silent(station: str, element: str) -> Reading:
    """A stale meter."""
    return Reading(kind=AlarmKind.STALE, table="telemetry", element=element, place=station)


def run(steps: Sequence[Sequence[Reading]], every_s: float = 4.0) -> list[AlarmChange]:
    """One judgement after the other."""
    changes: list[AlarmChange] = []
    for number, readings in enumerate(steps):
        standing = changes[-1].standing if changes else ()
        changes.append(judged(readings, after(number * every_s), standing, RULES))
    return changes


readings_st = st.builds(
    Reading,
    kind=st.sampled_from(
        [AlarmKind.OVERLOAD, AlarmKind.UNDERVOLTAGE, AlarmKind.NEAR_LIMIT, AlarmKind.STALE, AlarmKind.POSITION, AlarmKind.RISING]
    ),
    table=st.just("branches"),
    element=st.sampled_from(["a", "b", "c"]),
    value=st.one_of(st.none(), st.floats(80, 120)),
    limit=st.just(100.0),
    upper=st.booleans(),
)
steps_st = st.lists(st.tuples(st.lists(readings_st, max_size=6), st.integers(-100, 1000), st.booleans()), max_size=25)


@given(steps=steps_st)
def test_every_alarm_is_new_once_and_goes_only_as_cleared(steps: list[tuple[list[Reading], int, bool]]) -> None:
    """Standing after is standing before, less the cleared, plus the new, whatever is read and however the clock runs."""
    standing: tuple[Alarm, ...] = ()
    at = START
    for readings, seconds, known in steps:
        at += timedelta(seconds=seconds)
        change = judged(readings, at, standing, RULES, known=known)
        before, now = {a.key for a in standing}, [a.key for a in change.standing]
        new, cleared = {a.key for a in change.new}, {a.key for a in change.cleared}
        assert len(now) == len(set(now))
        assert not new & before
        assert cleared <= before
        assert set(now) == (before - cleared) | new
        assert {a.key for a in change.worsened} <= set(now) - new
        assert change == judged(readings, at, standing, RULES, known=known)
        standing = change.standing


@given(noise=st.lists(st.floats(-0.99, 0.99), max_size=60), level=st.floats(90, 115))
def test_noise_cannot_flap(noise: list[float], level: float) -> None:
    """Within the band a value raises at most one alarm and clears none that it could raise again."""
    changes = run([[loading(level + n)] for n in noise])
    assert sum(len(c.new) for c in changes) <= 1
    assert not any(c.worsened for c in changes)


def test_it_clears_only_well_below_the_limit() -> None:
    """A loading of 98.5 percent holds an overload, 97.9 clears it."""
    changes = run([[loading(101)], [loading(98.5)], [loading(97.9)], [loading(99.9)]])
    assert [len(c.standing) for c in changes] == [1, 1, 0, 0]
    assert changes[2].cleared[0].since == START


def test_a_missing_reading_is_well_inside() -> None:
    """The element is not even near its limit any more."""
    assert run([[loading(101)], []])[1].cleared[0].key == "overload:branches:Line 1"


def test_worse_by_a_step_is_told_and_must_be_acknowledged_again() -> None:
    """Five points; less is not told; an acknowledged alarm that does not worsen stays acknowledged."""
    first = judged([loading(101)], START, (), RULES)
    known = tuple(acknowledged(a, "olga", START) for a in first.standing)
    little = judged([loading(105.9)], after(4), known, RULES)
    assert little.worsened == ()
    assert little.standing[0].acknowledged_by == "olga"
    assert little.standing[0].reading.value == 105.9
    much = judged([loading(106.0)], after(8), little.standing, RULES)
    assert [a.reported for a in much.worsened] == [106.0]
    assert much.standing[0].acknowledged_by == ""
    assert much.standing[0].since == START


def test_better_and_worse_again_is_told() -> None:
    """From 150 to 105 percent and back to 120 is a worsening."""
    changes = run([[loading(150)], [loading(105)], [loading(120)]])
    assert [len(c.worsened) for c in changes] == [0, 0, 1]


def test_undervoltage_worsens_downwards() -> None:
    """The other side of the limit."""
    low = [
        Reading(kind=AlarmKind.UNDERVOLTAGE, table="buses", element="B", value=v, limit=0.9, unit="pu", upper=False) for v in (0.89, 0.87)
    ]
    assert [len(c.worsened) for c in run([[r] for r in low])] == [0, 1]


def test_an_intermittent_meter_is_one_alarm() -> None:
    """Good and bad every few seconds: new once, cleared a minute after it was bad last."""
    meter = silent("Substation 7", "meter 1")
    changes = run([[meter], [], [meter], [], *[[]] * 20])
    assert sum(len(c.new) for c in changes) == 1
    assert [i for i, c in enumerate(changes) if c.cleared] == [17]


def test_without_an_accepted_state_the_network_is_not_called_well(default_grid: Grid) -> None:
    """An overload stands on while the estimate is refused; the refusal is an alarm of its own."""
    overload = judged([loading(120)], START, (), RULES).standing
    refused = Reading(kind=AlarmKind.NOT_ACCEPTED, table="telemetry", element="estimate")
    blind = alarms(None, Watched(after(4), None, LIMITS, known=False, concerns=(refused,)), overload)
    assert [a.reading.kind for a in blind.standing] == [AlarmKind.OVERLOAD, AlarmKind.NOT_ACCEPTED]
    assert not blind.cleared
    assert blind.new[0].severity is Severity.ALARM


def test_what_cannot_be_seen_is_not_called_well(default_grid: Grid) -> None:
    """A line that was overloaded and is not observable now keeps its alarm; once it is dead or seen to be well, it clears."""
    seen = solve(default_grid.state_at())
    line = int(np.nanargmax(seen.loading_percent))
    is_line = np.arange(len(seen.loading_percent)) == line
    high, lost = (replace(seen, loading_percent=np.where(is_line, value, seen.loading_percent)) for value in (120.0, np.nan))
    standing = alarms(None, Watched(START, high, LIMITS), ()).standing
    assert len(alarms(None, Watched(after(4), lost, LIMITS), standing).standing) == len(standing) > 0
    assert not any(a.reading.kind is AlarmKind.OVERLOAD for a in alarms(None, Watched(after(4), seen, LIMITS), standing).standing)
    dead = replace(lost, topology=replace(seen.topology, branch_live=seen.topology.branch_live & ~is_line))
    assert len(alarms(None, Watched(after(4), dead, LIMITS), standing).cleared) == 1


def test_a_clock_that_goes_back_holds_nothing_for_long() -> None:
    """An event seen at ten o'clock clears a quarter of an hour after the clock was set to nine."""
    event = Reading(kind=AlarmKind.POSITION, table="branches", element="Line 1", words="switched off")
    first = judged([event], START, (), RULES)
    back = judged([], after(-3600), first.standing, RULES)
    assert len(back.standing) == 1
    assert len(judged([], after(-3600 + 901), back.standing, RULES).cleared) == 1


def test_an_overload_covers_its_early_warning() -> None:
    """One alarm for one loading; below the limit the early warning takes over."""
    near = [Reading(kind=AlarmKind.NEAR_LIMIT, table="branches", element="Line 1", value=v, limit=90.0) for v in (95.0, 101.0, 99.0, 97.0)]
    changes = run([[loading(r.value), r] for r in near])
    assert [[a.reading.kind for a in c.standing] for c in changes] == [
        [AlarmKind.NEAR_LIMIT],
        [AlarmKind.OVERLOAD],
        [AlarmKind.OVERLOAD],
        [AlarmKind.NEAR_LIMIT],
    ]


def test_every_kind_has_a_rule() -> None:
    """None can be left out."""
    assert set(KIND_RULES) == set(AlarmKind)


@pytest.fixture(scope="module")
def solved(default_grid: Grid) -> Solution:
    """The demo start of the default grid."""
    return solve(default_grid.state_at())


def test_an_opened_line_groups_what_it_causes(solved: Solution) -> None:
    """Opening HV1 Line 12 loses 10.0 MW of load: one group, one sentence, the line's name in it."""
    opened = solve(solved.state.apply([Action(kind="open", element="HV1 Line 12")]))
    start = alarms(None, Watched(START, solved, LIMITS), ())
    change = alarms(Watched(START, solved, LIMITS), Watched(after(4), opened, LIMITS), start.standing)
    kinds = {a.reading.kind for a in change.new}
    assert {AlarmKind.POSITION, AlarmKind.LOST_LOAD, AlarmKind.LOST_GENERATION} <= kinds
    groups = [g for g in grouped(change.standing) if "HV1 Line 12" in g.cause]
    assert len(groups) == 1
    assert groups[0].severity is Severity.ALARM
    assert "lost load" in groups[0].sentence
    lost = next(a for a in change.new if a.reading.kind is AlarmKind.LOST_LOAD)
    assert lost.reading.value == pytest.approx(10.0, abs=0.1)


def test_losing_a_circuit_overloads_its_twin(solved: Solution) -> None:
    """HV1 Line 75 out: HV1 Line 54 at 155.6 percent, new, with the outage as the cause; closed again, it clears."""
    out = solve(solved.state.apply([Action(kind="open", element="HV1 Line 75")]))
    first, second, third = Watched(START, solved, LIMITS), Watched(after(4), out, LIMITS), Watched(after(8), solved, LIMITS)
    change = alarms(first, second, alarms(None, first, ()).standing)
    overload = next(a for a in change.new if a.reading.kind is AlarmKind.OVERLOAD)
    assert (overload.reading.element, overload.reading.value) == ("HV1 Line 54", pytest.approx(155.6, abs=0.1))
    assert "HV1 Line 75" in overload.cause
    back = alarms(second, third, change.standing)
    assert overload.key in {a.key for a in back.cleared}
    assert [(a.reading.element, a.reading.words) for a in back.worsened] == [("HV1 Line 75", "back in service")]


def test_taps_and_single_breakers_are_told_too(training: Grid) -> None:
    """A tap from one position to another and a coupler that opens, each in its words."""
    state = training.state_at()
    model = state.model
    coupler = int(np.flatnonzero((model.switches.branch < 0) & state.switch_closed)[0])
    closed, tap = state.switch_closed.copy(), state.tap.copy()
    closed[coupler] = False
    tap[-1] += 1
    found = {r.key: r.words for r in moved(state, state.with_arrays(switch_closed=closed, tap=tap))}
    assert f"tap position {tap[-1] - 1} to {tap[-1]}" in found.values()
    assert len(found) == 2


def test_a_quiet_state_says_nothing_new(solved: Solution) -> None:
    """The same state again: no alarm is new, worse or cleared."""
    one, two = Watched(START, solved, LIMITS), Watched(after(4), solved, LIMITS)
    standing = alarms(None, one, ()).standing
    change = alarms(one, two, standing)
    assert (change.new, change.worsened, change.cleared) == ((), (), ())
    assert [a.key for a in change.standing] == [a.key for a in standing]


def test_fast_changes_are_told(solved: Solution) -> None:
    """A loading that rises by 15 points within a minute and a voltage that falls by 0.03 pu; half of it is not told."""
    for share, expected in ((1.0, {AlarmKind.RISING, AlarmKind.VOLTAGE_MOVES}), (0.4, set())):
        rise = np.where(np.arange(len(solved.loading_percent)) == 3, 15.0 * share, 0.0)
        fall = np.where(np.arange(len(solved.vm_pu)) == 5, 0.03 * share, 0.0)
        low = replace(solved, loading_percent=np.full(len(rise), 65.0))
        high = replace(solved, loading_percent=65.0 + rise, vm_pu=solved.vm_pu - fall)
        change = alarms(Watched(START, low, LIMITS), Watched(after(4), high, LIMITS), ())
        assert {a.reading.kind for a in change.new} & set(EVENTS) == expected


def test_voltages_of_one_region_are_one_group(solved: Solution) -> None:
    """Every 110-kV node above 1.10 pu is one sentence that counts them."""
    tight = replace(LIMITS, voltage_bands=(VoltageBand("voltage-110", 100.0, 150.0, 0.9, 1.1),))
    change = alarms(None, Watched(START, solved, tight), ())
    high = [a for a in change.new if a.reading.kind is AlarmKind.OVERVOLTAGE]
    groups = [g for g in grouped(change.new) if g.alarms[0].reading.kind is AlarmKind.OVERVOLTAGE]
    assert len(high) == 66
    assert len(groups) == 1
    assert "66 × overvoltage" in groups[0].sentence


def test_a_station_that_is_silent_is_one_group() -> None:
    """However many meters it has."""
    change = judged([silent("Substation 7", f"meter {i}") for i in range(12)], START, (), RULES)
    groups = grouped(change.new)
    assert [g.cause for g in groups] == ["telemetry of Substation 7"]
    assert "12 × stale telemetry" in groups[0].sentence


def test_stored_alarms_come_back_the_same(solved: Solution) -> None:
    """With acknowledgement and infinite values; a damaged text is refused in one sentence."""
    out = solve(solved.state.apply([Action(kind="open", element="HV1 Line 75")]))
    found = (
        alarms(Watched(START, solved, LIMITS), Watched(after(4), out, LIMITS), ()).standing
        + judged([loading(float("inf"))], START, (), RULES).standing
    )
    known = tuple(acknowledged(a, "olga", after(9)) for a in found)
    assert restored(stored(known)) == known
    assert len(known) > 1
    with pytest.raises(AlarmsUnreadable, match="watching goes on"):
        restored(stored(known)[:-5])
