"""Alarms of a running plant: acknowledged by name, asking again when they worsen or come back, seen in every process."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent.app import App
from agent.app.acknowledged import with_acknowledgements
from agent.app.alarms import Alarms
from agent.settings import Settings
from evals.doubles.clock import Clock
from grid_models.telemetry.faults import SignFlip
from grid_models.telemetry.quantities import Quantity
from guardrails import audit
from guardrails.errors import AlarmNotFound, NotAuthorised
from guardrails.people import LOCAL, Person, Role, add

KEY = "bad measurement:telemetry:active power (from side) of HV1 Line 12"
FAULT = SignFlip(quantity=Quantity.P_FROM, element="HV1 Line 12")


def app_on(folder: Path, clock: Clock) -> App:
    return App(Settings(data_dir=folder), clock)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, grid_cache: Path, clock: Clock) -> Iterator[App]:
    """A plant runs with a sign error at HV1 Line 12; its rounds are turned by hand."""
    grid_cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "grids").symlink_to(grid_cache)
    found = app_on(tmp_path, clock)
    add(found.engine, "olga", Role.OPERATOR, by="test", now=clock())
    Alarms.start(found)
    found.owner.plant.source.inject(FAULT)
    look(found, clock)
    yield found
    found.stop()
    found.engine.dispose()


@pytest.fixture
def olga() -> Person:
    return Person(name="olga", role=Role.OPERATOR)


def look(app: App, clock: Clock, rounds: int = 3) -> None:
    for _ in range(rounds):
        clock.advance(4 / 60)
        for _ in range(8):  # so many ticks an owner needs to look again
            app.owner.tick()


def known_by(app: App) -> list[str]:
    return [alarm.acknowledged_by for alarm in app.alarms() if alarm.key == KEY]


def test_an_alarm_is_acknowledged_by_name(app: App, olga: Person, tmp_path: Path, clock: Clock) -> None:
    """It stands on, with who knows of it, here and in another process; the audit says so too."""
    assert known_by(app) == [""]
    app.acknowledge(KEY, olga, "meter crew told")
    assert known_by(app) == ["olga"]
    look(app, clock, 15)  # the history is written about once a minute
    other = app_on(tmp_path, clock)
    assert known_by(other) == ["olga"]
    assert other.live().history.samples > 0
    other.engine.dispose()
    assert [e.person for e in audit.export(app.engine) if e.event == "alarm acknowledged"] == ["olga"]


def test_studies_see_who_knows_of_it(app: App, olga: Person) -> None:
    """So that nobody is asked twice."""
    app.acknowledge(KEY, olga)
    assert app.study_context().twin.alarms[-1].acknowledged_by == "olga"


def test_what_comes_back_asks_again(app: App, olga: Person, clock: Clock) -> None:
    """An acknowledgement is of the alarm as it was told then."""
    app.acknowledge(KEY, olga)
    app.owner.plant.source.clear_faults()
    look(app, clock, 20)
    assert known_by(app) == []
    app.owner.plant.source.inject(FAULT)
    look(app, clock)
    assert known_by(app) == [""]


def test_what_worsened_asks_again(app: App, olga: Person) -> None:
    """Who knew of it knew less."""
    made = app.acknowledge(KEY, olga)
    (alarm,) = (a for a in app.alarms() if a.key == KEY)
    worse = alarm.model_copy(update={"told_at": alarm.told_at + timedelta(seconds=4), "acknowledged_by": "", "acknowledged_at": None})
    assert with_acknowledgements([alarm], {KEY: made})[0].acknowledged_by == "olga"
    assert with_acknowledgements([worse], {KEY: made})[0].acknowledged_by == ""


def test_local_is_nobody_by_name(app: App) -> None:
    """Without a credential nothing is acknowledged."""
    with pytest.raises(NotAuthorised, match="by name"):
        app.acknowledge(KEY, LOCAL)
    assert known_by(app) == [""]


def test_only_what_stands_is_acknowledged(app: App, olga: Person) -> None:
    """The sentence names what stands."""
    with pytest.raises(AlarmNotFound, match="HV1 Line 12"):
        app.acknowledge("overload:branches:HV1 Line 1", olga)


def test_without_a_plant_nothing_stands(tmp_path: Path, grid_cache: Path, olga: Person) -> None:
    """Said, not an empty list: nothing is watched."""
    grid_cache.mkdir(parents=True, exist_ok=True)
    (tmp_path / "grids").symlink_to(grid_cache)
    app = app_on(tmp_path, Clock())
    with pytest.raises(AlarmNotFound, match="no alarms are watched"):
        app.acknowledge(KEY, olga)
    app.engine.dispose()
