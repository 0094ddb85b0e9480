"""The door: what is let in, what is refused and in which words, whatever comes in whatever order."""

import time
from dataclasses import replace

import numpy as np
import pytest

from grid_models.steady.solution import Solution
from grid_models.telemetry.door import Admitted, admit
from grid_models.telemetry.door_memory import DoorMemory
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.measurement_set import Measurement, MeasurementSet
from grid_models.telemetry.quantities import Quality, Quantity
from grid_models.telemetry.readings import measured
from grid_models.telemetry.refusals import Reason
from grid_models.twin.model import FloatArray, IntArray
from grid_models.twin.profiles import Grid

NOW_S = 1_470_995_100.0


@pytest.fixture
def sound(solved: Solution, instruments: Instruments) -> MeasurementSet:
    """A set in which nothing is wrong."""
    return measured(solved, instruments, np.random.default_rng(1), NOW_S)


class Door:
    """Lets sets in one after the other."""

    def __init__(self, grid: Grid, instruments: Instruments | None) -> None:
        self.grid, self.instruments = grid, instruments
        self.memory: DoorMemory | None = None

    def __call__(self, measurements: MeasurementSet, now_s: float = NOW_S, ordered_taps: IntArray | None = None) -> Admitted:
        admitted = admit(measurements, self.instruments, self.grid.model, self.memory, now_s, ordered_taps=ordered_taps)
        assert len(admitted.good) + sum(r.count for r in admitted.refused) == len(measurements)
        self.memory = admitted.memory
        return admitted


@pytest.fixture
def door(default_grid: Grid, instruments: Instruments) -> Door:
    return Door(default_grid, instruments)


def _changed(m: MeasurementSet, rows: IntArray | int, **columns: FloatArray | float) -> MeasurementSet:
    changed = {}
    for name, value in columns.items():
        changed[name] = getattr(m, name).copy()
        changed[name][rows] = value
    return replace(m, **changed)


def _reasons(admitted: Admitted) -> dict[Reason, int]:
    found: dict[Reason, int] = {}
    for refusal in admitted.refused:
        found[refusal.reason] = found.get(refusal.reason, 0) + refusal.count
    return found


def test_a_sound_set_passes_whole(door: Door, sound: MeasurementSet) -> None:
    """Set-points that follow the schedule are no number and are let in all the same; also the second time."""
    for _ in range(2):
        admitted = door(sound)
        assert len(admitted.good) == len(sound)
        assert admitted.sentences == ()


def test_old_values_are_refused_and_old_positions_stand(door: Door, sound: MeasurementSet, instruments: Instruments) -> None:
    """One sentence for each reason and station, with the age."""
    station = instruments.stations.index("EHV_HV_substation_1")
    at = np.flatnonzero(instruments.station == station)
    admitted = door(_changed(sound, at, time_s=NOW_S - 240.0))
    values = int((sound.quantity[at] <= Quantity.P_AVAILABLE).sum())
    assert [r.words() for r in admitted.refused] == [f"{values} measurements at EHV_HV_substation_1 are 240 s old"]
    assert admitted.old[0].words() == f"{len(at) - values} positions at EHV_HV_substation_1 are 240 s old and stand as last known"
    assert len(admitted.good) == len(sound) - values


def test_a_clock_ahead_is_refused(door: Door, sound: MeasurementSet, instruments: Instruments) -> None:
    """A few seconds pass, ninety do not."""
    row = int(instruments.rows_of(Quantity.P_FROM)[0])
    assert not door(_changed(sound, row, time_s=NOW_S + 3.0)).refused
    refused = door(_changed(sound, row, time_s=NOW_S + 90.0)).refused
    assert refused[0].words().endswith("is 90 s ahead of the plant's clock")


def test_what_is_no_measurement_is_refused(door: Door, sound: MeasurementSet, instruments: Instruments) -> None:
    """No number, marked invalid, an element or a quantity that does not exist, a breaker that is half open."""
    p, v = instruments.rows_of(Quantity.P_FROM), instruments.rows_of(Quantity.V)
    broken = _changed(sound, int(p[0]), value=np.nan)
    broken = _changed(broken, int(p[1]), sigma=-1.0)
    broken = _changed(broken, int(p[2]), element=100_000)
    broken = _changed(broken, int(p[3]), quantity=77)
    broken = _changed(broken, int(v[0]), quality=int(Quality.INVALID))
    broken = _changed(broken, int(instruments.rows_of(Quantity.SWITCH_CLOSED)[0]), value=0.5)
    assert _reasons(door(broken)) == {Reason.NO_NUMBER: 2, Reason.UNKNOWN: 2, Reason.INVALID: 1, Reason.RANGE: 1}


def test_an_impossible_value_is_named_with_its_reading(door: Door, sound: MeasurementSet, instruments: Instruments) -> None:
    """Four times the rating is not possible; three quarters more is."""
    row = int(instruments.rows_of(Quantity.P_FROM)[0])
    scale = float(instruments.full_scale[row])
    assert not door(_changed(sound, row, value=1.75 * scale)).refused
    (refusal,) = door(_changed(sound, row, value=4.0 * scale)).refused
    assert refusal.reason is Reason.RANGE
    assert "reads" in refusal.words()
    assert refusal.words().endswith("MW")


def test_another_unit_is_suspected(door: Door, sound: MeasurementSet, instruments: Instruments) -> None:
    """kW for MW, and kV for pu."""
    p = instruments.rows_of(Quantity.P_FROM)
    row = int(p[np.argmax(np.abs(sound.value[p]))])
    door(sound)
    kilo = _changed(sound, row, value=sound.value[row] * 1000.0)
    volt = int(instruments.rows_of(Quantity.V)[10])
    assert _reasons(door(_changed(kilo, volt, value=118.0))) == {Reason.UNIT: 2}


