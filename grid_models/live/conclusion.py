"""One round of the live twin: from what was let in to a state that may be believed, or the reasons why not. Pure."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from grid_models.errors import AeipError
from grid_models.estimation.diagnosis import Diagnosis, diagnose
from grid_models.estimation.positions import positions_of
from grid_models.estimation.result import Estimate
from grid_models.estimation.wrong_positions import Flip
from grid_models.forecasting.expected import Expected
from grid_models.live.concluded import concluded_state
from grid_models.live.priors import expected_priors, pseudo_measurements
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

    telemetry: Telemetry
    admitted: Admitted
    measurements: MeasurementSet
    diagnosis: Diagnosis | None
    state: GridState | None
    doubts: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return self.state is not None and not self.doubts

    @property
    def plant_time(self) -> datetime:
        return self.telemetry.plant_time


def conclude(
    telemetry: Telemetry,
    admitted: Admitted,
    known: GridState,
    expected: Expected,
    *,
    threshold: float | None = None,
    remove: bool = True,
    start: Estimate | None = None,
    likely: Flip = (),
) -> Conclusion:
    """What a set means. `known`: positions where none came; `start`: an estimate to begin from; `likely`: what was wrong before."""
    reported = positions_of(known.model, admitted.good, known).with_arrays(plant_time=telemetry.plant_time)
    priors = expected_priors(reported, expected)
    pseudo = pseudo_measurements(priors, admitted.good, telemetry.plant_time.timestamp())
    measurements = MeasurementSet.joined([admitted.good, pseudo])
    try:
        diagnosis = diagnose(
            known.model, measurements, threshold=threshold, remove=remove, known=known, start=start, likely=likely, partial=True
        )
    except AeipError as error:  # no state fits, or nothing can be seen: said, and the state before stands
        return Conclusion(telemetry, admitted, measurements, None, None, (str(error),))
    trusted = _trusted(diagnosis)
    with_meters = {q: prior.with_meters(measurements, q, trusted) for q, prior in priors.items()}
    available = measurements.where((measurements.quantity == Quantity.P_AVAILABLE) & trusted)
    state = concluded_state(diagnosis.after, with_meters, expected, available, telemetry.plant_time)
    return Conclusion(telemetry, admitted, measurements, diagnosis, state, _doubts(diagnosis))


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
