"""What the diagnosis found, one thing a row, ready to be told: bad meters, wrong positions, contradictions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grid_models.estimation.diagnosis import Diagnosis
from grid_models.estimation.result import Estimate
from grid_models.estimation.verdicts import FORECAST_OFF, Behaviour, Likely, verdict
from grid_models.estimation.wrong_positions import Flip, Position
from grid_models.telemetry.measurement_set import MeasurementSet, element_name
from grid_models.telemetry.quantities import SPECS, Quantity, Source
from grid_models.twin.model import FloatArray, GridModel

_SPREAD = 2**0.5  # of measured less estimated over the meter's own: the estimate is at best as uncertain as the meter it replaces


@dataclass(frozen=True)
class BadMeter:
    """A measurement that was left out, or would be. `instead`: others that could be wrong in its place, in words."""

    index: int
    element: str
    quantity: Quantity
    words: str
    measured: float
    estimated: float
    unit: str
    normalised_residual: float
    likely: Likely
    verdict: str
    removed: bool
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class WrongPosition:
    """A reported position that everything else contradicts."""

    element: str
    reported: str
    concluded: str
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contradiction:
    """A reading that the positions do not allow, and no single wrong position explains."""

    element: str
    words: str
    measured: float
    unit: str


def nobody_knows(index: int) -> Behaviour | None:
    """Nothing is known of how meters behaved before."""
    return None


def bad_meters(
    diagnosis: Diagnosis, behaviour: Callable[[int], Behaviour | None] = nobody_knows, expected: FloatArray | None = None
) -> tuple[BadMeter, ...]:
    """Removed ones, the worst first; where nothing was to be removed, the suspects.

    expected: (measurements,) what each was expected to read, NaN if unknown: of meters whose sum is one row, the one furthest off is named.
    """
    after, removed = diagnosis.after, diagnosis.cleaned.removed
    if not removed:
        found: list[tuple[int, float, tuple[int, ...]]] = [(s.index, s.normalised_residual, ()) for s in after.suspects]
    else:
        named = [(_likeliest(after.measurements, r.measurements, expected), r) for r in removed]
        found = [(i, r.normalised_residual, (*(j for j in r.measurements if j != i), *r.twins)) for i, r in named]
    rows = [_bad(after, i, size, twins, behaviour(i), removed=bool(removed)) for i, size, twins in found]
    return tuple(sorted(rows, key=lambda row: -row.normalised_residual))


def _likeliest(measurements: MeasurementSet, of: tuple[int, ...], expected: FloatArray | None) -> int:
    """The one furthest from what was expected of it, in its own standard deviations; the first where nothing was."""
    if expected is None or len(of) == 1:
        return of[0]
    rows = list(of)
    off = np.abs(measurements.value[rows] - expected[rows]) / np.maximum(measurements.sigma[rows], 1e-9)
    return rows[int(np.argmax(np.nan_to_num(off, nan=-1.0)))]


def _bad(after: Estimate, index: int, size: float, twins: tuple[int, ...], behaviour: Behaviour | None, *, removed: bool) -> BadMeter:
    row, estimated = after.measurements.row(after.model, index), float(after.estimated[index])
    said = FORECAST_OFF if row.source is Source.FORECAST else verdict(row.value, estimated, _SPREAD * row.sigma, behaviour)
    return BadMeter(
        index=index,
        element=str(row.element),
        quantity=row.quantity,
        words=SPECS[row.quantity].words,
        measured=row.value,
        estimated=estimated,
        unit=SPECS[row.quantity].unit,
        normalised_residual=size,
        likely=said.likely,
        verdict=said.words,
        removed=removed,
        instead=tuple(after.measurements.row(after.model, i).words() for i in twins),
    )


def wrong_positions(diagnosis: Diagnosis) -> tuple[WrongPosition, ...]:
    """Positions taken to be wrong, with those that would explain it as well."""
    model = diagnosis.after.model
    others = tuple(_together(flip, model) for flip in diagnosis.instead)
    return tuple(WrongPosition(p.name(model), *_was_and_is(p), others) for p in diagnosis.flip)


def _together(flip: Flip, model: GridModel) -> str:
    return " and ".join(p.name(model) for p in flip)


def _was_and_is(position: Position) -> tuple[str, str]:
    on, off = ("closed", "open") if position.quantity is Quantity.SWITCH_CLOSED else ("in service", "out of service")
    return (off, on) if position.closed else (on, off)


def contradictory(diagnosis: Diagnosis, measurements: MeasurementSet) -> tuple[Contradiction, ...]:
    """Readings that still contradict the positions."""
    model, rows = diagnosis.after.model, diagnosis.contradictions
    quantities = [Quantity(int(measurements.quantity[i])) for i in rows]
    return tuple(
        Contradiction(
            element_name(model, quantity, int(measurements.element[i])),
            SPECS[quantity].words,
            float(measurements.value[i]),
            SPECS[quantity].unit,
        )
        for i, quantity in zip(rows, quantities, strict=True)
    )
