"""One round of the live twin: from what was let in to a state that may be believed, or the reasons why not. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

import numpy as np

from grid_models.errors import AeipError
from grid_models.estimation.diagnosis import Diagnosis, diagnose
from grid_models.estimation.findings import BadMeter, Contradiction, WrongPosition, bad_meters, contradictory, nobody_knows, wrong_positions
from grid_models.estimation.positions import positions_of
from grid_models.estimation.result import Estimate
from grid_models.estimation.wrong_positions import Flip, flipped
from grid_models.forecasting.expected import Expected
from grid_models.live.concluded import concluded_state
from grid_models.live.meter_memory import MeterMemory
from grid_models.live.priors import expected_priors, expected_values, pseudo_measurements
from grid_models.steady.solution import Solution
from grid_models.telemetry.door import Admitted
from grid_models.telemetry.measurement_set import MeasurementSet, Telemetry
from grid_models.telemetry.quantities import Quantity, Source
from grid_models.twin.model import BoolArray
from grid_models.twin.state import GridState


@dataclass(frozen=True, eq=False)
class Conclusion:
    """`measurements`: what was let in and the pseudo-measurements; the numbers in `diagnosis` count them.

    state: None where nothing could be concluded.  accepted: it may be believed; else `doubts` say why not.
    """

    grid: str
    telemetry: Telemetry
    admitted: Admitted
    measurements: MeasurementSet
    diagnosis: Diagnosis | None
    state: GridState | None
    doubts: tuple[str, ...]
    bad_meters: tuple[BadMeter, ...] = ()
    wrong_positions: tuple[WrongPosition, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.state is not None and not self.doubts

    @property
    def plant_time(self) -> datetime:
        return self.telemetry.plant_time

    @cached_property
    def solution(self) -> Solution | None:
        """Estimated voltages and flows, on the concluded state; None where there is none."""
        if self.state is None or self.diagnosis is None:
            return None
        return replace(self.diagnosis.after.solution, state=self.state)

    @property
    def left_out(self) -> int:
        """Measurements found wrong."""
        return sum(len(r.measurements) for r in self.diagnosis.cleaned.removed) if self.diagnosis else 0


def conclude(
    telemetry: Telemetry,
    admitted: Admitted,
    known: GridState,
    expected: Expected,
    *,
    threshold: float | None = None,
    remove: bool = True,
    start: Estimate | None = None,
    likely: tuple[Flip, ...] = (),
    meters: MeterMemory | None = None,
) -> Conclusion:
    """What a set means. `known`: positions where none came; `start`: an estimate to begin from; `likely`: what was wrong before;
    `meters`: how each behaved before.
    """
    reported = positions_of(known.model, admitted.good, known).with_arrays(plant_time=telemetry.plant_time)
    priors = expected_priors(reported, expected)
    pseudo = pseudo_measurements(priors, admitted.good, telemetry.plant_time.timestamp())
    measurements = MeasurementSet.joined([admitted.good, pseudo])
    try:
        diagnosis = diagnose(
            known.model, measurements, threshold=threshold, remove=remove, known=known, start=start, likely=likely, partial=True
        )
    except AeipError as error:  # no state fits, or nothing can be seen: said, and the state before stands
        return Conclusion(known.model.name, telemetry, admitted, measurements, None, None, (str(error),))
    trusted = _trusted(diagnosis)
    with_meters = {q: prior.with_meters(measurements, q, trusted) for q, prior in priors.items()}
    available = measurements.where((measurements.quantity == Quantity.P_AVAILABLE) & trusted)
    state = concluded_state(diagnosis.after, flipped(reported, diagnosis.flip), with_meters, expected, available)
    behaviour = partial(meters.of, measurements) if meters else nobody_knows
    return Conclusion(
        grid=known.model.name,
        telemetry=telemetry,
        admitted=admitted,
        measurements=measurements,
        diagnosis=diagnosis,
        state=state,
        doubts=_doubts(diagnosis),
        bad_meters=bad_meters(diagnosis, behaviour, expected_values(priors, measurements)),
        wrong_positions=wrong_positions(diagnosis),
        contradictions=contradictory(diagnosis, measurements),
    )


def _trusted(diagnosis: Diagnosis) -> BoolArray:
    """(measurements,) neither removed nor only expected."""
    trusted = diagnosis.measurements.source != Source.FORECAST
    for removed in diagnosis.cleaned.removed:
        trusted[list(removed.measurements)] = False
    return np.asarray(trusted)


def _doubts(diagnosis: Diagnosis) -> tuple[str, ...]:
    after = diagnosis.after
    if diagnosis.sound:
        return ()
    if diagnosis.cleaned.exhausted:
        return ("Too many measurements contradict each other to say which are wrong.",)
    return (
        f"The measurements fit no state of the grid as their accuracies say: the weighted sum of squares is {after.j:.0f}, "
        f"with {after.dof} degrees of freedom it should stay below {after.chi2_limit:.0f}.",
    )
