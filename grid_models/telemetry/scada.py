"""What the control centre receives: noisy readings behind dead bands, at the scan times of their stations."""

from datetime import datetime

import numpy as np

from grid_models.steady.solution import Solution
from grid_models.telemetry.instruments import Instruments
from grid_models.telemetry.measurement_set import Telemetry
from grid_models.telemetry.readings import as_measurements, exact_readings, floored, qualities
from grid_models.twin.model import FloatArray

SCAN_S = 4.0  # engineering judgement: usual cyclic scan of a transmission RTU, 2 to 10 s


class Scada:
    """The only thing that remembers is the front end: the value last published of each meter, which its dead band repeats.

    One thread at a time.
    """

    def __init__(self, instruments: Instruments, seed: int = 0) -> None:
        self._instruments, self._seed = instruments, seed
        self._published: FloatArray | None = None
        self._sigma = instruments.reading_sigma
        stations = max(len(instruments.stations), 1)
        offset_s = np.random.default_rng(seed).uniform(0.0, SCAN_S, stations)  # stations are polled one after the other
        self._offset_s = offset_s[instruments.station]

    def publish(self, solution: Solution, plant_time: datetime, taken_at: datetime) -> Telemetry:
        """The set of this moment. The same truth at the same plant time reads the same."""
        meters, at_s = self._instruments, plant_time.timestamp()
        noise = np.random.default_rng((self._seed, abs(round(at_s * 1e6)))).standard_normal(len(meters)) * self._sigma
        reading = floored(meters, exact_readings(solution, meters) + noise)
        value = self._behind_dead_band(reading)
        scanned_s = np.where(meters.is_pmu, at_s, at_s - (at_s - self._offset_s) % SCAN_S)
        return Telemetry(plant_time, taken_at, as_measurements(meters, value, scanned_s, qualities(solution, meters)))

    def _behind_dead_band(self, reading: FloatArray) -> FloatArray:
        """A value is repeated, and so confirmed, while the new reading lies within its dead band."""
        last = reading if self._published is None else self._published
        kept = (self._instruments.dead_band > 0) & (np.abs(reading - last) <= self._instruments.dead_band)
        self._published = np.where(kept, last, reading)
        return self._published.copy()
