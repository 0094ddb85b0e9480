"""What is wrong with the telemetry, if anything: bad meters, a wrong position, or more than can be told?

Two explanations are weighed by how many things they take to be wrong: so many meters, or a position (and perhaps some meters).
A position is blamed only where it takes fewer: a single bad meter never becomes a breaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from grid_models.errors import AeipError
from grid_models.estimation.bad_data import Cleaned, clean, family_threshold
from grid_models.estimation.contradictions import contradictions
from grid_models.estimation.estimate import solved
from grid_models.estimation.iterations import Method
from grid_models.estimation.layout import layout_of
from grid_models.estimation.network import network_of
from grid_models.estimation.observability import Observability, observability
from grid_models.estimation.positions import positions_of
from grid_models.estimation.result import Estimate
from grid_models.estimation.wrong_positions import Flip, candidates, flipped, same_network
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.quantities import SPECS
from grid_models.twin.model import GridModel, IntArray
from grid_models.twin.state import GridState

_SAME_J = 1e-3  # two positions that leave the same J cannot be told apart
CONFIDENCE = 0.99  # of the chi-square limit in the loop: one set in a hundred good ones is looked at twice


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """`before`: with everything in, on the reported positions, None where there is no estimate; `after`: without what was found wrong.

    flip: positions taken to be wrong; `instead`: others that would explain it as well.  contradictions: numbers of measurements that the
    positions in `after` still contradict.  seen: what the measurements can determine at all.
    """

    measurements: MeasurementSet
    before: Estimate | None
    cleaned: Cleaned
    flip: Flip
    contradictions: IntArray
    threshold: float
    seen: Observability
    instead: tuple[Flip, ...] = ()

    @property
    def after(self) -> Estimate:
        return self.cleaned.after

    @property
    def faults(self) -> int:
        """How many things this explanation takes to be wrong."""
        return len(self.flip) + len(self.cleaned.removed) + len(self.contradictions)

    @property
    def crowded(self) -> bool:
        """Several faults stand around one node, as a wrong position makes them; errors of meters far apart are their own."""
        if len(self.contradictions):
            return self.faults >= 2
        sites = self.after.layout.sites
        site = np.searchsorted(sites.row_start, [r.row for r in self.cleaned.removed], side="right") - 1
        around = [np.unique(sites.node[sites.start[s] : sites.start[s + 1]]) for s in site]
        return bool(around) and bool(np.bincount(np.concatenate(around)).max() > 1)

    @property
    def sound(self) -> bool:
        """What is left agrees with itself: J below its limit, no residual above the threshold."""
        return self.after.passes and not self.cleaned.exhausted


def diagnose(
    model: GridModel,
    measurements: MeasurementSet,
    *,
    threshold: float | None = None,
    confidence: float = CONFIDENCE,
    remove: bool = True,
    known: GridState | None = None,
    start: Estimate | None = None,
    likely: tuple[Flip, ...] = (),
    partial: bool = False,
) -> Diagnosis:
    """The best explanation of a set. `threshold`: of normalised residuals, by the number of rows by default. `remove`: False only looks.

    likely: positions that were wrong before, tried first.  partial: estimate what is observable where not everything is.
    Raises NotObservable, EstimationDiverged, TooStiff.
    """
    reported = positions_of(model, measurements, known)
    limit = family_threshold(len(measurements)) if threshold is None else threshold
    judge = _Judge(model, measurements, limit, confidence, remove, start, partial)
    try:
        present: Diagnosis | None = judge.on(reported, ())
        failure: AeipError | None = None
    except AeipError as error:
        present, failure = None, error
    if remove and (present is None or not present.sound or present.crowded):
        present = judge.other_way_round(reported, present, likely)
    if present is None:
        assert failure is not None
        raise failure
    return present


@dataclass(frozen=True, eq=False)
class _Judge:
    model: GridModel
    measurements: MeasurementSet
    limit: float
    confidence: float
    remove: bool
    start: Estimate | None
    partial: bool

    def on(self, state: GridState, flip: Flip) -> Diagnosis:
        """The explanation on these positions."""
        network = network_of(state)
        layout = layout_of(network, self.measurements, zero_injections=True)
        method: Method = "normal" if flip else "auto"  # a guess is not worth the seconds of the augmented form
        first = solved(
            layout,
            self.measurements,
            threshold=self.limit,
            confidence=self.confidence,
            start=self.start,
            partial=self.partial,
            method=method,
        )
        cleaned = clean(first, threshold=self.limit, method=method) if self.remove else Cleaned(first, first, ())
        return Diagnosis(
            self.measurements, first, cleaned, flip, contradictions(network, self.measurements), self.limit, observability(layout)
        )

    def other_way_round(self, reported: GridState, present: Diagnosis | None, likely: tuple[Flip, ...]) -> Diagnosis | None:
        """A better explanation by one wrong position, if there is one."""
        network = network_of(reported)
        removed = [i for r in present.cleaned.removed for i in r.measurements] if present else []
        doubtful = np.concatenate([contradictions(network, self.measurements), np.array(removed, dtype=np.int64)])
        worst = present.before if present else None
        better = self._better_than(present, reported, likely)
        if not better:
            better = self._better_than(present, reported, candidates(network, self.measurements, doubtful, worst))
        if not better:
            return present
        best = min(better, key=lambda d: _rank(d, reported))
        equal = [d.flip for d in better if d is not best and d.faults == best.faults and abs(d.after.j - best.after.j) < _SAME_J]
        alike = dict.fromkeys([*equal, *same_network(reported, best.flip)])
        return replace(best, before=worst, instead=tuple(alike))

    def _better_than(self, present: Diagnosis | None, reported: GridState, flips: Sequence[Flip]) -> list[Diagnosis]:
        """Sound explanations with fewer faults."""
        found = []
        for flip in flips:
            try:
                other = self.on(flipped(reported, flip), flip)
            except AeipError:  # no state on these positions: no explanation
                continue
            if other.sound and (present is None or not present.sound or other.faults < present.faults):
                found.append(other)
        return found


def _rank(explanation: Diagnosis, reported: GridState) -> tuple[int, int, float]:
    """Fewest faults; then a position that has moved from its normal one, which is the likelier slip; then the smaller J."""
    normal = reported.model.start
    unmoved = sum(bool(getattr(normal, SPECS[p.quantity].array)[p.element]) != p.closed for p in explanation.flip)
    return explanation.faults, unmoved, explanation.after.j