def test_a_station_in_a_thousandth_is_suspected_and_one_without_load_is_not(
    door: Door, sound: MeasurementSet, instruments: Instruments
) -> None:
    """All flows of a substation a thousandth of before: another unit. All zero: it was switched off."""
    door(sound)
    powers = (sound.quantity >= Quantity.P_INJECTION) & (sound.quantity <= Quantity.P_AVAILABLE)
    powers &= ~np.isin(sound.quantity, (Quantity.I_ANGLE_FROM, Quantity.I_ANGLE_TO))
    busiest = np.bincount(instruments.station[powers & (np.abs(sound.value) > 0.1 * instruments.full_scale)]).argmax()
    rows = np.flatnonzero(powers & (instruments.station == busiest))
    assert _reasons(door(_changed(sound, rows, value=sound.value[rows] / 1000.0)))[Reason.UNIT] == len(rows)
    assert not door(_changed(sound, rows, value=0.0)).refused


def test_a_voltage_jump_waits_for_a_second_reading(door: Door, sound: MeasurementSet, instruments: Instruments) -> None:
    """Refused once; the next set confirms it. Losing supply is no jump, nor is any jump of a flow."""
    row = int(instruments.rows_of(Quantity.V)[5])
    door(sound)
    jumped = _changed(sound, row, value=sound.value[row] - 0.3)
    assert _reasons(door(jumped)) == {Reason.JUMP: 1}
    assert not door(jumped).refused
    door.memory = None
    door(sound)
    assert not door(_changed(sound, row, value=0.0)).refused
    flow = int(instruments.rows_of(Quantity.P_FROM)[0])
    assert not door(_changed(sound, flow, value=-sound.value[flow])).refused


def test_a_tap_jumps_only_when_it_was_ordered(door: Door, sound: MeasurementSet, instruments: Instruments) -> None:
    """Two positions at once may be; seven only by command, or after twenty seconds."""
    row = int(instruments.rows_of(Quantity.TAP)[0])
    door(sound)
    far = _changed(sound, row, value=sound.value[row] + (7 if sound.value[row] + 7 <= instruments.high[row] else -7))
    known = door.memory
    assert _reasons(door(far)) == {Reason.JUMP: 1}
    door.memory = known
    assert not door(far, ordered_taps=instruments.element[[row]]).refused
    door.memory = known
    assert not door(replace(far, time_s=far.time_s + 20.0), NOW_S + 20.0).refused


def test_a_burst_in_any_order_leaves_the_newest(door: Door, sound: MeasurementSet) -> None:
    """Of three sets at once the newest row of every meter is good; a set that comes late afterwards is refused whole."""
    older = [replace(sound, time_s=sound.time_s - s) for s in (8.0, 4.0)]
    burst = door(MeasurementSet.joined([older[1], sound, older[0]]))
    assert set(burst.good.time_s) == {NOW_S}
    assert _reasons(burst) == {Reason.SUPERSEDED: 2 * len(sound)}
    late = door(older[0])
    assert _reasons(late) == {Reason.LATE: len(sound)}
    assert not len(late.good)


def test_a_clock_that_goes_back_is_said_once(door: Door, sound: MeasurementSet) -> None:
    """Time restarts: the set is good, and only the first one after the jump says so."""
    door(sound)
    back = replace(sound, time_s=sound.time_s - 7200.0)
    first, second = door(back, NOW_S - 7200.0), door(replace(back, time_s=back.time_s + 4.0), NOW_S - 7196.0)
    assert first.notes == ("The plant's clock went back by 7200 s; what was known of the later time is forgotten.",)
    assert second.notes == ()
    assert len(first.good) == len(second.good) == len(sound)


def test_a_clock_that_leaps_ahead_is_survived(door: Door, sound: MeasurementSet) -> None:
    """A day later everything that is fresh is good."""
    door(sound)
    assert len(door(replace(sound, time_s=sound.time_s + 86_400.0), NOW_S + 86_400.0).good) == len(sound)


def test_unknown_meters_pass_with_loose_bands(default_grid: Grid, sound: MeasurementSet) -> None:
    """Without a list of meters a set is judged too, and refusals still name the station."""
    door = Door(default_grid, None)
    assert len(door(sound).good) == len(sound)
    row = Measurement(Quantity.V, "EHV Bus 57", 400.0, 0.01)
    alone = replace(MeasurementSet.of(default_grid.model, [row]), time_s=np.array([NOW_S + 1.0]))
    (refusal,) = door(alone, NOW_S + 1.0).refused
    assert refusal.reason is Reason.UNIT
    assert refusal.station == "EHV_HV_substation_1"


def test_memory_does_not_grow(door: Door, sound: MeasurementSet) -> None:
    """A hundred sets leave one row a meter."""
    for i in range(100):
        memory = door(replace(sound, time_s=sound.time_s + 4.0 * i), NOW_S + 4.0 * i).memory
    assert len(memory.key) == len(sound)


def test_the_door_is_fast(default_grid: Grid, instruments: Instruments, sound: MeasurementSet) -> None:
    """Under three milliseconds for some two thousand rows, refusals included."""
    stale = _changed(sound, np.arange(0, len(sound), 40), time_s=NOW_S - 100.0)
    memory = admit(sound, instruments, default_grid.model, None, NOW_S).memory
    spent = []
    for _ in range(30):
        start = time.perf_counter()
        admit(stale, instruments, default_grid.model, memory, NOW_S)
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.003
