"""Can all exact rows hold at once? Two values for one quantity never can; rows that follow from each other leave no solution to compute."""

import numpy as np

from grid_models.estimation.derivative_matrix import derivative_matrix
from grid_models.estimation.equations_kernel import Rows
from grid_models.estimation.layout import Layout
from grid_models.telemetry.measurement_set import MeasurementSet

_SAME = 1e-8  # pu and rad: as near as constraints are met
_MOST = 500  # exact rows whose rank is asked for densely, some 50 ms


def said_differently(layout: Layout, rows: Rows, measurements: MeasurementSet) -> str:
    """A sentence where exact rows give one quantity two values; empty where none do."""
    repeats = np.flatnonzero(layout.exact & (layout.saddle.node < 0))
    table = layout.table
    for row in repeats:
        first = int(np.flatnonzero(layout.exact & (table.site == table.site[row]) & (table.code == table.code[row]))[0])
        if abs(rows.z[row] - rows.z[first]) > _SAME:
            named = table.entry_measurement[(table.entry_row == row) | (table.entry_row == first)]
            what = measurements.row(layout.network.model, int(named[0])).words()
            return f"Exact values for the {what} contradict each other; one of them, or standard deviations above zero, would work."
    return ""


def dependent(layout: Layout, rows: Rows) -> str:
    """A sentence where exact rows follow from, or contradict, each other; empty where they do not, or are too many to ask."""
    held = np.flatnonzero(rows.exact & (rows.weight > 0))
    if not 1 < len(held) <= _MOST:
        return ""
    matrix, _ = derivative_matrix(layout, rows, *layout.start)
    missing = len(held) - int(np.linalg.matrix_rank(matrix[held].toarray()))
    if not missing:
        return ""
    return (
        f"{missing} of its {len(held)} exact values follow from the others or contradict them; "
        "a standard deviation above zero for one of them would help."
    )
