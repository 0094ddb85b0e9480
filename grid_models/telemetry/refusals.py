"""What was refused, in words: one sentence for each reason and station."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from grid_models.telemetry.gauges import NOWHERE, Gauges
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import SPECS, Quantity
from grid_models.twin.model import GridModel, IntArray


class Reason(IntEnum):
    """Why a row is not used; 0 is none."""

    UNKNOWN = 1
    NO_NUMBER = 2
    INVALID = 3
    FUTURE = 4
    STALE = 5
    LATE = 6
    UNIT = 7
    RANGE = 8
    JUMP = 9
    SUPERSEDED = 10
    OLD_POSITION = 11  # used all the same


_ONE_AND_MANY: dict[Reason, tuple[str, str]] = {
    Reason.UNKNOWN: ("names no element of this grid", "name no element of this grid"),
    Reason.NO_NUMBER: ("is no number", "are no numbers"),
    Reason.INVALID: ("is marked invalid by its source", "are marked invalid by their source"),
    Reason.FUTURE: ("is {s} s ahead of the plant's clock", "are up to {s} s ahead of the plant's clock"),
    Reason.STALE: ("is {s} s old", "are {s} s old"),
    Reason.LATE: ("came after a newer one", "came after newer ones"),
    Reason.UNIT: ("looks like another unit", "look like another unit"),
    Reason.RANGE: ("is outside what is possible", "are outside what is possible"),
    Reason.JUMP: ("jumped faster than it can", "jumped faster than they can"),
    Reason.SUPERSEDED: ("is superseded by a newer one of the same meter", "are superseded by newer ones of the same meters"),
    Reason.OLD_POSITION: ("is {s} s old and stands as last known", "are {s} s old and stand as last known"),
}
_WITH_EXAMPLE = (Reason.NO_NUMBER, Reason.UNIT, Reason.RANGE, Reason.JUMP)


@dataclass(frozen=True, eq=False)
class Refusal:
    """`rows` of the set that came, all refused for one reason at one station ('' where it is not known).

    off_by_s: how old the oldest is, or how far ahead the farthest.  example: the first row in words.
    """

    reason: Reason
    station: str
    rows: IntArray
    off_by_s: float
    example: str

    @property
    def count(self) -> int:
        return len(self.rows)

    def words(self) -> str:
        """'3 measurements at Substation 7 are 240 s old'."""
        one, many = _ONE_AND_MANY[self.reason]
        kind = "position" if self.reason is Reason.OLD_POSITION else "measurement"
        told = (one if self.count == 1 else many).format(s=f"{abs(self.off_by_s):.0f}")
        what = f"{self.count} {kind}{'s' * (self.count > 1)}{f' at {self.station}' if self.station else ''}"
        return f"{what} {told}{f': {self.example}' if self.reason in _WITH_EXAMPLE else ''}"


def grouped(measurements: MeasurementSet, model: GridModel, gauges: Gauges, reason: IntArray, now_s: float) -> tuple[Refusal, ...]:
    """Refused rows by reason and station, in that order."""
    rows = np.flatnonzero(reason)
    group = reason[rows] * (len(gauges.stations) + 1) + gauges.station[rows] + 1  # NOWHERE is -1
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    return tuple(_refusal(measurements, model, gauges, reason, rows[part], now_s) for part in np.split(order, starts[1:]) if len(part))


def _refusal(measurements: MeasurementSet, model: GridModel, gauges: Gauges, reason: IntArray, rows: IntArray, now_s: float) -> Refusal:
    why, station = Reason(int(reason[rows[0]])), int(gauges.station[rows[0]])
    age_s = now_s - measurements.time_s[rows]
    return Refusal(
        reason=why,
        station="" if station == NOWHERE else gauges.stations[station],
        rows=rows,
        off_by_s=float(age_s.min() if why is Reason.FUTURE else age_s.max()),
        example=_reads(measurements, model, int(rows[0])) if why in _WITH_EXAMPLE else "",
    )


def _reads(measurements: MeasurementSet, model: GridModel, row: int) -> str:
    """'active power (from side) of HV1 Line 12 reads 84 MW'."""
    spec = SPECS[Quantity(int(measurements.quantity[row]))]
    name = getattr(model, spec.table).name[measurements.element[row]]
    return f"{spec.words} of {name} reads {measurements.value[row]:.5g} {spec.unit}".rstrip()
