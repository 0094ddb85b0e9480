"""Recorded measurements come back as they were; what cannot be read is listed by row with what would work."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.quantities import Quality, Quantity, Source
from grid_models.telemetry.replay import InvalidReplay, read_measurements, write_csv
from grid_models.telemetry.scada import Scada
from grid_models.twin.profiles import Grid

_HEADER = "time,quantity,element,value,sigma,quality,unit\n"
_GOOD = "2016-08-12T09:45:00Z,P_FROM,HV1 Line 1,12.5,0.4,GOOD,MW\n"


def _written(folder: Path, *lines: str, header: str = _HEADER) -> Path:
    path = folder / "replay.csv"
    path.write_text(header + "".join(lines), encoding="utf-8")
    return path


def test_a_recorded_plant_is_replayed_exactly(default_grid: Grid, solved: Solution, instruments: Instruments, tmp_path: Path) -> None:
    """Values, deviations, qualities and set-points that follow the schedule come back bit by bit, times to the microsecond."""
    scada, start = Scada(instruments), solved.state.plant_time
    sets = [scada.publish(solved, start + timedelta(seconds=20 * i), start) for i in range(2)]
    assert write_csv(tmp_path / "plant.csv", default_grid.model, sets) == 2 * len(instruments)
    replay = read_measurements(tmp_path / "plant.csv", default_grid.model)
    assert replay.errors == ()
    order = np.argsort(np.round(sets[0].measurements.time_s, 6), kind="stable")
    first = replay.measurements.where(np.arange(len(instruments)))
    for name in ("quantity", "element", "value", "sigma", "quality"):
        assert np.array_equal(getattr(first, name), getattr(sets[0].measurements, name)[order], equal_nan=True), name
    assert first.time_s == pytest.approx(sets[0].measurements.time_s[order], abs=2e-6)
    assert set(first.source) == {Source.REPLAY, Source.PMU}


def test_sets_come_in_the_order_of_time(default_grid: Grid, tmp_path: Path) -> None:
    """Rows of a file may lie in any order; each scan is one set, with the newest of every meter that is still good."""
    later = _GOOD.replace("09:45:00Z", "11:45:04+02:00")
    replay = read_measurements(
        _written(tmp_path, later, _GOOD, _GOOD.replace("P_FROM", "Q_FROM").replace("MW", "Mvar")), default_grid.model
    )
    sets = list(replay.sets())
    assert [len(s.measurements) for s in sets] == [2, 2]
    assert sets[0].plant_time == datetime(2016, 8, 12, 9, 45, tzinfo=UTC)
    assert sets[1].plant_time == datetime(2016, 8, 12, 9, 45, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("P_FROM", "POWER"), "the quantity is 'POWER'; one of V, .* would work"),
        (("HV1 Line 1,", "HV1 Line 999,"), "found none"),
        (("12.5", "12;5x"), "the value is '12;5x'; a finite number"),
        (("12.5", "nan"), "the value is 'nan'"),
        (("0.4", "-1"), "the sigma is -1; zero"),
        (("MW", "kW"), "the unit of P_FROM is 'kW'; a value in MW would work"),
        (("GOOD", "FINE"), "the quality is 'FINE'; one of GOOD"),
        (("2016-08-12T09:45:00Z", "yesterday"), "ISO 8601"),
        (("09:45:00Z", "09:45:00"), "has no offset"),
        (("2016-08-12T09:45:00Z", "0001-01-01T00:00:00+14:00"), "outside the years 1 to 9999"),
    ],
)
def test_a_bad_row_is_told_by_its_number_and_the_others_are_used(
    default_grid: Grid, tmp_path: Path, cells: tuple[str, str], said: str
) -> None:
    """What was found and what would work, with the line an editor shows."""
    replay = read_measurements(_written(tmp_path, _GOOD, _GOOD.replace(*cells), _GOOD), default_grid.model)
    assert len(replay.measurements) == 2
    (error,) = replay.errors
    assert error.row == 3
    assert re.search(said, error.message)


def test_quality_unit_and_source_may_be_left_out(default_grid: Grid, tmp_path: Path) -> None:
    """Then they are good and in the grid's own units."""
    path = _written(tmp_path, "2016-08-12T09:45:00Z,v,EHV Bus 57,1.09,0.002\n", header="Time,Quantity,Element,Value,Sigma\n")
    read = read_measurements(path, default_grid.model).measurements
    assert (read.quantity[0], read.quality[0], read.source[0]) == (Quantity.V, Quality.GOOD, Source.REPLAY)


def test_an_unusable_file_says_what_would_work(default_grid: Grid, tmp_path: Path) -> None:
    """Another ending, a missing column, a missing file, bytes that are no text; an empty table is no error."""
    for path, said in (
        (tmp_path / "a.xlsx", "neither .csv nor .parquet"),
        (_written(tmp_path, header="time,element,value\n"), "lacks the columns quantity, sigma"),
        (tmp_path / "none.csv", "cannot be read"),
    ):
        with pytest.raises(InvalidReplay, match=said):
            read_measurements(path, default_grid.model)
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(InvalidReplay, match=r"cannot be read|lacks the columns"):
        read_measurements(tmp_path / "bytes.csv", default_grid.model)
    assert list(read_measurements(_written(tmp_path), default_grid.model).sets()) == []


def test_parquet_reads_as_csv_does(default_grid: Grid, tmp_path: Path) -> None:
    """The same table in either format gives the same measurements."""
    path = _written(tmp_path, _GOOD, _GOOD.replace("P_FROM", "Q_FROM").replace("MW", "Mvar"))
    pd.read_csv(path).to_parquet(tmp_path / "same.parquet")
    one, other = (read_measurements(p, default_grid.model).measurements for p in (path, tmp_path / "same.parquet"))
    assert len(one) > 0
    assert np.array_equal(one.value, other.value)
    assert np.array_equal(one.element, other.element)


def test_a_broken_parquet_file_is_one_sentence(default_grid: Grid, tmp_path: Path) -> None:
    """It names the file and what would work."""
    (tmp_path / "a.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(InvalidReplay, match="the same table as CSV works"):
        read_measurements(tmp_path / "a.parquet", default_grid.model)
