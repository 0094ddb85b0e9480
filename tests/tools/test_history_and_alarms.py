"""Trends are thinned and gaps are told; alarms are grouped, filtered, and said to be findings where nobody watches."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from grid_models.errors import UnknownElement
from grid_models.limits import OperatingLimits
from grid_models.telemetry.faults import SignFlip
from grid_models.telemetry.quantities import Quantity
from grid_models.twin.profiles import Grid
from tools.alarms_result import AlarmsResult
from tools.context import StudyContext
from tools.history_result import HistoryResult
from tools.moments import moment
from tools.registry import InvalidArguments, run_study
from tools.result import Result

NOW = datetime(2016, 8, 12, 9, 45, tzinfo=UTC)


def trends(result: Result) -> HistoryResult:
    assert isinstance(result, HistoryResult)
    return result


def standing_alarms(result: Result) -> AlarmsResult:
    assert isinstance(result, AlarmsResult)
    return result


def test_the_trend_of_an_element(live) -> None:
    """By default what its kind has; thinned samples keep the first and the last."""
    live.run(30)
    (found,) = trends(live.study("history", element="HV1 Line 12", top=5)).trends
    assert (found.quantity, found.unit, found.samples_total, len(found.samples)) == ("loading", "percent", 31, 5)
    assert found.samples[0].value == found.first
    assert found.samples[-1].value == found.last
    assert found.minimum <= found.mean <= found.maximum
    assert found.change == pytest.approx(found.last - found.first)
    assert trends(live.study("history", element="HV1 Bus 5")).trends[0].quantity == "voltage"


def test_without_an_element_the_totals(live) -> None:
    """Load, generation and infeed; they balance but for the losses."""
    live.run(3)
    found = trends(live.study("history")).trends
    assert [t.quantity for t in found] == ["load", "generation", "infeed"]
    load, generation, infeed = (t.last for t in found)
    assert 0 < generation + infeed - load < 0.05 * generation


def test_a_pause_is_a_gap(live) -> None:
    """However few samples are listed."""
    live.run(10)
    live.at += timedelta(minutes=5)
    live.run(10)
    (found,) = trends(live.study("history", element="HV1 Line 12", top=4)).trends
    assert found.gaps == 1
    assert sum(s.gap for s in found.samples) == 1
    assert "1 gap" in trends(live.study("history", element="HV1 Line 12")).headline()


def test_since_cuts(live) -> None:
    """Only what is younger is told."""
    live.run(40)
    (found,) = trends(live.study("history", element="HV1 Line 12", since="1 min")).trends
    assert found.samples_total == 16


def test_nothing_recorded_is_a_sentence(default_grid: Grid, standing: Callable[..., Result]) -> None:
    """A standing start has no past."""
    found = trends(standing(default_grid, "history", element="HV1 Line 12"))
    assert not found.recorded
    assert found.headline().startswith("Nothing is recorded")


def test_what_is_not_kept_is_refused_with_what_is(default_grid: Grid, standing: Callable[..., Result]) -> None:
    """A load has no voltage, a grid no loading."""
    with pytest.raises(InvalidArguments, match="load would work"):
        standing(default_grid, "history", element="HV1 Load 1", quantity="voltage")
    with pytest.raises(InvalidArguments, match="load, generation, infeed would work"):
        standing(default_grid, "history", quantity="loading")
    with pytest.raises(UnknownElement):
        standing(default_grid, "history", element="HV1 Line 4711")


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("30 min", NOW - timedelta(minutes=30)),
        ("2 h", NOW - timedelta(hours=2)),
        ("1 day", NOW - timedelta(days=1)),
        ("90 seconds ago", NOW - timedelta(seconds=90)),
        ("09:00", NOW.replace(hour=9, minute=0)),
        ("10:00", NOW.replace(hour=10, minute=0) - timedelta(days=1)),
        ("2016-08-12T08:00", NOW.replace(hour=8, minute=0)),
    ],
)
def test_moments(words: str, at: datetime) -> None:
    """Spans count back from now; a time of the day is the last one that was."""
    assert moment(words, NOW) == at


@pytest.mark.parametrize("words", ["soon", "3 moons", "25:99", "999999999999 day"])
def test_no_moment_is_one_sentence(words: str) -> None:
    """With what would work."""
    with pytest.raises(InvalidArguments, match="would work"):
        moment(words, NOW)


def test_alarms_name_the_bad_meter_once(live) -> None:
    """Watched; found by the element's whole name only; unacknowledged."""
    assert standing_alarms(live.study("alarms")).headline() == "No alarm stands."
    live.run(3, SignFlip(quantity=Quantity.P_FROM, element="HV1 Line 12"))
    found = standing_alarms(live.study("alarms"))
    assert found.watched
    assert found.total == found.unacknowledged == 1
    assert found.groups[0].sentence.count("HV1 Line 12") == 1
    assert standing_alarms(live.study("alarms", element="HV1 Line 12")).total == 1
    assert standing_alarms(live.study("alarms", element="HV1 Line 1")).total == 0
    assert standing_alarms(live.study("alarms", status="unacknowledged")).total == 1


def test_where_nobody_watches_the_violations_are_findings(default_grid: Grid) -> None:
    """The same engine, said to be no watch."""
    tight = OperatingLimits((), 70.0, "branch-loading")
    found = standing_alarms(run_study("alarms", {"top": 500}, StudyContext(default_grid.state_at(), tight)))
    assert not found.watched
    assert found.headline().startswith("Nothing is watched now")
    loadings = {a.element for a in found.alarms if a.kind == "overload"}
    assert {"HV1 Line 75", "HV1 Line 54"} <= loadings or len(loadings) > 0
    assert all(a.value > 70.0 for a in found.alarms if a.kind == "overload")


def test_an_unknown_element_is_refused(live) -> None:
    """With the nearest names, as everywhere."""
    with pytest.raises(UnknownElement):
        live.study("alarms", element="HV1 Line 4711")
