"""The same estimate where the normal equations lose too many digits: Hachtel's augmented form, which never squares the Jacobian.

[R H; Hᵀ 0] with R the variances, zero for exact rows, factorised by SuperLU with pivoting (Gjelsvik, Aam and Holten, Hachtel's augmented
matrix method, IEEE Trans. PAS-104, 1985). Rows are scaled to length 1 and the variances to 1 at most, so that a very sure row turns into an
exact one and not into a huge number. Slower than the normal equations by about a factor of ten.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import block_array, csc_array, csr_array, diags_array
from scipy.sparse.linalg import SuperLU, splu

from grid_models.estimation.codes import ANGLE, CURRENT, CURRENT_ANGLE
from grid_models.estimation.derivative_matrix import derivative_matrix, unknowns_of
from grid_models.estimation.equations_kernel import Rows
from grid_models.estimation.layout import Layout
from grid_models.estimation.newton_kernel import CONVERGED, SINGULAR, STEPS_USED_UP
from grid_models.twin.model import FloatArray

_LONGEST = 0.6  # rad and pu: largest change of one step, as in `newton_kernel.py`
_STIR = 1e-2  # rad: a flat start is stirred so far where currents are measured, as they have no direction there
_SETTLED = 1e-3  # rad and pu: change below which currents count in full
_AT_ONCE = 256  # right-hand sides solved together


@dataclass(frozen=True, eq=False)
class Iterated:
    """outcome: as of `newton_kernel.py`."""

    outcome: int
    steps: int
    theta: FloatArray
    vm: FloatArray
    expected: FloatArray
    j: float
    method: Literal["normal", "augmented"] = "augmented"


def augmented_gauss_newton(
    layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray, *, flat: bool, huber: float, steps: int, tolerance: float
) -> Iterated:
    """Iterate from the given voltages; flat: they know nothing.  huber: residuals beyond so many deviations weigh less (0: never)."""
    theta, vm, largest = theta.copy(), vm.copy(), np.inf
    current = rows.code >= CURRENT
    slack = 1.0 if flat and current.any() else 0.0
    if slack:
        theta += np.random.default_rng(0).normal(0.0, _STIR, len(theta)) * ~layout.reference
    unknowns = unknowns_of(layout)
    for step in range(steps):
        matrix, expected = derivative_matrix(layout, rows, theta, vm)
        residual = residuals(rows, expected)
        used = rows.weight > 0
        objective = float(np.sum((rows.weight * residual**2)[used & ~rows.exact]))
        broken = np.abs(residual[used & rows.exact]).max(initial=0.0)
        if largest < tolerance and broken < tolerance:
            return Iterated(CONVERGED, step, theta, vm, expected, objective)
        variance = variances(rows, residual, huber) + np.where(current, slack, 0.0)
        try:
            change = _System(matrix[used], variance[used]).step(residual[used])
        except RuntimeError:  # SuperLU: exactly singular
            return Iterated(SINGULAR, step, theta, vm, expected, objective)
        largest = float(np.abs(change).max(initial=0.0))
        if not np.isfinite(largest):
            return Iterated(SINGULAR, step, theta, vm, expected, objective)
        slack = min(slack, largest**2) if largest > _SETTLED else 0.0
        both = np.zeros(2 * len(theta))
        both[unknowns] = min(1.0, _LONGEST / max(largest, _LONGEST)) * change
        theta, vm = theta + both[: len(theta)], np.maximum(vm + both[len(theta) :], 0.05)
    return Iterated(STEPS_USED_UP, steps, theta, vm, expected, np.inf)


def augmented_explained(layout: Layout, rows: Rows, theta: FloatArray, vm: FloatArray) -> FloatArray:
    """(rows,) variance of what every row should read [pu²], those not in use too: one solution a row, so slow on large grids."""
    matrix, _ = derivative_matrix(layout, rows, theta, vm)
    used = rows.weight > 0
    return _System(matrix[used], variances(rows, np.zeros(len(rows.code)), 0.0)[used]).explained(matrix)


def residuals(rows: Rows, expected: FloatArray) -> FloatArray:
    """(rows,) read less expected, angles between -π and π."""
    residual = rows.z - expected
    turns = np.isin(rows.code, (ANGLE, CURRENT_ANGLE))
    return np.where(turns, residual - 2 * np.pi * np.round(residual / (2 * np.pi)), residual)


def variances(rows: Rows, residual: FloatArray, huber: float) -> FloatArray:
    """(rows,) [pu²] zero for exact rows, larger by Huber for those far away."""
    variance = np.divide(1.0, rows.weight, out=np.zeros(len(rows.weight)), where=(rows.weight > 0) & ~rows.exact)
    if huber == 0.0:
        return variance
    far = np.abs(residual) * np.sqrt(np.where(rows.exact, 0.0, rows.weight))
    return variance * np.maximum(far / huber, 1.0)


class _System:
    """One augmented matrix, factorised. Raises RuntimeError where it is exactly singular."""

    def __init__(self, matrix: csr_array, variance: FloatArray) -> None:
        length = np.sqrt(np.asarray((matrix**2).sum(axis=1)).ravel())
        self._by = 1.0 / np.where(length > 0, length, 1.0)
        spread = variance * self._by**2
        self._most = max(float(spread.max(initial=0.0)), np.finfo(float).tiny)
        self._spread = spread / self._most
        self._rows, unknowns = matrix.shape
        scaled = diags_array(self._by) @ matrix
        self._matrix = csc_array(block_array([[diags_array(self._spread), scaled], [scaled.T, csc_array((unknowns, unknowns))]]))
        self._factors: SuperLU = splu(self._matrix)

    def step(self, residual: FloatArray) -> FloatArray:
        """(unknowns,) the change that explains the residuals best."""
        right = np.concatenate([self._by * residual, np.zeros(self._matrix.shape[0] - self._rows)])
        return self._solve(right)[self._rows :]

    def explained(self, matrix: csr_array) -> FloatArray:
        """(rows,) h G⁻¹ hᵀ of each row of a matrix: what it changes by when it pulls at the unknowns itself."""
        found = np.empty(matrix.shape[0])
        for first in range(0, len(found), _AT_ONCE):
            some = matrix[first : first + _AT_ONCE]
            right = np.zeros((self._matrix.shape[0], some.shape[0]))
            right[self._rows :] = some.T.toarray()
            change = self._solve(right)[self._rows :]
            found[first : first + _AT_ONCE] = -np.asarray(some.multiply(change.T).sum(axis=1)).ravel()
        return found * self._most

    def _solve(self, right: FloatArray) -> FloatArray:
        """With one step of refinement."""
        found = self._factors.solve(right)
        return np.asarray(found + self._factors.solve(right - self._matrix @ found), dtype=np.float64)
