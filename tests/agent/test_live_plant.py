"""The owned plant with its twin: what is published, what a restart finds, and what happens when nothing can be believed."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from agent.app import App
from agent.live_plant import LivePlant, stored_view
from evals.doubles.clock import Clock
from evals.doubles.fresh_app import fresh_app
from grid_models.actions import Action
from grid_models.alarms import AlarmKind
from grid_models.errors import NotOnline
from grid_models.telemetry.faults import DeadSource, GrossError, InvalidFault, SignFlip
from grid_models.telemetry.measurement_set import Telemetry
from guardrails.people import Role, add, get
from guardrails.transitions import Status


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(tmp_path: Path, grid_cache: Path, clock: Clock) -> Iterator[App]:
    """Nobody's plant yet; a test opens it without the owner's thread."""
    with fresh_app(tmp_path / "data", grid_cache, now=clock, owned=False) as found:
        yield found


@pytest.fixture
def plant(app: App) -> LivePlant:
    return app._opened(app.grid())


def looked(plant: LivePlant, clock: Clock, rounds: int = 1) -> None:
    for _ in range(rounds):
        clock.advance(4 / 60)
        plant.look()


def wrecked(plant: LivePlant) -> None:
    """So many wrong meters that no state can be believed."""
    for name in plant.model.branches.name[:60]:
        for quantity in ("P_FROM", "P_TO"):
            with suppress(InvalidFault):  # no meter there
                plant.source.inject(GrossError(quantity=quantity, element=name, offset=float(37 + len(name) % 7 * 11)))


def test_the_view_tells_age_and_quality(plant: LivePlant, clock: Clock) -> None:
    """Fresh and good at first; a minute without looking it is a minute old; a bad meter is counted."""
    looked(plant, clock)
    assert plant.view.words(clock()) == "live estimate, 0 s old"
    clock.advance(1.5)
    assert plant.view.words(clock()) == "live estimate, 90 s old; no newer telemetry came"
    plant.source.inject(SignFlip(quantity="P_FROM", element="HV1 Line 12"))
    looked(plant, clock)
    assert plant.view.words(clock()) == "live estimate, 0 s old, 1 bad measurement left out"


def test_another_process_finds_what_the_owner_published(app: App, plant: LivePlant, clock: Clock) -> None:
    """State, telemetry, time and alarms, from the files alone."""
    plant.source.inject(SignFlip(quantity="P_FROM", element="HV1 Line 12"))
    looked(plant, clock, 4)
    found = stored_view(app.grid(), plant.folder)
    assert found.state.state_id == plant.view.state.state_id
    assert found.accepted_at == plant.view.accepted_at
    assert np.array_equal(found.telemetry.measurements.value, plant.view.telemetry.measurements.value, equal_nan=True)
    assert [a.key for a in found.alarms] == [a.key for a in plant.view.alarms]
    assert any(a.reading.kind is AlarmKind.BAD_MEASUREMENT for a in found.alarms)


def test_a_restart_resumes_state_alarms_and_history(app: App, plant: LivePlant, clock: Clock) -> None:
    """What was known before is known after, with its age; what was commanded is still so."""
    plant.execute(Action(kind="open", element="HV1 Line 14"), "k")
    looked(plant, clock, 3)
    plant.save()
    before = plant.view
    clock.advance(10)
    again = app._opened(app.grid())
    assert again.view.state.state_id == before.state.state_id
    assert again.view.age_s(clock()) == pytest.approx(600.0)
    assert {a.key for a in again.record.standing} == {a.key for a in before.alarms}
    assert again.record.history.samples == plant.record.history.samples
    looked(again, clock)
    assert again.view.age_s(clock()) == 0.0
    assert np.array_equal(again.view.state.switch_closed, before.state.switch_closed)


@pytest.mark.parametrize("left", [b"", b"PK\x03\x04 half a file"])
@pytest.mark.parametrize("name", ["accepted.npz", "telemetry.npz"])
def test_half_a_published_file_keeps_no_plant_from_starting(app: App, plant: LivePlant, clock: Clock, name: str, left: bytes) -> None:
    """Others get one sentence; the owner looks at the plant itself and publishes anew."""
    looked(plant, clock)
    plant.save()
    (plant.folder / name).write_bytes(left)
    with pytest.raises(NotOnline, match=r"cannot be read .*\."):
        stored_view(app.grid(), plant.folder)
    again = app._opened(app.grid())
    looked(again, clock)
    assert again.view.age_s(clock()) == 0.0
    assert stored_view(app.grid(), plant.folder) is not None


def test_a_dead_source_leaves_the_last_state_and_raises_an_alarm(plant: LivePlant, clock: Clock) -> None:
    """The state stands with its age and the reason; it recovers by itself."""
    looked(plant, clock)
    state = plant.view.state
    plant.source.inject(DeadSource())
    looked(plant, clock, 30)
    assert plant.view.state is state
    assert "have stopped" in plant.view.doubts[0]
    assert any(a.reading.kind is AlarmKind.SOURCE_DEAD for a in plant.record.standing)
    with pytest.raises(NotOnline, match="cannot be believed"):
        plant.observe()
    plant.source.clear_faults()
    looked(plant, clock, 60)
    assert plant.view.doubts == ()
    assert not any(a.reading.kind is AlarmKind.SOURCE_DEAD for a in plant.record.standing)


def test_what_cannot_be_believed_is_neither_studied_nor_acted_on(app: App, plant: LivePlant, clock: Clock) -> None:
    """The last good state stands for studies; an approved change is not carried out on it."""
    looked(plant, clock)
    state = plant.view.state
    wrecked(plant)
    looked(plant, clock)
    assert plant.view.state is state
    assert plant.view.doubts
    for name, role in (("olga", Role.OPERATOR), ("sven", Role.SUPERVISOR)):
        add(app.engine, name, role, by="test", now=clock())
    from guardrails.execution import carry_out

    action = Action(kind="open", element="HV1 Line 14")
    verdict = app.gate().check(state, [action], "maintenance", "live")
    proposal = app.ledger.submit(verdict, "maintenance", "olga")
    app.ledger.decide(proposal.id, get(app.engine, "sven"), "approve", proposal.verdict_hash, "")
    done = carry_out(app.ledger, proposal.id, app.gate().check, plant)
    assert done.status is Status.FAILED
    assert "Nothing was executed" in done.outcome_note
    assert plant.source.telemetry().measurements.value.shape  # the plant itself is still there
    plant.source.clear_faults()
    looked(plant, clock, 2)
    assert np.array_equal(plant.view.state.switch_closed, state.switch_closed)


def test_health_tells_what_is_doubted(tmp_path: Path, grid_cache: Path, clock: Clock) -> None:
    """Age and quality of the estimate, and why newer telemetry is not trusted; the process itself is well."""
    with fresh_app(tmp_path / "owned", grid_cache, now=clock) as app:
        assert app.health()["estimate"] == "live estimate, 0 s old"
        assert app.health()["doubt"] is None
        wrecked(app.owner.plant)
        looked(app.owner.plant, clock)
        health = app.health()
        assert health["status"] == "ok"
        assert "not trusted" in health["estimate"]
        assert health["doubt"]


def test_two_who_look_at_once_never_turn_time_back(plant: LivePlant, clock: Clock) -> None:
    """A set that is held up is concluded before a newer one is measured, so no clock seems to go back."""
    looked(plant, clock)
    telemetry = plant.source.telemetry

    def held_up() -> Telemetry:
        found = telemetry()
        plant.source.telemetry = telemetry  # type: ignore[method-assign]
        time.sleep(0.5)
        return found

    plant.source.telemetry = held_up  # type: ignore[method-assign]
    first = threading.Thread(target=plant.look)
    first.start()
    time.sleep(0.2)
    clock.advance(1)
    plant.look()
    first.join()
    assert plant.twin.last.admitted.notes == ()
    assert plant.view.age_s(clock()) == 0.0


def test_a_slow_plant_holds_up_nobody(app: App, plant: LivePlant, clock: Clock) -> None:
    """While a set takes its time, the view of before is there at once."""
    looked(plant, clock)
    telemetry = plant.source.telemetry
    plant.source.telemetry = lambda: (time.sleep(1.5), telemetry())[1]  # type: ignore[method-assign]
    slow = threading.Thread(target=plant.look)
    slow.start()
    time.sleep(0.2)
    began = time.perf_counter()
    view = plant.view
    assert view is not None
    assert time.perf_counter() - began < 0.5
    slow.join()
