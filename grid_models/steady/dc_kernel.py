"""The compiled inner loops of the DC model: many solves with one factorisation, and the flows they mean."""

import numpy as np

from grid_models.compiled import compiled_finite
from grid_models.twin.model import FloatArray, IntArray


@compiled_finite
def solve_many(
    l_start: IntArray, l_row: IntArray, l_value: FloatArray, u_start: IntArray, u_row: IntArray, u_value: FloatArray, block: FloatArray
) -> None:
    """Solve L U x = b in place for all columns of `block` (rows, cases). L: unit lower, U: upper, both by columns with sorted rows."""
    size, cases = block.shape
    for column in range(size):
        for at in range(l_start[column], l_start[column + 1]):
            row, value = l_row[at], l_value[at]
            if row > column:
                for case in range(cases):
                    block[row, case] -= value * block[column, case]
    for column in range(size - 1, -1, -1):
        diagonal = 1.0 / u_value[u_start[column + 1] - 1]
        for case in range(cases):
            block[column, case] *= diagonal
        for at in range(u_start[column], u_start[column + 1] - 1):
            row, value = u_row[at], u_value[at]
            for case in range(cases):
                block[row, case] -= value * block[column, case]


@compiled_finite
def flows_of_angles(angle: FloatArray, from_row: IntArray, to_row: IntArray, susceptance: FloatArray, out: FloatArray) -> None:
    """out[case, column] = susceptance · (angle[from] − angle[to]); angle: (rows, cases)."""
    for column in range(len(susceptance)):
        f, t, b = from_row[column], to_row[column], susceptance[column]
        for case in range(angle.shape[1]):
            out[case, column] = b * (angle[f, case] - angle[t, case])


def warm_up() -> None:
    """Compile the kernels, or read them from the cache on disk."""
    start, row = np.array([0, 1], dtype=np.int64), np.zeros(1, dtype=np.int64)
    block, out = np.ones((1, 1)), np.zeros((1, 1))
    solve_many(start, row, np.ones(1), start, row, np.ones(1), block)
    flows_of_angles(block, row, row, np.ones(1), out)
