"""The Jacobian of all rows as a sparse matrix, for what needs more than the gain matrix."""

import numpy as np
from scipy.sparse import csr_array

from grid_models.estimation.equations_kernel import Rows, derivatives
from grid_models.estimation.layout import Layout
from grid_models.twin.model import FloatArray, IntArray


def derivative_matrix(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> tuple[csr_array, FloatArray]:
    """H (rows, unknowns) and h (rows,) at given voltages [pu, radians]; the unknowns are those of `unknowns_of`."""
    row, column, kept = _places(layout)
    by_angle, by_vm, expected = np.empty(len(row)), np.empty(len(row)), np.empty(len(rows.code))
    derivatives(layout.sites, rows, theta, vm, by_angle, by_vm, expected)
    count = len(theta)
    both = np.concatenate([column, count + column])
    full = csr_array((np.concatenate([by_angle, by_vm]), (np.concatenate([row, row]), both)), shape=(len(rows.code), 2 * count))
    return csr_array(full[:, kept]), expected


def unknowns_of(layout: Layout) -> IntArray:
    """Numbers of the unknowns among all angles, then all magnitudes, in the layout's order: references are none."""
    return np.concatenate([np.flatnonzero(~layout.reference), len(layout.order) + np.arange(len(layout.order))])


def _places(layout: Layout) -> tuple[IntArray, IntArray, IntArray]:
    """Row and node of every derivative in the kernel's order, and the unknowns."""
    sites = layout.sites
    site_of_row = np.repeat(np.arange(len(sites.own)), np.diff(sites.row_start))
    size = np.diff(sites.start)[site_of_row]
    row = np.repeat(np.arange(len(site_of_row)), size)
    within = np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size)
    return row, sites.node[sites.start[site_of_row[row]] + within], unknowns_of(layout)
