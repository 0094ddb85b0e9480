"""The grid before any outage, ready for the kernels: its matrix factorised once."""

from typing import NamedTuple

import numpy as np

from grid_models.cascade.dc_factor import Pattern, pattern_of
from grid_models.cascade.dc_grid import CascadeGrid
from grid_models.cascade.dc_islands import Net, parts_left
from grid_models.cascade.dc_matrix import Base, Matrix, factorised
from grid_models.twin.model import FloatArray


class Prepared(NamedTuple):
    net: Net
    pattern: Pattern
    base: Base


def prepared(grid: CascadeGrid, rating_factor: float) -> Prepared:
    """Raises InvalidCascade for a factor that is not positive."""
    net = _net(grid, grid.trips_above_mw(rating_factor))
    pattern = pattern_of(grid.free, net.from_node, net.to_node)
    return Prepared(net, pattern, _base(grid, net, pattern))


def _net(grid: CascadeGrid, above_mw: FloatArray) -> Net:
    angle = np.concatenate([np.zeros(grid.free), grid.held_rad])
    start = grid.susceptance_mw * (angle[grid.from_node] - angle[grid.to_node] - grid.shift_rad)
    return Net(
        from_node=grid.from_node,
        to_node=grid.to_node,
        susceptance_mw=grid.susceptance_mw,
        start_mw=start,
        above_mw=above_mw,
        generation_mw=grid.generation_mw,
        demand_mw=grid.demand_mw,
        load_mw=grid.load_mw,
        held_rad=grid.held_rad,
    )


def _base(grid: CascadeGrid, net: Net, pattern: Pattern) -> Base:
    status = np.zeros(len(grid.branch), dtype=np.int64)
    arriving, leaving = (np.bincount(ends, net.start_mw, grid.nodes).astype(np.float64) for ends in (net.to_node, net.from_node))
    known = arriving - leaving
    value, pivot = np.zeros(len(pattern.row)), np.zeros(grid.free)
    diagonal, upper = np.zeros(grid.free), np.zeros(len(pattern.upper_row))
    matrix = Matrix(value, pivot, diagonal, upper, np.zeros(grid.free), known, np.zeros(grid.nodes))
    factorised(net, pattern, status, matrix)
    return Base(value, pivot, known, parts_left(net, status, np.zeros(grid.nodes, dtype=np.int64), 0))
