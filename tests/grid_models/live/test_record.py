"""History and alarms of the loop: what is kept, and what one odd set does not raise."""

from grid_models.alarms import AlarmKind
from grid_models.history import History, Trended
from grid_models.limits import OperatingLimits
from grid_models.live.record import TwinRecord
from grid_models.telemetry.faults import SignFlip

LIMITS = OperatingLimits((), 100.0, "loading")


def bad(record: TwinRecord) -> list[str]:
    return [a.reading.element for a in record.standing if a.reading.kind is AlarmKind.BAD_MEASUREMENT]


def test_a_bad_meter_is_an_alarm_once_it_is_bad_three_times(watched) -> None:
    """Chance removes a good meter now and then, hardly ever the same one again; the estimate does without it at once."""
    record = TwinRecord(History(watched.grid.model))
    record.note(watched.after(), LIMITS)
    watched.plant.inject(SignFlip(quantity="P_FROM", element="HV1 Line 12"))
    for expected in (0, 0, 1, 1):
        found = watched.after()
        record.note(found, LIMITS)
        assert len(found.bad_meters) == 1
        assert len(bad(record)) == expected
    watched.plant.clear_faults()
    record.note(watched.after(), LIMITS)
    watched.plant.inject(SignFlip(quantity="P_FROM", element="HV1 Line 12"))
    for _ in range(60):
        watched.plant.clear_faults()
        record.note(watched.after(), LIMITS)
    assert bad(record) == []


def test_only_accepted_states_enter_the_history(watched) -> None:
    """Silence adds an alarm and no sample."""
    record = TwinRecord(History(watched.grid.model))
    record.note(watched.after(), LIMITS)
    record.silence(watched.plant.plant_time(), "nothing comes.", LIMITS)
    assert record.history.samples == 1
    assert [a.reading.kind for a in record.standing if a.reading.table == "telemetry"] == [AlarmKind.SOURCE_DEAD]
    assert len(record.history.series(Trended.LOADING, "HV1 Line 54").values) == 1
