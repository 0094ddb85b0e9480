"""Which angles follow from the lines left and the islands' injections? The matrix of one cascade, kept up with its trips; compiled."""

from typing import NamedTuple

from grid_models.cascade.dc_factor import Pattern, factorise, solve, take_out
from grid_models.cascade.dc_islands import OUT, TIE, Islands, Net
from grid_models.compiled import compiled_finite, compiled_within
from grid_models.twin.model import FloatArray, IntArray

_ANEW = 12  # unknowns per tripped line at which a new factorisation is cheaper than one change for each (measured on 118 and 2,869 buses)


class Base(NamedTuple):
    """The grid before any outage. known_mw: (nodes,) what fixed angles and phase shifts inject.  parts: connected parts."""

    value: FloatArray
    pivot: FloatArray
    known_mw: FloatArray
    parts: int


class Matrix(NamedTuple):
    """The matrix of one cascade as it is now, and room to work. angle: (nodes,)."""

    value: FloatArray
    pivot: FloatArray
    diagonal: FloatArray
    upper: FloatArray
    work: FloatArray
    known_mw: FloatArray
    angle: FloatArray


@compiled_within
def follow(net: Net, pattern: Pattern, status: IntArray, matrix: Matrix, trips: IntArray) -> None:
    """Take the tripped lines out of the matrix but for the ties, one by one where they are few."""
    sound = len(trips) * _ANEW < len(matrix.pivot)
    for line in trips:
        if status[line] == TIE:
            continue
        one, other, start = net.from_node[line], net.to_node[line], net.start_mw[line]
        status[line] = OUT
        matrix.known_mw[one] += start
        matrix.known_mw[other] -= start
        if sound:
            sound = take_out(pattern, matrix.value, matrix.pivot, matrix.work, one, other, net.susceptance_mw[line])
    if not sound:
        factorised(net, pattern, status, matrix)


@compiled_finite
def factorised(net: Net, pattern: Pattern, status: IntArray, matrix: Matrix) -> None:
    """Factorise the matrix of all lines but those taken out."""
    free = len(matrix.pivot)
    matrix.diagonal[:] = 0.0
    matrix.upper[:] = 0.0
    for line in range(len(status)):
        one, other, b = net.from_node[line], net.to_node[line], net.susceptance_mw[line]
        if status[line] == OUT or one == other:
            continue
        if one < free:
            matrix.diagonal[one] += b
        if other < free:
            matrix.diagonal[other] += b
        if pattern.entry[line] >= 0:
            matrix.upper[pattern.entry[line]] -= b
    factorise(pattern, matrix.diagonal, matrix.upper, matrix.value, matrix.pivot, matrix.work)


@compiled_within
def solve_angles(net: Net, pattern: Pattern, islands: Islands, matrix: Matrix) -> None:
    free = len(matrix.pivot)
    for node in range(free):
        matrix.angle[node] = islands.injection_mw[node] + matrix.known_mw[node]
    matrix.angle[free:] = 0.0  # their angles are in `start_mw` already
    solve(pattern, matrix.value, matrix.pivot, matrix.angle)
