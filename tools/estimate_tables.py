"""Fills the tables of a state estimation: how well it fits, what cannot be seen, residuals and voltages."""

import numpy as np

from grid_models.estimation.bad_data import expected_false_alarms
from grid_models.estimation.layout import layout_of
from grid_models.estimation.network import network_of
from grid_models.estimation.observability import observability
from grid_models.estimation.positions import positions_of
from grid_models.estimation.result import Estimate
from grid_models.estimation.row_variance import node_covariance
from grid_models.live.conclusion import Conclusion
from grid_models.telemetry.measurement_set import MeasurementSet
from grid_models.telemetry.meter_words import meter_words
from grid_models.telemetry.quantities import SPECS, Quantity, Source
from grid_models.twin.model import BoolArray
from grid_models.twin.state import GridState
from tools.estimate_rows import (
    CriticalRow,
    MeasurementCounts,
    ResidualRow,
    UnseenRow,
    VoltageEstimateRow,
)

_WEAK_SIGMAS = 20.0  # an error that large is gross by any standard; engineering judgement
_EXAMPLES = 5


def shown_estimate(concluded: Conclusion, bad_data: str) -> Estimate | None:
    """The estimate whose figures are told: only asked to remove is anything left out."""
    diagnosis = concluded.diagnosis
    if diagnosis is None:
        return None
    return diagnosis.after if bad_data == "remove" or diagnosis.before is None else diagnosis.before


def figures(concluded: Conclusion, shown: Estimate | None) -> dict[str, object]:
    """How well the estimate fits, and how many measurements it rests on."""
    good, given = concluded.admitted.good, len(concluded.telemetry.measurements)
    used = np.zeros(0, dtype=bool) if shown is None else _used(shown)
    pseudo = np.zeros(0, dtype=bool) if shown is None else shown.measurements.source == Source.FORECAST
    counts = MeasurementCounts(
        given=given,
        let_in=len(good),
        refused=given - len(good),
        used=int(np.sum(used & ~pseudo)),
        positions=int(np.sum(good.quantity > max(q for q in Quantity if q.is_analogue))),
        pseudo=int(np.sum(used & pseudo)),
    )
    if shown is None or concluded.diagnosis is None:
        return {"measurements": counts}
    threshold, rows = concluded.diagnosis.threshold, int(np.count_nonzero((shown.rows.weight > 0) & ~shown.rows.exact))
    return {
        "measurements": counts,
        "j": shown.j,
        "dof": shown.dof,
        "chi2_limit": shown.chi2_limit if shown.dof > 0 else None,
        "confidence": shown.confidence,
        "passes": shown.passes,
        "iterations": shown.iterations,
        "redundancy": shown.redundancy,
        "threshold": threshold,
        "expected_false_alarms": expected_false_alarms(rows, threshold),
    }


def _used(shown: Estimate) -> BoolArray:
    """(measurements,) True for those that the estimate rests on."""
    table, used = shown.layout.table, np.zeros(len(shown.measurements), dtype=bool)
    used[table.entry_measurement] = shown.rows.weight[table.entry_row] > 0
    return used


def unseen(concluded: Conclusion, known: GridState, top: int) -> dict[str, object]:
    """What only forecasts determine: the trusted measurements on the concluded positions, asked alone."""
    good, diagnosis = concluded.admitted.good, concluded.diagnosis
    positions = diagnosis.after.layout.network.state if diagnosis else positions_of(known.model, good, known)
    trusted = np.ones(len(good), dtype=bool)
    for removed in diagnosis.cleaned.removed if diagnosis else ():
        trusted[[i for i in removed.measurements if i < len(good)]] = False
    found = observability(layout_of(network_of(positions), good.where(trusted), True))
    missing = [m.words for m in found.missing]
    row = UnseenRow(
        buses=found.unobservable_buses[:top],
        buses_total=found.unobservable_bus_count,
        islands=len(found.islands),
        missing=tuple(missing[:top]),
        missing_total=len(missing),
    )
    return {"unseen": row}


def critical(shown: Estimate) -> dict[str, object]:
    """Meters whose error nobody could see, and those in which only a large one would show."""
    metered = shown.measurements.source != Source.FORECAST
    rows = np.flatnonzero(shown.critical & metered)
    weak = np.flatnonzero(~shown.critical & metered & (np.nan_to_num(shown.least_visible) > _WEAK_SIGMAS))
    found = CriticalRow(
        total=len(rows),
        examples=tuple(_meter(shown, int(i)) for i in rows[:_EXAMPLES]),
        weak_total=len(weak),
        weak_sigmas=_WEAK_SIGMAS,
        weak_examples=tuple(_meter(shown, int(i)) for i in weak[:_EXAMPLES]),
    )
    return {"critical": found}


def residuals(shown: Estimate, top: int) -> dict[str, object]:
    """Measurements in the estimate, the largest normalised residual first."""
    size = np.nan_to_num(shown.normalised_residuals)
    order = np.argsort(-size, kind="stable")[: min(top, int(np.sum(_used(shown))))]
    rows = [(int(i), shown.suspect(int(i))) for i in order]
    table = tuple(
        ResidualRow(
            element=s.element,
            quantity=SPECS[s.quantity].words,
            meter=meter_words(s.quantity, s.element),
            measured=s.measured,
            estimated=s.estimated,
            unit=s.unit,
            normalised_residual=s.normalised_residual,
            source=Source(int(shown.measurements.source[i])).name.lower(),
        )
        for i, s in rows
    )
    return {"residuals": table, "residuals_total": int(np.sum(_used(shown)))}


def voltages(shown: Estimate, top: int) -> dict[str, object]:
    """Estimated beside measured, for the buses where a voltage is measured."""
    given, place = shown.measurements, shown.layout.network.place_of_bus
    rows = np.flatnonzero((given.quantity == Quantity.V) & np.isfinite(shown.estimated))
    bus = given.element[rows]
    variance = node_covariance(shown.layout, shown.rows, shown.theta, shown.vm)[:, 1, 1]
    sigma = np.sqrt(np.maximum(variance[shown.layout.order[place[bus]]], 0.0))
    difference = given.value[rows] - shown.vm_pu[bus]
    order = np.argsort(-np.abs(difference) / given.sigma[rows], kind="stable")[:top]
    table = tuple(
        VoltageEstimateRow(
            element=str(shown.model.buses.name[bus[i]]),
            vm_pu=float(shown.vm_pu[bus[i]]),
            va_degree=float(shown.va_degree[bus[i]]),
            sigma_pu=float(sigma[i]),
            measured_pu=float(given.value[rows[i]]),
            measured_sigma_pu=float(given.sigma[rows[i]]),
            difference_pu=float(difference[i]),
        )
        for i in order
    )
    return {"voltages": table, "voltages_total": len(rows)}


def _meter(shown: Estimate, index: int) -> str:
    given: MeasurementSet = shown.measurements
    row = given.row(shown.model, index)
    return meter_words(row.quantity, str(row.element))
