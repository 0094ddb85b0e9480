"""Which measurements are let in: checked by value, time and source. What is refused is counted and told, never dropped in silence."""

from dataclasses import dataclass

import numpy as np

from grid_models.telemetry.door_checks import AtTheDoor, first_reason
from grid_models.telemetry.door_memory import DoorMemory, keys_of, remembered
from grid_models.telemetry.gauges import gauges_of
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.refusals import Reason, Refusal, grouped
from grid_models.twin.model import GridModel, IntArray

MAX_AGE_S = 60.0  # engineering judgement: fifteen scans of 4 s
_RESTART_S = 5.0  # a clock that goes back by less than this has been set right, not restarted


@dataclass(frozen=True, eq=False)
class Admitted:
    """good: the rows that may be used, one a meter.  refused: what was not let in, by reason and station.

    old: positions and echoes older than the limit, let in as last known.  notes: sentences on the whole set (a restarted clock).
    memory: what the next set is compared with.
    """

    good: MeasurementSet
    refused: tuple[Refusal, ...]
    old: tuple[Refusal, ...]
    notes: tuple[str, ...]
    memory: DoorMemory

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything a person should know, one sentence each."""
        return (*self.notes, *(r.words() for r in (*self.refused, *self.old)))


def admit(
    measurements: MeasurementSet,
    instruments: Instruments | None,
    model: GridModel,
    previous: DoorMemory | None,
    now_s: float,
    max_age_s: float = MAX_AGE_S,
    ordered_taps: IntArray | None = None,
) -> Admitted:
    """Check a set, also several sets joined in any order, at plant time `now_s` (Unix seconds).

    instruments: known meters, for bands by rating and stations; without them only loose bands hold.  previous: what came before.
    ordered_taps: branches whose tap was commanded since then: their positions may jump.  Pure; no error is raised for any content.
    """
    notes: tuple[str, ...] = ()
    if previous is not None and now_s < previous.now_s - _RESTART_S:
        notes = (f"The plant's clock went back by {previous.now_s - now_s:.0f} s; what was known of the later time is forgotten.",)
        previous = None
    memory = previous or DoorMemory.empty(now_s)
    gauges = gauges_of(measurements, instruments, model)
    came = AtTheDoor(measurements, gauges, memory, keys_of(measurements), now_s, max_age_s, ordered_taps)
    reason = first_reason(came)
    reason[_superseded(came, reason)] = Reason.SUPERSEDED
    good = reason == 0
    old = np.where(good & came.too_old, Reason.OLD_POSITION, 0)
    return Admitted(
        good=measurements.where(good),
        refused=grouped(measurements, model, gauges, reason, now_s),
        old=grouped(measurements, model, gauges, old, now_s),
        notes=notes,
        memory=remembered(memory, came.key, measurements, good, reason == Reason.JUMP, now_s),
    )


def _superseded(came: AtTheDoor, reason: IntArray) -> IntArray:
    """Rows that are fine but for a newer row of the same meter; of equally new ones the first stays."""
    fine = np.flatnonzero(reason == 0)
    order = fine[np.lexsort((fine, -came.measurements.time_s[fine], came.key[fine]))]
    return np.asarray(order[1:][came.key[order][1:] == came.key[order][:-1]])
